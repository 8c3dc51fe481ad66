import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './harness/inBrowser';

/** The page that compares, by role and name. */
inBrowser('two things beside each other', pages => {
  const open = (scenario: string): Promise<Page> => pages.open({ page: 'compare', scenario });
  /** What the three maps say of the cell that they point at. */
  const cells = (page: Page): Promise<string[]> =>
    page.locator('tensor-heatmap [role="status"]').allInnerTexts();
  const verdict = (page: Page): Promise<string> => page.locator('.compare-verdict').innerText();

  test('have a verdict, which follows the tolerance', async () => {
    const page = await open('images');
    await expect.poll(() => verdict(page)).toContain('Out of tolerance: of 384 pairs');
    expect(await page.locator('.figures').innerText()).toMatch(/max \|a − b\|\s+3 at \[1,2,5,6\]/);
    const rtol = page.getByRole('textbox', { name: 'rtol' });
    await rtol.fill('oops');
    await rtol.press('Enter');
    const atol = page.getByRole('textbox', { name: 'atol' });
    await atol.fill('4');
    await atol.press('Enter');
    await expect
      .poll(() => verdict(page))
      .toContain('Within tolerance: all 384 pairs have |a − b| ≤ 4 + 1e-5·|b|.');
    await page.reload();
    await expect.poll(() => verdict(page)).toContain('Within tolerance');
    await page.close();
  });

  test('are drawn with their difference, and one selection', async () => {
    const page = await open('images');
    // The worst pair is what is looked at first.
    await expect.poll(() => cells(page)).toHaveLength(3);
    await expect.poll(async () => (await cells(page))[2]).toMatch(/axis 2: 5.*axis 3: 6: -3/);
    const worst = page.getByRole('row').filter({ has: page.locator('.action-link') });
    expect(await worst.count()).toBe(20);
    const next = worst.nth(1).getByRole('button');
    const [, row, column] = /(\d+), (\d+)\]$/.exec(await next.innerText()) ?? [];
    await next.click();
    await expect
      .poll(async () => (await cells(page))[0])
      .toMatch(new RegExp(`axis 2: ${row}.*axis 3: ${column}`));
    await expect.poll(() => worst.nth(1).getAttribute('aria-current')).toBe('true');
    // A key in one map moves the cursor of all.
    const maps = page.getByRole('application');
    await maps.nth(1).focus();
    await page.keyboard.press('Home');
    const before = await cells(page);
    await page.keyboard.press('ArrowDown');
    await expect.poll(async () => (await cells(page))[2]).not.toBe(before[2]);
    expect(new Set((await cells(page)).map(text => /axis 2: \d+/.exec(text)?.[0])).size).toBe(1);
    await page.close();
  });

  test('speak with one voice: that of the map that had the focus last', async () => {
    const page = await open('images');
    const live = (): Promise<(string | null)[]> =>
      page
        .locator('tensor-heatmap [role="status"]')
        .evaluateAll(all => all.map(one => one.getAttribute('aria-live')));
    await expect.poll(live).toEqual(['polite', 'off', 'off']);
    await page.getByRole('application').nth(2).focus();
    await expect.poll(live).toEqual(['off', 'off', 'polite']);
    await page.getByRole('textbox', { name: 'rtol' }).focus();
    expect(await live()).toEqual(['off', 'off', 'polite']);
    await page.close();
  });

  test('whose shapes differ are not broadcast, which is said', async () => {
    const page = await open('shapes');
    await expect
      .poll(() => page.getByRole('alert').innerText())
      .toContain('A is [1,2], and B is [2]: only tensors of one shape are compared');
    await page.close();
  });

  test('with NaN say whether that is equal', async () => {
    const page = await open('nan');
    await expect.poll(() => verdict(page)).toContain('1 pair of NaN do not count as equal.');
    await page.getByRole('checkbox', { name: 'NaN equals NaN' }).click();
    await expect.poll(() => verdict(page)).toContain('1 pair of NaN count as equal.');
    expect(await page.locator('.figures').innerText()).toContain('opposite ones');
    await page.close();
  });

  test('as layers have their parameters by channel, of which those in view are sent', async () => {
    const page = await open('layers');
    const table = page.getByRole('table', { name: /^Parameters by channel/ });
    await expect.poll(() => table.getByRole('row').nth(1).innerText()).toMatch(/^700\s/);
    const posted = await page.evaluate(() => JSON.stringify(window.compare.posted));
    expect(posted).toContain('{"start":0,"count":64}');
    await table.evaluate(element => element.scrollTo({ top: element.scrollHeight }));
    await expect.poll(() => table.getByText('999', { exact: true }).count()).toBe(1);
    expect(await table.getByRole('row').count()).toBeLessThan(80);
    const layers = await page.locator('.compare-layers').innerText();
    expect(layers).toContain('moving mean: out of tolerance, by 5 at most');
    expect(layers).toContain('Momentum is 0.99 in A (Keras 3');
    await page.close();
  });

  test('read well in every theme', async () => {
    for (const theme of ['light', 'dark', 'high-contrast', 'high-contrast-light'] as const) {
      const page = await pages.open({ page: 'compare', scenario: 'images', theme, height: 1600 });
      await expect.poll(() => cells(page)).toHaveLength(3);
      expect(await page.locator('.figures dd').count()).toBe(7);
      await page.close();
    }
  });
});
