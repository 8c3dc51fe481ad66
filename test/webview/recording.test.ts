import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './harness/inBrowser';

const line = (step: number, layer: string, values: readonly number[]): string =>
  `${JSON.stringify({ step, layer, convention: 'pytorch', movingMean: values, batchMean: values })}\n`;

/** The page of a recording, by role and name. */
inBrowser('the page of a recording', pages => {
  const write = (page: Page, text: string): Promise<void> =>
    page.evaluate(written => window.recording.write(written), text);

  const first = line(0, 'bn1', [1, 2]) + line(0, 'bn2', [3, 4, 5]) + line(10, 'bn1', [6, 7]);

  test('lists the layers and draws one, and follows the file', async () => {
    const page = await pages.open({ page: 'recording' });
    await page.getByText('No line of a recording is in this file yet.').waitFor();
    await write(page, `${first}oops\n`);
    const layers = page.getByRole('table', { name: 'Layers' });
    await expect.poll(() => layers.getByRole('row').count()).toBe(3);
    expect(await page.getByRole('status').first().innerText()).toBe('3 lines of 2 layers');
    await page.getByText('1 line was left out: line 4, it is not JSON on one line.').waitFor();
    const numbers = page.getByRole('table', { name: 'Numbers of channel 0' });
    await expect.poll(() => numbers.getByRole('row').count()).toBe(3);
    await write(page, `${first}oops\n${line(20, 'bn1', [8, 9])}`);
    await expect.poll(() => numbers.getByRole('row').count()).toBe(4);
    await page.close();
  });

  test('shows another layer and channel, and keeps them over a reload', async () => {
    const page = await pages.open({ page: 'recording' });
    await write(page, first);
    await page.getByRole('button', { name: 'bn2' }).click();
    const channel = page.getByRole('textbox', { name: 'Channel' });
    await channel.fill('2');
    await channel.press('Enter');
    const numbers = page.getByRole('table', { name: 'Numbers of channel 2' });
    await expect.poll(() => numbers.innerText()).toContain('5');
    await channel.fill('3');
    await channel.press('Enter');
    await expect.poll(() => page.getByRole('alert').innerText()).toContain('channels 0 to 2');
    await page.reload();
    await write(page, first);
    await numbers.waitFor();
    const restored = await page.evaluate(() => sessionStorage.getItem('state'));
    expect(JSON.parse(restored ?? '')).toMatchObject({
      restore: { uri: 'file:///workspace/logs/run.jsonl' },
      layer: 'bn2',
      channel: 2,
    });
    await page.close();
  });

  test('asks for a place in the inspection', async () => {
    const page = await pages.open({ page: 'recording' });
    await write(page, first);
    await page.getByRole('button', { name: 'Add to inspection' }).click();
    await page.getByRole('button', { name: 'Open as text' }).click();
    await expect
      .poll(() => page.evaluate(() => window.recording.requests))
      .toEqual([{ kind: 'addToInspection', layer: 'bn1' }, { kind: 'openAsText' }]);
    await page.close();
  });

  test.each([320, 900])('at %i pixels the page does not scroll sideways', async width => {
    const page = await pages.open({ page: 'recording', width });
    await write(page, first);
    await page.getByRole('figure').first().waitFor();
    const overflow = (): Promise<number> =>
      page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    await expect.poll(overflow).toBeLessThanOrEqual(0);
    await page.close();
  });
});
