import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './harness/inBrowser';

/** The channel grid, by role and name, in a real browser. */
inBrowser('the channel grid', pages => {
  const grid = (page: Page): Locator => page.getByRole('grid', { name: 'Channels' });
  const row = (page: Page, rowIndex: number): Locator =>
    grid(page).locator(`[role=row][aria-rowindex="${rowIndex}"]`);
  const columns = ['channel', 'gamma', 'beta', 'batch mean', 'batch variance', 'moving mean'];
  const cell = (page: Page, rowIndex: number, column: string): Locator =>
    row(page, rowIndex).locator(`[aria-colindex="${columns.indexOf(column) + 1}"]`);
  const focused = (page: Page): Promise<string> =>
    page.evaluate(() => {
      const { activeElement } = document;
      const at = activeElement?.closest('[role=row]')?.getAttribute('aria-rowindex') ?? '-';
      return `${at},${activeElement?.getAttribute('aria-colindex') ?? '-'}`;
    });

  test('says how large it is, and holds the rows of the seed', async () => {
    const page = await pages.open();
    await expect.poll(() => grid(page).getAttribute('aria-rowcount')).toBe('5');
    expect(await grid(page).getAttribute('aria-colcount')).toBe('10');
    expect(await cell(page, 2, 'batch mean').innerText()).toBe('3.25');
    expect(await cell(page, 3, 'moving mean').innerText()).toContain('0.03499997');
    expect(await cell(page, 5, 'channel').innerText()).toBe('3');
    // The flags compared print a statistic with the digits that its row has.
    await cell(page, 3, 'moving mean').click();
    const compared = page.getByRole('table', { name: 'Flags compared' });
    await expect.poll(() => compared.innerText()).toContain('0.03499997');
    await page.close();
  });

  test('a gamma is edited in place, marked, and undone', async () => {
    const page = await pages.open();
    await cell(page, 3, 'gamma').dblclick();
    const editor = page.getByRole('textbox', { name: 'gamma of channel 1' });
    await editor.fill('3');
    await editor.press('Enter');
    await expect.poll(() => cell(page, 3, 'gamma').innerText()).toMatch(/^edited\s+3$/);
    expect(await cell(page, 2, 'gamma').innerText()).toBe('2');
    expect(await focused(page)).toBe('3,2');
    await page.getByRole('button', { name: 'Undo gamma of channel 1' }).click();
    await expect.poll(() => cell(page, 3, 'gamma').innerText()).toBe('2');
    await page.close();
  });

  test('typing over a cell edits it; Escape leaves it; Control and Enter sets all channels', async () => {
    const page = await pages.open();
    await cell(page, 2, 'beta').click();
    await page.keyboard.type('7');
    const editor = page.getByRole('textbox', { name: 'beta of channel 0' });
    expect(await editor.inputValue()).toBe('7');
    await page.keyboard.press('Escape');
    expect(await editor.count()).toBe(0);
    expect(await cell(page, 2, 'beta').innerText()).toBe('1');
    await page.keyboard.type('-1.5');
    await page.keyboard.press('Control+Enter');
    for (const rowIndex of [2, 3, 4, 5]) {
      await expect.poll(() => cell(page, rowIndex, 'beta').innerText()).toContain('-1.5');
    }
    await page.close();
  });

  test('what is no number is refused in place, and NaN is one', async () => {
    const page = await pages.open();
    await cell(page, 2, 'moving mean').click();
    await page.keyboard.press('F2');
    const editor = page.getByRole('textbox', { name: 'moving mean of channel 0' });
    await editor.fill('nine');
    await editor.press('Enter');
    expect(await editor.getAttribute('aria-invalid')).toBe('true');
    expect(await page.getByRole('alert').innerText()).toContain('"nine" is not a number');
    await editor.fill('nan');
    await editor.press('Enter');
    await expect.poll(() => cell(page, 2, 'moving mean').innerText()).toContain('NaN');
    await page.close();
  });

  test('moves by keys as a grid does, with one tab stop, and selects as it goes', async () => {
    const page = await pages.open({ scenario: 'many' });
    await cell(page, 2, 'channel').click();
    const walk: readonly (readonly [string, string])[] = [
      ['ArrowDown', '3,1'],
      ['ArrowRight', '3,2'],
      ['End', '3,10'],
      ['Home', '3,1'],
      ['ArrowUp', '2,1'],
      ['ArrowUp', '1,1'],
      ['ArrowDown', '2,1'],
      ['Control+End', '4097,10'],
      ['ArrowDown', '4097,10'],
      ['Control+Home', '2,1'],
    ];
    for (const [key, at] of walk) {
      await page.keyboard.press(key);
      await expect.poll(() => focused(page), { message: key }).toBe(at);
    }
    await page.keyboard.press('PageDown');
    await expect.poll(async () => Number((await focused(page)).split(',')[0])).toBeGreaterThan(12);
    expect(await grid(page).locator('[tabindex="0"]').count()).toBe(1);
    const at = Number((await focused(page)).split(',')[0]);
    await expect.poll(() => row(page, at).getAttribute('aria-selected')).toBe('true');
    await expect
      .poll(() => page.getByRole('figure', { name: /by the rules/ }).innerText())
      .toContain(`Channel ${at - 2} by the rules`);
    await page.close();
  });

  test('stays where the keys went while an earlier selection is on its way', async () => {
    const page = await pages.open({ scenario: 'many', delay: 150 });
    await cell(page, 2, 'channel').click();
    await expect.poll(() => focused(page)).toBe('2,1');
    // The state that the arrow asks for comes while the rows at the end are still awaited.
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Control+End');
    const places = new Set<string>();
    const figure = page.getByRole('figure', { name: /by the rules/ });
    await expect
      .poll(async () => {
        places.add(await focused(page));
        return figure.innerText();
      })
      .toContain('Channel 4095 by the rules');
    expect([...places]).toEqual(['4097,10']);
    await page.close();
  });

  test('sorts by a head, by click and by key', async () => {
    const page = await pages.open();
    const head = page.getByRole('columnheader', { name: 'batch mean' });
    await head.click();
    await expect.poll(() => head.getAttribute('aria-sort')).toBe('ascending');
    const means = async (): Promise<string[]> =>
      Promise.all([2, 3, 4, 5].map(i => cell(page, i, 'batch mean').innerText()));
    await expect.poll(means).toEqual(['2.75', '3.25', '3.5', '6.5']);
    await page.keyboard.press('Enter');
    await expect.poll(means).toEqual(['6.5', '3.5', '3.25', '2.75']);
    expect(await head.getAttribute('aria-sort')).toBe('descending');
    await page.close();
  });

  test('filters, says how many pass, and what it cannot read', async () => {
    const page = await pages.open({ scenario: 'many' });
    const filter = page.getByRole('textbox', { name: 'Filter channels' });
    await filter.fill('10-12');
    await expect.poll(() => grid(page).getAttribute('aria-rowcount')).toBe('4');
    await expect.poll(() => cell(page, 2, 'channel').innerText()).toBe('10');
    expect(await page.getByRole('status').allInnerTexts()).toContain('3 of 4,096 channels');
    await filter.fill('drift>');
    await expect.poll(() => page.getByRole('alert').count()).toBe(1);
    expect(await filter.inputValue()).toBe('drift>');
    await filter.fill('');
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    expect(await grid(page).getAttribute('aria-rowcount')).toBe('4097');
    await page.close();
  });

  test('4,096 channels scroll with few rows in the page, and no row stays empty', async () => {
    const page = await pages.open({ scenario: 'many', delay: 15 });
    await expect.poll(() => row(page, 2).count()).toBe(1);
    for (const part of [0.2, 0.5, 0.501, 0.9, 1]) {
      await grid(page).evaluate((element, to) => {
        element.scrollTop = element.scrollHeight * to;
      }, part);
      await expect.poll(() => grid(page).locator('.placeholder').count()).toBe(0);
      expect(await grid(page).getByRole('row').count()).toBeLessThan(80);
    }
    await expect.poll(() => cell(page, 4097, 'channel').innerText()).toBe('4095');
    // A new preview leaves the rows on screen where they are.
    await page.getByRole('switch', { name: 'training' }).click();
    expect(await cell(page, 4097, 'channel').innerText()).toBe('4095');
    await expect.poll(() => cell(page, 4097, 'moving mean').innerText()).toContain('→');
    expect(await grid(page).locator('.placeholder').count()).toBe(0);
    await page.close();
  });

  test('the channels of a finding lead to their row', async () => {
    const page = await pages.open({ scenario: 'many' });
    const findings = page.getByRole('region', { name: 'Findings' });
    await findings.getByRole('button', { name: '678', exact: true }).click();
    await expect.poll(() => row(page, 680).getAttribute('aria-selected')).toBe('true');
    const visible = await row(page, 680).evaluate(element => {
      const box = element.closest('[role=grid]')?.getBoundingClientRect();
      const { top, bottom } = element.getBoundingClientRect();
      return box !== undefined && top >= box.top && bottom <= box.bottom + 1;
    });
    expect(visible).toBe(true);
    await page.close();
  });

  test('a finding opens to its evidence, without a pointer too', async () => {
    const page = await pages.open({ scenario: 'many' });
    const findings = page.getByRole('region', { name: 'Findings' });
    const summary = findings.locator('summary').first();
    const evidence = findings.locator('.evidence').first();
    expect(await evidence.locator('dl').isVisible()).toBe(false);
    await summary.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => evidence.locator('dl').isVisible()).toBe(true);
    expect(await evidence.locator('dd').first().innerText()).not.toBe('');
    await page.close();
  });

  test('where one was is there again after a reload', async () => {
    const page = await pages.open({ scenario: 'many' });
    await cell(page, 2, 'channel').click();
    await grid(page).evaluate(element => {
      element.scrollTop = 28 * 1000;
    });
    await expect.poll(() => cell(page, 1010, 'gamma').count()).toBe(1);
    await cell(page, 1010, 'gamma').click();
    await page.waitForTimeout(300);
    await page.reload();
    await expect.poll(() => cell(page, 1010, 'gamma').count()).toBe(1);
    const top = await grid(page).evaluate(element => element.scrollTop);
    expect(Math.abs(top - 28 * 1000)).toBeLessThan(28);
    const saved: unknown = await page.evaluate(
      () => JSON.parse(sessionStorage.getItem('state') ?? 'null') as unknown,
    );
    expect(saved).toMatchObject({ restore: { id: expect.any(String) as string } });
    await page.close();
  });
});
