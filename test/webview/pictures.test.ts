import type { Locator, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { inBrowser } from './harness/inBrowser';

/** The pictures below the channels, by role and name. */
inBrowser('the pictures', pages => {
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

  describe('the slice', () => {
    const status = (page: Page): Promise<string[]> =>
      page.getByRole('status').filter({ hasText: /^H / }).allInnerTexts();
    const field = (page: Page): Locator =>
      page.getByRole('textbox', { name: 'Slice, as NumPy writes it' });

    async function type(page: Page, text: string): Promise<void> {
      await field(page).fill(text);
      await field(page).press('Enter');
    }

    test('text and axes stay in step, and what is wrong is marked', async () => {
      const page = await pages.open({ scenario: 'images' });
      await openPicture(page, 'Slice');
      expect(await field(page).inputValue()).toBe('x[0, :, :, 0]');
      await page.getByLabel('Draw N as').selectOption('facets');
      await expect.poll(() => field(page).inputValue()).toBe('x[:, :, :, 0]');
      const facets = page.getByRole('group', { name: 'Small pictures of the input' });
      await facets.getByRole('button', { name: 'N 4' }).click();
      await expect
        .poll(() => facets.getByRole('button', { name: 'N 4' }).getAttribute('aria-pressed'))
        .toBe('true');
      await type(page, 'x[5, ::2, 50, -1]');
      await expect.poll(() => page.getByLabel('Draw H as').inputValue()).toBe('columns');
      // The channel of the slice is the selected one.
      await expect.poll(() => field(page).inputValue()).toBe('x[5, ::2, 50, 2]');
      await type(page, 'x[5, 99, 50, 2]');
      const alert = page.getByRole('tabpanel').getByRole('alert');
      await expect
        .poll(() => alert.innerText())
        .toContain('Axis 1 has size 40, and 99 is not in it');
      expect(await alert.locator('mark').innerText()).toBe('99');
      expect(await page.getByLabel('Draw H as').inputValue()).toBe('columns');
      await page.close();
    });

    test('keys move over the cells and select one, in both pictures at once', async () => {
      const page = await pages.open({ scenario: 'images' });
      await openPicture(page, 'Slice');
      await type(page, 'x[1, :, :, 0]');
      const map = page.getByRole('application', { name: /^input x\[1, :, :, 0\]/ });
      await map.focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      // sin((2 + 7) / 4) + cos((1 − 3) / 5)
      await expect.poll(() => status(page)).toHaveLength(2);
      await expect.poll(async () => (await status(page))[0]).toBe('H 1, W 2: 1.6991');
      expect((await status(page))[1]).toMatch(/^H 1, W 2: NaN/);
      await page.keyboard.press('Enter');
      const element = page.getByRole('group', { name: 'Element' });
      await expect.poll(() => element.getByLabel(/^W index/).inputValue()).toBe('2');
      expect(await element.getByLabel(/^H index/).inputValue()).toBe('1');
      for (let i = 0; i < 8; i++) await page.keyboard.press('+');
      await expect.poll(async () => (await status(page))[0]).toBe('H 1, W 2: 1.6991');
      await page.close();
    });

    test('cells are asked for before the host is told of the view, and of many views the last', async () => {
      const page = await pages.open({ scenario: 'images', delay: 30 });
      await openPicture(page, 'Slice');
      await expect.poll(() => status(page)).toHaveLength(2);
      const before = await page.evaluate(() => window.harness.posted.length);
      await page
        .getByRole('slider', { name: 'Position of N' })
        .evaluate((slider: HTMLInputElement) => {
          for (const position of [1, 2, 3]) {
            slider.value = String(position);
            slider.dispatchEvent(new Event('input'));
          }
        });
      const made = (): Promise<string[]> =>
        page.evaluate(
          start =>
            window.harness.posted
              .slice(start)
              .flatMap(message => (message as { batch?: object[] }).batch ?? [message])
              .map(call => JSON.stringify(call))
              .filter(call => /"sliceCells"|"setPicture"/.test(call)),
          before,
        );
      await expect.poll(async () => (await made()).at(-1)).toContain('"at":3');
      const calls = (await made()).map(call => /sliceCells|setPicture/.exec(call)?.[0]);
      expect(calls.filter(call => call === 'setPicture')).toHaveLength(1);
      expect(calls.slice(0, 2)).toEqual(['sliceCells', 'sliceCells']);
      await page.close();
    });

    test('the table has the values of the picture, and says what it leaves out', async () => {
      const page = await pages.open({ scenario: 'images' });
      const picture = await openPicture(page, 'Slice');
      await picture.getByText('As a table').click();
      const table = picture.getByRole('table').first();
      await expect.poll(() => table.getByRole('row').nth(1).innerText()).toContain('NaN');
      await expect
        .poll(async () => (await table.getByRole('row').nth(2).innerText()).split('\t').slice(0, 2))
        .toEqual(['H 1', '0.9801']);
      expect(await picture.innerText()).toContain(
        '24 of 40 rows and 46 of 56 columns are left out',
      );
      await page.close();
    });

    test('a vector, a constant and an empty range are drawn as what they are', async () => {
      const page = await pages.open();
      const picture = await openPicture(page, 'Slice');
      await type(page, 'x[0, 0, :, 0]');
      await expect.poll(() => picture.innerText()).toContain('W 0: ');
      await type(page, 'x[0, 0:0]');
      await expect.poll(() => picture.innerText()).toContain('This slice is empty.');
      await type(page, 'x[0, 0, 0, 3]');
      await expect.poll(() => picture.innerText()).toContain('all values are the same');
      await page.close();
    });
  });

  describe('the distribution', () => {
    const status = (page: Page): Promise<string> =>
      page.getByRole('tabpanel').getByRole('status').last().innerText();

    test('counts input and output in the same bins, by keyboard too', async () => {
      const page = await pages.open();
      const picture = await openPicture(page, 'Distribution');
      const chart = picture.getByRole('group', { name: /^Histogram/ });
      await chart.focus();
      await page.keyboard.press('Home');
      await expect.poll(() => status(page)).toMatch(/^below -?[\d.]+: input 0, output 0$/);
      // The seed's channel 0 holds 4, 7, 2 and 0, and after the step about -1.5 to 3.9: four values each.
      await picture.getByText('As a table').click();
      const rows = await picture.getByRole('row').allInnerTexts();
      const total = (column: number): number =>
        rows.slice(1).reduce((sum, row) => sum + Number(row.split('\t')[column]), 0);
      expect(rows).toHaveLength(1 + 34);
      expect([total(1), total(2)]).toEqual([4, 4]);
      await picture.getByRole('combobox', { name: 'Values' }).click();
      await page.getByRole('option', { name: 'whole tensor' }).click();
      await expect
        .poll(async () => {
          const all = await picture.getByRole('row').allInnerTexts();
          return all.slice(1).reduce((sum, row) => sum + Number(row.split('\t')[1]), 0);
        })
        .toBe(16);
      await page.close();
    });

    test('says what is not on its axis', async () => {
      const page = await pages.open({ scenario: 'special' });
      const picture = await openPicture(page, 'Distribution');
      await picture.getByRole('combobox', { name: 'Values' }).click();
      await page.getByRole('option', { name: 'whole tensor' }).click();
      await expect
        .poll(() => picture.innerText())
        .toContain('Not on the axis, of the input: 1 NaN, 1 +∞.');
      await page.close();
    });
  });
});
