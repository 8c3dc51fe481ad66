import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { batchNormFile, safetensorsFile } from '../suite/safetensors';
import { FilePage } from './filePage';
import { inspectFile } from './openSample';
import { Workbench } from './workbench';

const patience = { timeout: 20_000 };

describe('comparing', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1600 });
    const values = Array.from({ length: 64 }, (_, i) => Math.sin(i));
    const other = values.map((x, i) => (i === 42 ? x + 2 : x + 1e-3));
    const write = (name: string, all: readonly number[]): void =>
      writeFileSync(join(workbench.folder, name), safetensorsFile([['x', [8, 8], all]]));
    write('before.safetensors', values);
    write('after.safetensors', other);
    writeFileSync(join(workbench.folder, 'epoch1.safetensors'), batchNormFile([1, 2]));
    writeFileSync(join(workbench.folder, 'epoch2.safetensors'), batchNormFile([1, 5]));
  });
  afterAll(() => workbench.close());
  afterEach(() => workbench.runCommand('View: Close All Editors'));

  /** Chooses an entry of a row's menu. */
  async function chooseOnRow(
    file: string,
    entry: string,
    kind: 'tensor' | 'layer' = 'tensor',
  ): Promise<void> {
    await workbench.openFile(file);
    const page = new FilePage(await workbench.pageWith('.tensor-file'));
    const row = await page.find(kind, kind === 'tensor' ? 'x' : 'bn');
    const item = workbench.page.getByRole('menuitem', { name: entry });
    await row.click({ button: 'right' });
    await item.waitFor();
    // VS Code takes no click in a menu's first tenth of a second, and leaves the menu open.
    await expect
      .poll(async () => {
        if (await item.isVisible()) await item.click({ timeout: 2_000 }).catch(() => undefined);
        return item.isVisible();
      }, patience)
      .toBe(false);
  }

  const verdict = (page: FrameLocator): Locator => page.locator('.compare-verdict').first();
  /** What each of the three maps says of the cell that it points at. */
  const cells = (page: FrameLocator): Promise<string[]> =>
    page.locator('tensor-heatmap [role="status"]').allInnerTexts();

  it('two tensors: select, compare, set the tolerance, select an element in all maps, reload', async () => {
    await chooseOnRow('before.safetensors', 'Select Tensor for Compare');
    await workbench.runCommand('View: Close All Editors');
    await chooseOnRow('after.safetensors', 'Compare Tensor with Selected');
    const page = await workbench.pageWith('.compare');
    await expect
      .poll(() => verdict(page).innerText(), patience)
      .toContain('Out of tolerance: of 64 pairs, 64 do not have');
    await expect
      .poll(async () => (await cells(page))[2], patience)
      .toMatch(/axis 0: 5, axis 1: 2: -2/);

    const atol = page.getByRole('textbox', { name: 'atol' });
    await atol.fill('0.01');
    await atol.press('Enter');
    await expect
      .poll(() => verdict(page).innerText(), patience)
      .toContain('of 64 pairs, 1 do not have |a − b| ≤ 0.01');
    const worst = page
      .getByRole('row')
      .filter({ has: page.locator('.action-link') })
      .nth(1);
    const [, row, column] = /(\d+), (\d+)/.exec(await worst.innerText()) ?? [];
    await worst.getByRole('button').click();
    for (const map of [0, 1, 2]) {
      await expect
        .poll(async () => (await cells(page))[map], patience)
        .toContain(`axis 0: ${row}, axis 1: ${column}:`);
    }
    await workbench.screenshot('compare');
    await workbench.reload();
    const again = await workbench.pageWith('.compare');
    await expect.poll(() => verdict(again).innerText(), patience).toContain('≤ 0.01');
    await expect
      .poll(async () => (await cells(again))[0], patience)
      .toContain(`axis 0: ${row}, axis 1: ${column}:`);
  });

  it('two layers, by their parameters and over one input', async () => {
    await chooseOnRow('epoch1.safetensors', 'Select Tensor for Compare', 'layer');
    await workbench.runCommand('View: Close All Editors');
    await chooseOnRow('epoch2.safetensors', 'Compare Tensor with Selected', 'layer');
    const page = await workbench.pageWith('.compare');
    const layers = page.locator('.compare-layers');
    await expect
      .poll(() => layers.innerText(), patience)
      .toContain('moving mean: out of tolerance, by 3 at most');
    expect(await layers.getByRole('row').nth(1).innerText()).toMatch(/^1\s/);
    expect(await page.locator('.sides').innerText()).toMatch(
      /training off.*It is run over the input of A/s,
    );
    // The outputs of channel 1 differ by 3/√(1 + 1e-5).
    expect(await page.locator('.figures').first().innerText()).toContain('2.99999');
  });

  it('an inspection with itself under other flags', async () => {
    await inspectFile(workbench, 'seed.bn.json');
    await workbench.runCommand('Normscope: Compare Flags or Conventions…');
    await workbench.pick('The output with training off, trainable on');
    const page = await workbench.pageWith('.compare');
    await expect.poll(() => verdict(page).innerText(), patience).toContain('Out of tolerance');
    const sides = await page.locator('.sides').innerText();
    expect(sides).toMatch(/training off.*training on/s);
  });
});
