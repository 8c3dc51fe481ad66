import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { browserMissing, findBrowser, openPages, type Pages } from './harness/pages';

const executable = findBrowser();
if (executable === undefined) console.warn(browserMissing);

/** The pictures below the channels, by role and name. */
describe.runIf(executable)('the pictures', { timeout: 60_000 }, () => {
  let pages: Pages;
  beforeAll(async () => {
    pages = await openPages(executable ?? '');
  }, 60_000);
  afterAll(() => pages.close());
  afterEach(() => {
    expect(pages.takeErrors()).toEqual([]);
  });

  async function openPicture(page: Page, name: string): Promise<Locator> {
    await page.getByRole('tab', { name }).click();
    const picture = page.getByRole('tabpanel', { name });
    await picture.waitFor();
    return picture;
  }

  async function chooseLoss(page: Page, name: string): Promise<void> {
    await page.getByRole('combobox', { name: 'Loss' }).click();
    await page.getByRole('option', { name }).click();
  }

  test('gradients follow the flags and the selected channel', async () => {
    const page = await pages.open();
    const picture = await openPicture(page, 'Gradients');
    await chooseLoss(page, 'sum of the outputs');
    // The seed's channel 1 has gamma 2 and four values: a loss that sums the outputs gives beta 4.
    const row = picture.getByRole('row').filter({
      has: page.getByRole('button', { name: '1', exact: true }),
    });
    await expect.poll(() => row.innerText()).toMatch(/^1\s+\S+\s+4\s/);
    expect(await picture.innerText()).toContain('its gradient goes through them too');
    await page.getByRole('switch', { name: 'training', exact: true }).click();
    await expect.poll(() => picture.innerText()).toContain('are constants');
    // Through the moving statistics the gradient is gamma/√(1 + 0.001) = 1.9990008.
    await expect.poll(() => picture.innerText()).toContain('gradient of x = 1.9990008');
    await row.getByRole('button').click();
    await expect.poll(() => row.getAttribute('aria-current')).toBe('true');
    await page.close();
  });

  test('a seed that is none is refused in words, and the numbers stay', async () => {
    const page = await pages.open();
    const picture = await openPicture(page, 'Gradients');
    const seed = picture.getByRole('textbox', { name: 'Seed of the random weights' });
    await seed.fill('1.5');
    await seed.press('Enter');
    await expect.poll(() => picture.getByRole('alert').innerText()).toContain('is not a seed');
    expect(await picture.getByRole('row').count()).toBe(5);
    await page.close();
  });
});
