import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../hosts/places.mjs';
import { sidewaysScroll, themes } from './appearances';
import { Workbench } from './workbench';

const { '13-folding': folding } = JSON.parse(
  readFileSync(join(root, 'test/fixtures/confusions/expected.json'), 'utf8'),
) as { readonly '13-folding': Readonly<Record<FoldNumber, number>> };
type FoldNumber = 'channel' | 'biasFound' | 'biasExact' | 'outputChange';

const patience = { timeout: 20_000 };
describe('two checkpoints', () => {
  let workbench: Workbench;
  let page: FrameLocator;

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1600, height: 1100 });
    cpSync(join(root, 'test/fixtures/porting'), join(workbench.folder, 'a-porting'), {
      recursive: true,
    });
  });
  afterAll(() => workbench.close());

  const rows = (): Locator => page.getByRole('table', { name: 'Pairs of layers' }).getByRole('row');
  const verdict = (): Locator => page.locator('.compare-verdict');

  async function compareFiles(a: string, b: string): Promise<void> {
    await workbench.runCommand('Normscope: Compare Checkpoints…');
    for (const [side, file] of [
      ['A, such as the original', a],
      ['B, made from A', b],
    ] as const) {
      await workbench.answerFile(`Compare Checkpoints: ${side}`, join(workbench.folder, file));
    }
  }

  it('selected in the Explorer: pairs by value, and the difference with its channel', async () => {
    // A menu has no entries of ours before the extension is known.
    await workbench.prepareCommand('Normscope: Compare Checkpoints…');
    await workbench.page.keyboard.press('Escape');
    const file = (name: string): Locator =>
      workbench.page.getByRole('treeitem', { name, exact: true });
    await file('a-porting').click();
    const entry = workbench.page.getByRole('menuitem', { name: 'Compare Checkpoints…' });
    const opened = workbench.page.getByRole('tab', { name: /^original\.keras/ });
    // What was clicked is selected once more when it has opened, which ends the selection of two.
    await file('original.keras').click();
    await opened.waitFor();
    await expect
      .poll(async () => {
        await workbench.page.waitForTimeout(500);
        await file('original.keras').click();
        await file('swapped.pt').click({ modifiers: ['ControlOrMeta'] });
        await file('swapped.pt').click({ button: 'right' });
        await workbench.page.waitForTimeout(500);
        if (await entry.isVisible()) return true;
        await workbench.page.keyboard.press('Escape');
        return false;
      }, patience)
      .toBe(true);
    await expect
      .poll(async () => {
        if (await entry.isVisible()) await entry.click({ timeout: 2_000 }).catch(() => undefined);
        return entry.isVisible();
      }, patience)
      .toBe(false);
    page = await workbench.pageWith('.file-pairs');
    await expect
      .poll(() => page.locator('.sides').innerText(), patience)
      .toMatch(/original\.keras/);
    await expect
      .poll(() => verdict().innerText(), patience)
      .toMatch(/Of 7 pairs of layers 7 have parameters out of tolerance\. Outputs differ most/);
    const findings = page.getByRole('listitem');
    expect(await findings.first().innerText()).toMatch(
      /B's moving means are A's moving variances.*swapped.*all 7 pairs/s,
    );
    await findings.first().getByText('Evidence of statistics-swapped').click();
    expect(await findings.first().getByRole('table').innerText()).toMatch(/output change/);
    expect(await rows().nth(1).innerText()).toMatch(
      /^batch_normalization_\d\s+(blocks|shortcuts)\S+\s+value\s/,
    );
    await workbench.screenshot('compared-files-swapped');
    await workbench.runCommand('View: Close Editor');
  });

  it('chosen one after the other, as whole files', async () => {
    await compareFiles('a-porting/original.keras', 'a-porting/ported.pt');
    page = await workbench.pageWith('.file-pairs');
    await expect
      .poll(() => verdict().innerText(), patience)
      .toContain(
        'Of 7 pairs of layers 7 have equal parameters. Outputs differ most in channel 4 of batch_normalization_3, by up to 0.00128 in inference.',
      );
    expect(await rows().nth(1).innerText()).toMatch(
      /^batch_normalization_3\s+blocks\.1\.bn1\s+value\s+0\s+0\s+0\s+0\s+0\.00128\S* channel 4\s+= equal/,
    );
    await page.getByRole('checkbox', { name: 'Those that differ most first' }).click();
    await expect
      .poll(() => rows().nth(1).innerText(), patience)
      .toMatch(/^batch_normalization_1\s/);
    await workbench.screenshot('compared-files');
  });

  it('opens a pair channel by channel', async () => {
    await rows().nth(1).getByRole('button').press('Enter');
    const pair = await workbench.pageWith('.compare-layers');
    await expect
      .poll(() => pair.locator('.sides').innerText(), patience)
      .toMatch(/batch_normalization_1.*blocks\.0\.bn1/s);
    await workbench.runCommand('View: Close Editor');
    page = await workbench.pageWith('.file-pairs');
  });

  it('confusion 13, folding: the term that is missing, its channel and the fix', async () => {
    cpSync(join(root, 'test/fixtures/confusions'), join(workbench.folder, 'confusions'), {
      recursive: true,
    });
    const open = async (wrong: string): Promise<FrameLocator> => {
      await compareFiles('confusions/13-original.pt', `confusions/${wrong}`);
      return workbench.pageWith('.file-pairs');
    };
    page = await open('13-bias-not-scaled.pt');
    const { channel, biasFound, biasExact, outputChange } = folding;
    const finding = page.getByRole('listitem').first();
    await expect
      .poll(() => finding.innerText(), patience)
      .toMatch(
        /^bn1 of A is folded into conv1\.weight of B wrongly in all 4 channels: the bias of the layer before was not multiplied by the scale\./,
      );
    expect(await finding.innerText()).toContain('the bias goes through the batch norm');
    await finding.getByText('Evidence of fold-error').click();
    const worst = await finding.getByRole('table').getByRole('row').nth(1).innerText();
    const [first, change, found, exact] = worst.trim().split(/\s+/).map(Number);
    expect(first).toBe(channel);
    expect(change).toBeCloseTo(outputChange, 3);
    expect(found).toBeCloseTo(biasFound, 3);
    expect(exact).toBeCloseTo(biasExact, 3);
    await workbench.screenshot('confusion-13-folding');
    await workbench.runCommand('View: Close Editor');
    page = await open('13-folded.pt');
    await expect
      .poll(() => verdict().innerText(), patience)
      .toMatch(/1 layer of A is folded into weights of B\.$/);
    expect(await rows().nth(1).innerText()).toMatch(
      /^bn1\s+–\s+folded into conv1\.weight\s.*folded$/s,
    );
    await workbench.runCommand('View: Close Editor');
    page = await workbench.pageWith('.file-pairs');
  });

  it('copies a report', async () => {
    await page.getByRole('button', { name: 'Copy report' }).click();
    await workbench.page.getByText('The report is on the clipboard').waitFor();
  });

  it('swaps them, and sets the tolerance', async () => {
    await page.getByRole('button', { name: 'Swap A and B' }).click();
    await expect
      .poll(() => rows().nth(1).innerText(), patience)
      .toMatch(/^shortcuts\.1\s+batch_normalization_5\s/);
    await page.getByRole('button', { name: 'Swap A and B' }).click();
    await expect
      .poll(() => rows().nth(1).innerText(), patience)
      .toMatch(/^batch_normalization_1\s/);
  });

  it.each(themes)('follows the theme: %s', async name => {
    await workbench.chooseTheme(name);
    await workbench.page.waitForTimeout(300);
    await workbench.screenshot(`compared-files-${name.toLowerCase().replaceAll(' ', '-')}`);
    expect(await sidewaysScroll(page)).toBe(0);
  });

  it('fits half a small window', async () => {
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.resize(640, 1100);
    await expect.poll(() => sidewaysScroll(page), { timeout: 5_000 }).toBe(0);
    await workbench.screenshot('compared-files-half');
    await workbench.resize(1600, 1100);
  });

  it('comes back after a reload of the window', async () => {
    await workbench.reload();
    page = await workbench.pageWith('.file-pairs');
    await expect
      .poll(() => rows().nth(1).innerText(), patience)
      .toMatch(/^batch_normalization_1\s/);
  });
});
