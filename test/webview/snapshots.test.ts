import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './harness/inBrowser';

const folder = path.resolve(import.meta.dirname, 'snapshots');
/** Part of the pixels that may differ by more than `channelTolerance` of 255: edges fall differently by a fraction. */
const pixelTolerance = 0.002;
const channelTolerance = 8;

/**
 * Drawings of deterministic data, committed so that a change of how they look is a diff that somebody sees: SVG as text, its
 * pixels to a tenth; PNG by its pixels. `vitest -u` writes the SVG anew, and a PNG that is not there is written.
 */
inBrowser('drawings', pages => {
  async function open(scenario: string, tab: string): Promise<Page> {
    const page = await pages.open({ scenario, width: 1000 });
    await page.getByRole('tab', { name: tab }).click();
    await page.getByRole('tabpanel', { name: tab }).waitFor();
    return page;
  }

  test('the histograms of the seed', async () => {
    const page = await open('seed', 'Distribution');
    const chart = page.locator('svg.distribution-chart');
    await chart.waitFor();
    // Its box has been measured.
    await expect.poll(() => chart.getAttribute('width')).not.toBe('640');
    const text = await chart.evaluate(svg => svg.outerHTML.replace(/<!--.*?-->/g, ''));
    const lines = text.replace(/\s+/g, ' ').replaceAll('> <', '>\n<').replaceAll('><', '>\n<');
    await expect(`${lines}\n`).toMatchFileSnapshot('snapshots/distribution.svg');
    await page.close();
  });

  test.each([
    { name: 'slice', slice: 'x[2, :, :, 1]' },
    // A NaN and an infinity, by glyph as well as colour.
    { name: 'slice-special', slice: 'x[0, :8, :8, 0]' },
  ])('the heatmap of $slice', async ({ name, slice }) => {
    const page = await open('images', 'Slice');
    const field = page.getByRole('textbox', { name: 'Slice, as NumPy writes it' });
    await field.fill(slice);
    await field.press('Enter');
    await expect.poll(() => page.locator('.map figcaption').first().innerText()).toContain(slice);
    await page.waitForTimeout(500);
    const canvas = page.locator('tensor-heatmap canvas').first();
    const drawn = await canvas.evaluate((element: HTMLCanvasElement) => element.toDataURL());
    const file = path.join(folder, `${name}.png`);
    if (!existsSync(file)) {
      writeFileSync(file, Buffer.from(drawn.split(',')[1] ?? '', 'base64'));
    }
    const committed = `data:image/png;base64,${readFileSync(file).toString('base64')}`;
    const compared = await comparePixels(page, drawn, committed);
    expect(compared.size).toBe(compared.committedSize);
    expect(compared.different).toBeLessThanOrEqual(pixelTolerance);
    await page.close();
  });
});

/** Which part of the pixels differ. On a page of its own: the panel's policy allows it no images. */
async function comparePixels(
  panel: Page,
  drawn: string,
  committed: string,
): Promise<{ size: string; committedSize: string; different: number }> {
  const page = await panel.context().browser()?.newPage();
  if (!page) throw new Error('the browser is gone');
  const result = await page.evaluate(
    async ([a, b, tolerance]) => {
      const pixels = async (url: string): Promise<ImageData> => {
        const bitmap = await createImageBitmap(await (await fetch(url)).blob());
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context2d = canvas.getContext('2d');
        if (!context2d) throw new Error('no canvas');
        context2d.drawImage(bitmap, 0, 0);
        return context2d.getImageData(0, 0, bitmap.width, bitmap.height);
      };
      const [first, second] = [await pixels(a), await pixels(b)];
      let different = 0;
      for (let i = 0; i < first.data.length; i += 4) {
        const apart = [0, 1, 2, 3].some(
          c => Math.abs((first.data[i + c] ?? 0) - (second.data[i + c] ?? 0)) > tolerance,
        );
        if (apart) different++;
      }
      return {
        size: `${first.width}×${first.height}`,
        committedSize: `${second.width}×${second.height}`,
        different: different / (first.data.length / 4),
      };
    },
    [drawn, committed, channelTolerance] as const,
  );
  await page.close();
  return result;
}
