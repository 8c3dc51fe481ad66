import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRun } from '../suite/trainingRun';
import { sidewaysScroll, themes } from './appearances';
import { Workbench } from './workbench';

const patience = { timeout: 20_000 };
describe('a series of checkpoints', () => {
  let workbench: Workbench;
  let page: FrameLocator;

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1600, height: 1200 });
    writeRun(join(workbench.folder, 'run'));
  });
  afterAll(() => workbench.close());

  const layer = (name: string): Locator =>
    page.getByRole('article', { name: new RegExp(`^${name.replaceAll('.', '\\.')}: `) });

  it('is opened from the menu of a folder, and tells what went bad first', async () => {
    // A menu has no entries of ours before the extension is known.
    await workbench.prepareCommand('Normscope: Open Checkpoints as Series…');
    await workbench.page.keyboard.press('Escape');
    // The folder comes before every file of the samples.
    const row = workbench.page.getByRole('treeitem', { name: 'run', exact: true });
    await row.click({ button: 'right' });
    const entry = workbench.page.getByRole('menuitem', { name: /as Series/ });
    await entry.waitFor();
    await expect
      .poll(async () => {
        if (await entry.isVisible()) await entry.click({ timeout: 2_000 }).catch(() => undefined);
        return entry.isVisible();
      }, patience)
      .toBe(false);
    page = await workbench.pageWith('.series-layer');
    const verdict = page.getByRole('region', { name: 'What went bad first' });
    await expect
      .poll(() => verdict.innerText(), patience)
      .toContain('layer2.0.bn1 went bad first, from step 400 on: non-finite-statistics.');
    expect(await page.locator('header').innerText()).toContain(
      'Ordered by the step in their names',
    );
    const names = await page.getByRole('article').locator('.layer-name').allInnerTexts();
    expect(names.slice(0, 3)).toEqual(['layer2.0.bn1', 'layer2.0.bn2', 'bn1']);
    await workbench.screenshot('series');
  });

  it('lists what is left out, with the reason', async () => {
    const left = await page
      .getByRole('list', { name: 'Left out' })
      .getByRole('listitem')
      .allInnerTexts();
    expect(left).toHaveLength(3);
    expect(left.join('\n')).toMatch(/cut short/);
    expect(left.join('\n')).toMatch(/bn1 has 16 channels in it, and 8 in the others/);
    expect(left.join('\n')).toMatch(/best\.safetensors\s+It was left out: its name has no step/);
  });

  it('draws the four parameters of a layer, and marks where it went bad', async () => {
    const sick = layer('layer2.0.bn1');
    for (const parameter of ['gamma', 'beta', 'moving mean', 'moving variance']) {
      const chart = sick.getByRole('group', { name: `Chart of the ${parameter} of layer2.0.bn1` });
      expect(await chart.locator('path.line.taken').getAttribute('d')).toMatch(/^M.*L/);
    }
    const variance = sick.getByRole('group', { name: 'Chart of the moving variance' });
    expect(await variance.locator('.mark-text').textContent()).toBe('non-finite-statistics');
    expect(await sick.innerText()).toContain('NaN or infinite in 1 channel');
  });

  it('has the numbers as a table, by keyboard', async () => {
    const sick = layer('layer2.0.bn1');
    await sick.locator('summary', { hasText: 'Numbers of' }).focus();
    await workbench.page.keyboard.press('Enter');
    const table = sick.getByRole('table', { name: 'Numbers of layer2.0.bn1' });
    const rows = await table.getByRole('row').allInnerTexts();
    expect(rows).toHaveLength(9);
    expect(rows[3]).toMatch(/^step 300\s+–/);
    expect(rows[4]).toMatch(/^step 400\s+non-finite-statistics.*NaN/s);
    await workbench.screenshot('series-numbers');
    await workbench.page.keyboard.press('Enter');
  });

  it('opens a checkpoint', async () => {
    await page.getByText('8 checkpoints, and 3 left out').click();
    await page.getByRole('button', { name: 'step-400.safetensors' }).click();
    await workbench.pageWith('.tensor-file');
    await workbench.runCommand('View: Close Editor');
    page = await workbench.pageWith('.series-layer');
  });

  it.each(themes)('follows the theme: %s', async name => {
    await workbench.chooseTheme(name);
    await workbench.page.waitForTimeout(300);
    await workbench.screenshot(`series-${name.toLowerCase().replaceAll(' ', '-')}`);
    expect(await sidewaysScroll(page)).toBe(0);
  });

  it('fits half a small window', async () => {
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.resize(640, 1200);
    await expect.poll(() => sidewaysScroll(page), { timeout: 5_000 }).toBe(0);
    await workbench.screenshot('series-half');
    await workbench.resize(1600, 1200);
  });

  it('comes back after a reload of the window', async () => {
    await workbench.reload();
    page = await workbench.pageWith('.series-layer');
    await expect.poll(() => layer('layer2.0.bn1').count(), patience).toBe(1);
  });
});
