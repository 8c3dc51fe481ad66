import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './harness/inBrowser';

/** The page of a series, by role and name. */
inBrowser('the page of a series', pages => {
  const articles = (page: Page): Promise<number> => page.getByRole('article').count();

  test('says what went bad first, and draws that layer first', async () => {
    const page = await pages.open({ page: 'series' });
    const verdict = page.getByRole('region', { name: 'What went bad first' });
    await expect
      .poll(() => verdict.innerText())
      .toContain('bn19 went bad first, from step 7 on: non-finite-statistics.');
    const first = page.getByRole('article').first();
    expect(await first.getAttribute('aria-label')).toBe('bn19: error');
    await first.getByRole('group', { name: 'Chart of the moving variance of bn19' }).waitFor();
    await first.locator('summary', { hasText: 'non-finite-statistics' }).click();
    expect(await first.innerText()).toContain('channel 1');
    await page.close();
  });

  test('draws more layers when asked, and as many after a reload', async () => {
    const page = await pages.open({ page: 'series' });
    await expect.poll(() => articles(page)).toBe(8);
    await page.getByText('12 more layers.').waitFor();
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => articles(page)).toBe(16);
    await page.reload();
    await expect.poll(() => articles(page)).toBe(16);
    await page.getByRole('button', { name: 'Show more' }).click();
    await expect.poll(() => articles(page)).toBe(20);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
    await page.close();
  });

  test('says how far reading is, and shows what was read when it is stopped', async () => {
    const page = await pages.open({ page: 'series', hold: true });
    const status = page.getByRole('status');
    await expect.poll(() => status.innerText()).toContain('Reading step-5.pt (4 of 12)…');
    await page.getByRole('button', { name: 'Stop' }).click();
    await page.evaluate(() => window.series.proceed());
    await page.getByText('Stopped after 4 of 12 checkpoints').waitFor();
    await page.getByText('3 checkpoints, and 1 left out').waitFor();
    await page.getByRole('button', { name: 'Read again' }).click();
    await page.getByText('11 checkpoints, and 1 left out').waitFor();
    await page.close();
  });

  test('opens a checkpoint, and says why one is left out', async () => {
    const page = await pages.open({ page: 'series' });
    const leftOut = page.getByRole('list', { name: 'Left out' });
    await expect.poll(() => leftOut.innerText()).toBe('step-3.pt It is cut.');
    await page.getByText('11 checkpoints, and 1 left out').click();
    const rows = page.getByRole('table', { name: 'Checkpoints' }).getByRole('row');
    await expect.poll(() => rows.last().innerText()).toMatch(/left out\s+step-3\.pt\s+It is cut\./);
    await page.getByRole('button', { name: 'step-7.pt' }).click();
    await page.getByRole('button', { name: 'step-3.pt' }).click();
    await expect
      .poll(() => page.evaluate(() => window.series.opened))
      .toEqual(['step-7.pt', 'step-3.pt']);
    await page.close();
  });

  test.each([320, 900])('at %i pixels the page does not scroll sideways', async width => {
    const page = await pages.open({ page: 'series', width });
    await page.getByRole('figure').first().waitFor();
    const overflow = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await expect.poll(overflow).toBeLessThanOrEqual(0);
    await page.close();
  });
});
