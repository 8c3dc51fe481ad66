import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './harness/inBrowser';

const recorded = (step: number, mean: number): string =>
  `${JSON.stringify({ step, layer: 'bn1', n: 64, batchMean: [mean, 0, 0, 0], movingMean: [mean / 2, 0, 0, 0], movingVariance: [1, 1, 1, 1] })}\n`;

/** The moving statistics over the steps, by role and name. */
inBrowser('the picture of the steps', pages => {
  async function open(): Promise<{ page: Page; picture: Locator }> {
    const page = await pages.open();
    await page.getByRole('tab', { name: 'Over steps' }).click();
    const picture = page.getByRole('tabpanel', { name: 'Over steps' });
    await picture.getByRole('figure').first().waitFor();
    return { page, picture };
  }

  const chart = (picture: Locator, statistic: string): Locator =>
    picture.getByRole('group', { name: `Chart of the moving ${statistic}` });

  test('says after how many steps the statistics are near, at each momentum', async () => {
    const { page, picture } = await open();
    expect(await picture.innerText()).toContain(
      'both are half way after 69 steps, within 1 % after 459.',
    );
    const table = picture.getByRole('table', { name: 'More steps until' });
    const rows = await table.getByRole('row').allInnerTexts();
    expect(rows.slice(1).map(row => row.split(/\t|\n/).filter(text => text !== ''))).toEqual([
      ['momentum 0.99, as it is', '69', '459'],
      ['momentum 0.9', '7', '44'],
      ['momentum 0.999', '693', '4,603'],
    ]);
    await page.getByRole('switch', { name: 'training', exact: true }).click();
    await expect.poll(() => picture.innerText()).toContain('stay as they are, because');
    await page.close();
  });

  test('draws the same picture as before', async () => {
    const { page, picture } = await open();
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await page.getByRole('button', { name: 'Run 10 steps' }).click();
    await expect.poll(() => chart(picture, 'mean').locator('.point').count()).toBe(3);
    const drawn = await chart(picture, 'mean').evaluate(svg => svg.outerHTML);
    const lines = drawn.replace(/<!--.*?-->/g, '').replace(/\s*\n\s*/g, ' ');
    await expect(lines.replace(/></g, '>\n<')).toMatchFileSnapshot('snapshots/steps.svg');
    await page.close();
  });

  test('compares other momenta, and refuses what is none', async () => {
    const { page, picture } = await open();
    const field = picture.getByRole('textbox', { name: 'Momenta to compare' });
    await field.fill('0.5');
    await field.press('Enter');
    const table = picture.getByRole('table', { name: 'More steps until' });
    await expect.poll(() => table.getByRole('row').count()).toBe(3);
    expect(await table.innerText()).toContain('momentum 0.5');
    await field.fill('0.5, fast');
    await field.press('Enter');
    await expect.poll(() => picture.getByRole('alert').innerText()).toContain('no list of momenta');
    await page.close();
  });

  test('arrow keys go along the steps taken, and Enter goes to one', async () => {
    const { page, picture } = await open();
    const taken = page.getByRole('group', { name: 'Steps' }).getByRole('status');
    await page.getByRole('button', { name: 'Step', exact: true }).click();
    await page.getByRole('button', { name: 'Run 10 steps' }).click();
    const points = chart(picture, 'mean').getByRole('button');
    await expect.poll(() => points.count()).toBe(3);
    await points.nth(2).focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await expect.poll(() => taken.innerText()).toContain('0 steps taken');
    // What was undone stays on the line, and can be gone to.
    expect(await points.count()).toBe(3);
    await points.nth(2).click();
    await expect.poll(() => taken.innerText()).toContain('11 steps taken');
    await expect.poll(() => points.nth(2).getAttribute('aria-current')).toBe('step');
    await page.close();
  });

  test('draws a recording on the same axes, and follows it while it grows', async () => {
    const { page, picture } = await open();
    await page.evaluate(
      async text => {
        window.harness.setRecording(text);
        await window.harness.drawRecording('bn1');
      },
      `${recorded(0, 1)}oops\n${recorded(600, 2)}`,
    );
    const last = picture.getByRole('table', { name: 'Last recorded numbers' });
    await expect.poll(() => last.innerText()).toContain('600');
    expect(await picture.getByRole('list', { name: 'Recordings' }).innerText()).toContain(
      '1 line was left out: line 2, it is not JSON on one line.',
    );
    const line = chart(picture, 'mean').locator('path.recorded-1:not(.recorded-batch)');
    const before = await line.getAttribute('d');
    await page.evaluate(
      text => window.harness.setRecording(text),
      `${recorded(0, 1)}oops\n${recorded(600, 2)}${recorded(900, 3)}`,
    );
    await expect.poll(() => last.innerText()).toContain('900');
    expect(await line.getAttribute('d')).not.toBe(before);
    await picture.getByRole('checkbox', { name: 'only as far as' }).click();
    await expect.poll(() => line.getAttribute('d')).not.toContain('L');
    await picture.getByRole('button', { name: 'Remove bn1 in run.jsonl' }).click();
    await expect.poll(() => line.count()).toBe(0);
    await page.close();
  });

  test.each([400, 900])('at %i pixels the page does not scroll sideways', async width => {
    const { page } = await open();
    await page.setViewportSize({ width, height: 900 });
    const overflow = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await expect.poll(overflow).toBeLessThanOrEqual(0);
    await page.close();
  });
});
