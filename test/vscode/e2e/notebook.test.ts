import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PanelPage } from './panelPage';
import { Workbench } from './workbench';

const patience = { timeout: 15_000 };
const inspect = 'Normscope: Inspect Tensor at Cursor or Selection';
const notebook = {
  cells: [
    { cell_type: 'markdown', metadata: {}, source: ['Activations'] },
    {
      cell_type: 'code',
      execution_count: 1,
      metadata: {},
      outputs: [],
      source: ['import torch\n', 'x = torch.tensor([[1., 2.], [3., 4.]])'],
    },
    {
      cell_type: 'code',
      execution_count: 2,
      metadata: {},
      outputs: [
        {
          output_type: 'stream',
          name: 'stdout',
          text: [
            'bn.weight = tensor([1., 1.])\n',
            'h = tensor([[1., 5.],\n',
            '        [3., 7.]])\n',
          ],
        },
      ],
      source: ['print("bn.weight =", bn.weight); print("h =", h)'],
    },
  ],
  metadata: { language_info: { name: 'python' } },
  nbformat: 4,
  nbformat_minor: 5,
};

describe('a cell of a notebook', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open();
    writeFileSync(join(workbench.folder, 'train.ipynb'), JSON.stringify(notebook));
    await workbench.openFile('train.ipynb');
  });
  afterAll(() => workbench.close());

  const line = (): Locator =>
    workbench.page.locator('.notebookOverlay .view-line', { hasText: 'torch.tensor' }).first();
  const panel = (): PanelPage => new PanelPage(workbench.panel());

  it('is inspected from the palette, at its cursor', async () => {
    await line().click();
    await workbench.runCommand(inspect);
    await panel().shown();
    await expect.poll(() => panel().column('batch mean', 2), patience).toEqual([2, 3]);
    const source = panel().frame.getByRole('button', { name: 'train.ipynb, cell 2, line 2' });
    await source.waitFor();
  });

  it('is followed as one types', async () => {
    await line().click();
    await workbench.page.keyboard.press('End');
    // Back over `.]])`: the last number, 4., becomes 44.
    for (const _ of '.]])') await workbench.page.keyboard.press('ArrowLeft');
    await workbench.page.keyboard.type('4');
    await expect.poll(() => panel().column('batch mean', 2), patience).toEqual([2, 23]);
  });

  it('is shown again from its panel', async () => {
    await workbench.runCommand('Normscope: Reveal Source of Inspection');
    const selected = workbench.page.locator('.notebookOverlay .selected-text');
    await selected.first().waitFor();
  });

  it('is found without a cursor in it: the cell is selected', async () => {
    const tab = workbench.page.getByRole('tab', { name: /Batch Norm/ });
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'detached' });
    await line().click();
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand(inspect);
    await panel().shown();
    await expect.poll(() => panel().column('batch mean', 2), patience).toEqual([2, 23]);
  });

  it('has a button where it printed tensors, which inspects one of them', async () => {
    await workbench.page.locator('.cell-status-item', { hasText: 'Inspect' }).click();
    await workbench.pick('h');
    await expect.poll(() => panel().column('batch mean', 2), patience).toEqual([2, 6]);
    await panel().frame.getByRole('button', { name: 'train.ipynb, cell 3, output' }).waitFor();
    await workbench.screenshot('notebook-output');
  });
});
