import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectFile } from './openSample';
import type { PanelPage } from './panelPage';
import { seed } from './seed';
import { Workbench } from './workbench';

const patience = { timeout: 10_000 };

describe('typing in the document', () => {
  let workbench: Workbench;
  let panel: PanelPage;

  beforeAll(async () => {
    workbench = await Workbench.open();
    panel = await inspectFile(workbench, 'seed.bn.json');
    await workbench.focusEditor('seed.bn.json');
  });
  afterAll(() => workbench.close());

  it('moves the panel: the first 4 becomes 44', async () => {
    await expect.poll(() => panel.column('batch mean'), patience).toEqual(seed.batchMean);
    // Line 6 is `      [[4, 5, 9, 0], …`: the cursor goes before the 4.
    await workbench.goTo(6, 9);
    await workbench.page.keyboard.type('4');
    // (44 + 7 + 2 + 0) / 4
    await expect.poll(() => panel.column('batch mean'), patience).toEqual([13.25, 3.5, 6.5, 2.75]);
  });

  it('keeps the last good result when the document breaks, and says where', async () => {
    await workbench.page.keyboard.type('x');
    const banner = panel.frame.getByRole('alert');
    await expect.poll(() => banner.first().innerText(), patience).toMatch(/line \d+/);
    expect(await panel.column('batch mean')).toEqual([13.25, 3.5, 6.5, 2.75]);
    await workbench.page.keyboard.press('Backspace');
    await expect.poll(() => banner.count(), patience).toBe(0);
  });

  it('names the channel axis by its new size', async () => {
    const axis = panel.frame.getByRole('combobox', { name: 'Channel axis' });
    const shown = (): Promise<string> => axis.locator('.selected-value').innerText();
    for (const [text, label] of [
      ['[[1, 2], [3, 4]]', '1 · C 2'],
      ['[[1, 2, 3], [4, 5, 6]]', '1 · C 3'],
    ] as const) {
      await workbench.page.keyboard.press('ControlOrMeta+KeyA');
      await workbench.page.keyboard.insertText(text);
      // The brackets that the editor closed by itself.
      await workbench.page.keyboard.press('ControlOrMeta+Shift+End');
      await workbench.page.keyboard.press('Delete');
      await expect.poll(shown, patience).toBe(label);
    }
  });
});
