import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { npyExport } from '../../../src/core/export/npy';
import { root } from '../../hosts/places.mjs';
import { FilePage } from './filePage';
import { PanelPage } from './panelPage';
import { Workbench, type ThemeName } from './workbench';

const patience = { timeout: 20_000 };
const shape = [6, 24, 32, 3];

/** Six images of three channels; channel 1 of image 4 is the odd one out. */
function images(): Float32Array {
  return Float32Array.from({ length: 6 * 24 * 32 * 3 }, (_, at) => {
    const [c, x, y, n] = [
      at % 3,
      Math.floor(at / 3) % 32,
      Math.floor(at / 96) % 24,
      Math.floor(at / 2304),
    ];
    const wave = Math.sin((x + 5 * n) / (3 + c)) + Math.cos((y - 2 * n) / (4 + c));
    return wave + (n === 4 && c === 1 ? 8 : 0);
  });
}

const at = (n: number, y: number, x: number, c: number): number =>
  images()[((n * 24 + y) * 32 + x) * 3 + c] as number;

describe('pictures of a stack of images and of a checkpoint layer', () => {
  let workbench: Workbench;
  let panel: PanelPage;

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1700, height: 1300 });
    const tensor = { shape, dtype: 'float32', data: images() } as const;
    const file = npyExport.write({ tensor, text: '', what: '', axisNames: [] });
    writeFileSync(join(workbench.folder, 'stack.npy'), file as Uint8Array);
    cpSync(join(root, 'test/fixtures/formats'), join(workbench.folder, 'formats'), {
      recursive: true,
    });
    panel = await inspect('stack.npy', 'tensor', 'input');
  });
  afterAll(() => workbench.close());

  async function inspect(file: string, kind: 'tensor' | 'layer', name: string): Promise<PanelPage> {
    await workbench.openFile(file);
    const page = new FilePage(await workbench.pageWith('.tensor-file'));
    await (await page.find(kind, name)).click();
    await page.button(kind === 'layer' ? 'Inspect layer' : 'Inspect tensor').click();
    const opened = new PanelPage(await workbench.pageWith('.inspection'));
    await opened.shown();
    return opened;
  }

  const picture = (): Locator => panel.frame.getByRole('tabpanel');
  const sliceField = (): Locator =>
    panel.frame.getByRole('textbox', { name: 'Slice, as NumPy writes it' });
  const status = (of: number): Promise<string> =>
    picture().locator('.heatmap-status').nth(of).innerText();
  const choose = async (label: string, option: string): Promise<void> => {
    await picture().getByRole('combobox', { name: label }).click();
    await panel.frame.getByRole('option', { name: option }).click();
  };

  it('slices by text and by axes, from the palette too', async () => {
    await panel.frame.getByRole('tab', { name: 'Slice' }).click();
    await sliceField().fill('x[4, :, :, 1]');
    await sliceField().press('Enter');
    await expect
      .poll(() => picture().locator('figcaption').first().innerText(), patience)
      .toContain('x[4, :, :, 1]');
    await workbench.runCommand('Normscope: Slice Tensor…');
    await workbench.answer('x[:, ::2, :, 1]');
    await expect.poll(() => sliceField().inputValue(), patience).toBe('x[:, ::2, :, 1]');
    const facets = panel.frame.getByRole('group', { name: 'Small pictures of the input' });
    await expect.poll(() => facets.getByRole('button').count(), patience).toBe(6);
    await facets.getByRole('button', { name: 'N 4' }).click();
    await panel.frame.getByLabel('Draw N as').selectOption('fixed');
    await expect.poll(() => sliceField().inputValue(), patience).toBe('x[4, ::2, :, 1]');
  });

  it('marks what is wrong in a slice, and keeps the picture', async () => {
    await sliceField().fill('x[9, :, :, 1]');
    await sliceField().press('Enter');
    await expect
      .poll(() => picture().getByRole('alert').innerText(), patience)
      .toContain('Axis 0 has size 6, and 9 is not in it');
    expect(await picture().getByRole('alert').locator('mark').innerText()).toBe('9');
    await sliceField().fill('x[4, :, :, 1]');
    await sliceField().press('Enter');
    await picture().getByRole('alert').waitFor({ state: 'detached' });
  });

  it('zooms to the numbers, in input and output at once, and selects an element', async () => {
    const map = picture().getByRole('application', { name: /^input/ });
    await map.focus();
    await workbench.page.keyboard.press('Control+Home');
    for (let step = 0; step < 3; step++) await workbench.page.keyboard.press('ArrowDown');
    for (let step = 0; step < 5; step++) await workbench.page.keyboard.press('ArrowRight');
    for (let step = 0; step < 6; step++) await workbench.page.keyboard.press('+');
    const value = Number(at(4, 3, 5, 1).toPrecision(5));
    await expect.poll(() => status(0), patience).toMatch(/^H 3, W 5: /);
    const [input, output] = [await status(0), await status(1)];
    expect(Number(input.split(': ')[1])).toBeCloseTo(value, 3);
    expect(output).toMatch(/^H 3, W 5: /);
    await workbench.page.keyboard.press('Enter');
    const element = panel.frame.getByRole('group', { name: 'Element' });
    await expect.poll(() => element.getByLabel(/^N index/).inputValue(), patience).toBe('4');
    expect(await element.getByLabel(/^W index/).inputValue()).toBe('5');
    await picture().getByRole('button', { name: 'Show the whole slice' }).click();
  });

  it('changes the scale, and shows the difference', async () => {
    await choose('Scale', 'robust, 1 to 99 %');
    await expect
      .poll(() => picture().locator('.bar-notes').first().innerText(), patience)
      .toContain('values reach from');
    await choose('Tensor', 'output − input');
    await expect.poll(() => picture().locator('tensor-heatmap').count(), patience).toBe(1);
    await expect
      .poll(() => picture().locator('figcaption').first().innerText(), patience)
      .toContain('output − input');
    await workbench.runCommand('Normscope: Choose Tensor of Slice…');
    await workbench.pick('Input and output, side by side');
    await expect.poll(() => picture().locator('tensor-heatmap').count(), patience).toBe(2);
  });

  it('has the slice as a table', async () => {
    await picture().getByText('As a table').click();
    const cell = picture().getByRole('table').first().getByRole('row').nth(4).getByRole('cell');
    await expect
      .poll(async () => Number(await cell.nth(0).innerText()), patience)
      .toBeCloseTo(at(4, 3, 0, 1), 4);
  });

  it('draws the distribution, with its table, in which every value is counted', async () => {
    await panel.frame.getByRole('tab', { name: 'Distribution' }).click();
    await choose('Range', 'all values');
    await picture().getByText('As a table').click();
    const counts = async (column: number): Promise<number> => {
      const rows = await picture().getByRole('row').allInnerTexts();
      return rows
        .slice(1)
        .reduce((sum, row) => sum + Number((row.split('\t')[column] ?? '').replaceAll(',', '')), 0);
    };
    await expect.poll(() => counts(1), patience).toBe(6 * 24 * 32);
    expect(await counts(2)).toBe(6 * 24 * 32);
  });

  it('shows a stack at once: the picture of README.md', async () => {
    await panel.frame.getByRole('tab', { name: 'Slice' }).click();
    await sliceField().fill('x[:, :, :, 1]');
    await sliceField().press('Enter');
    await choose('Scale', 'linear');
    const facets = panel.frame.getByRole('group', { name: 'Small pictures of the output' });
    await expect.poll(() => facets.getByRole('button').count(), patience).toBe(6);
    await facets.getByRole('button', { name: 'N 4' }).click();
    await panel.set('training', true);
    await workbench.chooseTheme('Dark Modern');
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.runCommand('View: Toggle Maximize Editor Group');
    await workbench.resize(1240, 1040);
    // The page beside it is gone, and with it what came before this one.
    panel = new PanelPage(await workbench.pageWith('.inspection'));
    await panel.frame.getByRole('heading', { name: 'Pictures' }).evaluate(heading => {
      heading.scrollIntoView({ block: 'start' });
      // The flags stay at the top of the page.
      window.scrollBy(0, -150);
    });
    await picture().locator('.facet canvas').last().waitFor();
    await workbench.page.waitForTimeout(500);
    await workbench.screenshot('readme-pictures');
    await panel.frame.getByRole('tab', { name: 'Over steps' }).click();
    await picture().locator('svg.chart').first().waitFor();
    await workbench.page.waitForTimeout(500);
    await workbench.screenshot('readme-steps');
    await workbench.runCommand('View: Toggle Maximize Editor Group');
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.resize(1700, 1300);
    panel = new PanelPage(await workbench.pageWith('.inspection'));
    await panel.frame.getByRole('tab', { name: 'Slice' }).click();
    await sliceField().fill('x[4, :, :, 1]');
    await sliceField().press('Enter');
    await expect.poll(() => sliceField().inputValue(), patience).toBe('x[4, :, :, 1]');
  });

  it('saves pictures: charts as SVG or PNG, heatmaps as PNG', async () => {
    const saved = async (tab: string, name: string): Promise<Buffer> => {
      await panel.frame.getByRole('tab', { name: tab }).click();
      await picture().locator('canvas, svg.chart').first().waitFor();
      const target = join(workbench.folder, name);
      await workbench.runCommand('Normscope: Save Picture…');
      await workbench.answerFile('Export to', target);
      await expect
        .poll(() => (existsSync(target) ? readFileSync(target).length : 0), patience)
        .toBeGreaterThan(99);
      return readFileSync(target);
    };
    const svg = (await saved('Distribution', 'bins.svg')).toString();
    const [, width = '', height = ''] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
    const png = await saved('Distribution', 'bins.png');
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    // Width and height stand behind the signature and the name of the first chunk.
    expect(png.readUInt32BE(16)).toBe(2 * Number(width));
    expect(png.readUInt32BE(20)).toBe(2 * Number(height));
    const cells = await saved('Slice', 'cells.png');
    expect(cells.readUInt32BE(16)).toBeGreaterThan(200);
  });

  it('exports a slice that opens again', async () => {
    await panel.frame.getByRole('tab', { name: 'Slice' }).click();
    const target = join(workbench.folder, 'taken.npy');
    await workbench.runCommand('Normscope: Export Slice…');
    await workbench.pick('NumPy array (.npy)');
    await workbench.pick('input');
    await workbench.answerFile('Export to', target);
    await expect.poll(() => existsSync(target), patience).toBe(true);
    await expect.poll(() => readFileSync(target).length, patience).toBe(128 + 24 * 32 * 4);
    await workbench.runCommand('View: Close All Editors');
    panel = await inspect('taken.npy', 'tensor', 'input');
    await expect
      .poll(() => panel.frame.locator('.shape').getAttribute('aria-label'), patience)
      .toMatch(/^shape N 24 by C 32/);
    await panel.frame.getByRole('tab', { name: 'Slice' }).click();
    await picture()
      .getByRole('application', { name: /^input/ })
      .focus();
    await workbench.page.keyboard.press('Control+Home');
    await workbench.page.keyboard.press('ArrowDown');
    await expect
      .poll(async () => Number((await status(0)).split(': ')[1]), patience)
      .toBeCloseTo(at(4, 1, 0, 1), 4);
  });

  it('draws a layer of a checkpoint, in every theme and in half a window', async () => {
    await workbench.runCommand('View: Close All Editors');
    panel = await inspect('model.safetensors', 'layer', 'bn1');
    const themes: readonly ThemeName[] = [
      'Light Modern',
      'Light High Contrast',
      'Dark High Contrast',
      'Dark Modern',
    ];
    for (const tab of ['Slice', 'Distribution', 'Over steps', 'Gradients']) {
      await panel.frame.getByRole('tab', { name: tab }).click();
      await picture().locator('canvas, svg.chart, table').first().waitFor();
      await panel.frame.getByRole('tab', { name: tab }).scrollIntoViewIfNeeded();
      for (const theme of themes) {
        await workbench.chooseTheme(theme);
        const name = `${tab}-${theme}`.toLowerCase().replaceAll(' ', '-');
        await workbench.screenshot(`picture-${name}`);
      }
      await workbench.resize(900, 1000);
      const sideways = (): Promise<number> =>
        panel.frame.locator('html').evaluate(html => html.scrollWidth - html.clientWidth);
      await expect.poll(sideways, patience).toBeLessThanOrEqual(0);
      await picture().scrollIntoViewIfNeeded();
      await workbench.screenshot(`picture-${tab.toLowerCase().replaceAll(' ', '-')}-half`);
      await workbench.resize(1700, 1300);
    }
  });
});
