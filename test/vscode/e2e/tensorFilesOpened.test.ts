import { cpSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../hosts/places.mjs';
import { FilePage } from './filePage';
import { Workbench } from './workbench';

const fixtures = join(root, 'test/fixtures/formats');
const patience = { timeout: 20_000 };

describe('ways to open a tensor file', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1400 });
    cpSync(join(fixtures, 'npz/bn_stored.npz'), join(workbench.folder, 'own.npz'));
    cpSync(join(fixtures, 'onnx/bn.onnx'), join(workbench.folder, 'shared.onnx'));
    // The extension's part of the Explorer is there.
    await workbench.runCommand('Explorer: Focus on Tensor Files View');
    await fileRow('shared.onnx').waitFor();
  });
  afterAll(() => workbench.close());
  afterEach(() => workbench.runCommand('View: Close All Editors'));

  const fileRow = (name: string): Locator =>
    workbench.page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first();
  const openedRow = (name: string): Locator =>
    workbench.page
      .getByRole('treeitem', { name: new RegExp(`^${name}.*(tensor|not listed)`) })
      .first();
  const shown = async (facts: RegExp): Promise<FilePage> => {
    const page = new FilePage(await workbench.pageWith('.tensor-file'));
    await expect.poll(() => page.facts(), patience).toMatch(facts);
    return page;
  };

  /** Drags a file of the Explorer to a place, which `over` looks at before the button is let go. */
  async function drag(name: string, to: Locator, over?: () => Promise<void>): Promise<void> {
    const { mouse } = workbench.page;
    const from = await centre(fileRow(name));
    const target = await centre(to);
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(from.x + 20, from.y + 8, { steps: 4 });
    await mouse.move(target.x, target.y, { steps: 12 });
    await over?.();
    await mouse.move(target.x + 4, target.y + 4, { steps: 2 });
    await mouse.up();
  }

  it('from the menu of the Explorer', async () => {
    await fileRow('shared.onnx').click({ button: 'right' });
    const item = workbench.page.getByRole('menuitem', { name: 'Inspect Tensor File…' });
    await item.waitFor();
    // VS Code takes no click in a menu's first tenth of a second, and leaves the menu open.
    await expect
      .poll(async () => {
        if (await item.isVisible()) await item.click({ timeout: 2_000 }).catch(() => undefined);
        return item.isVisible();
      }, patience)
      .toBe(false);
    await shown(/ONNX model/);
  });

  it('by dropping it on the view “Tensor Files”, which lists what is open', async () => {
    await workbench.openFile('own.npz');
    await shown(/NumPy archive/);
    await drag('shared.onnx', openedRow('own.npz'));
    await shown(/ONNX model/);
    await openedRow('shared.onnx').waitFor();
  });

  it('by dropping it on a page while Shift is held, which the page asks for', async () => {
    await workbench.openFile('own.npz');
    const page = await shown(/NumPy archive/);
    const sign = page.frame.locator('.drop-sign');
    const frame = workbench.page.locator('iframe.webview.ready').first();
    await drag('shared.onnx', frame, async () => {
      await workbench.page.getByText('to drop into editor').waitFor();
      await workbench.page.keyboard.down('Shift');
      const at = await centre(frame);
      await workbench.page.mouse.move(at.x + 2, at.y + 2, { steps: 3 });
      await expect.poll(() => sign.innerText(), patience).toBe('Drop to inspect');
    });
    await workbench.page.keyboard.up('Shift');
    await shown(/ONNX model/);
  });
});

async function centre(of: Locator): Promise<{ readonly x: number; readonly y: number }> {
  const box = await of.boundingBox();
  if (!box) throw new Error('It has no place on the screen.');
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}
