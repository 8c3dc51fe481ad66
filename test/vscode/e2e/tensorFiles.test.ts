import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../hosts/places.mjs';
import { batchNormFile, networkFile } from '../suite/safetensors';
import { FilePage } from './filePage';
import { PanelPage } from './panelPage';
import { Workbench, type ThemeName } from './workbench';

const patience = { timeout: 20_000 };
const fixtures = join(root, 'test/fixtures/formats');

/** A file of each kind, made by its own framework, and what is inspected of it. */
interface Kind {
  readonly kind: string;
  /** Its name in test/fixtures/formats, as it is typed to open it. */
  readonly file: string;
  /** Whether it opens in the editor by itself. */
  readonly own?: true;
  readonly facts: RegExp;
  readonly layer?: string;
  readonly tensor?: string;
  readonly channels: number;
}

const kinds: readonly Kind[] = [
  {
    kind: 'npy',
    file: 'np_fortran.npy',
    own: true,
    facts: /NumPy array.*1 tensor.*no batch norm/s,
    tensor: 'input',
    channels: 3,
  },
  {
    kind: 'npz',
    file: 'bn_stored.npz',
    own: true,
    facts: /NumPy archive.*1 batch norm/s,
    layer: '',
    channels: 4,
  },
  {
    kind: 'safetensors',
    file: 'model.safetensors',
    own: true,
    facts: /safetensors.*28 tensors.*4 batch norms/s,
    layer: 'bn1',
    channels: 8,
  },
  {
    kind: 'PyTorch checkpoint',
    file: 'ckpt_dict.pt',
    facts: /PyTorch checkpoint.*76 tensors.*4 batch norms/s,
    layer: 'state_dict.module.bn1',
    channels: 8,
  },
  {
    kind: 'PyTorch before 1.6',
    file: 'sd_legacy.pth',
    facts: /PyTorch checkpoint.*batch norms/s,
    layer: 'bn1',
    channels: 8,
  },
  {
    kind: 'Keras archive',
    file: 'k3.keras',
    facts: /Keras model.*38 tensors.*3 batch norms/s,
    layer: 'bn_conv1',
    channels: 8,
  },
  {
    kind: 'Keras weights',
    file: 'kbf.weights.h5',
    facts: /HDF5.*2 batch norms/s,
    layer: 'batch_normalization_1',
    channels: 4,
  },
  {
    kind: 'Keras HDF5',
    file: 'k3.h5',
    facts: /HDF5.*3 batch norms/s,
    layer: 'model_weights/bn_conv1',
    channels: 8,
  },
  {
    kind: 'ONNX',
    file: 'bn.onnx',
    facts: /ONNX model.*1 batch norm/s,
    layer: 'bn1',
    channels: 8,
  },
  {
    kind: 'TensorFlow checkpoint',
    file: 'ckpt-1.index',
    facts: /TensorFlow checkpoint.*3 batch norms/s,
    layer: 'bn_conv1',
    channels: 8,
  },
  {
    kind: 'SavedModel',
    file: 'saved_model.pb',
    facts: /1 batch norm/s,
    layer: 'block/BatchNorm',
    channels: 4,
  },
  {
    kind: 'TensorFlow.js',
    file: 'model.json',
    facts: /TensorFlow\.js model.*2 batch norms/s,
    layer: 'my_bn',
    channels: 4,
  },
  {
    kind: 'flax',
    file: 'flax.msgpack',
    facts: /flax variables.*2 batch norms/s,
    layer: 'bn2',
    channels: 8,
  },
  {
    kind: 'GGUF',
    file: 't.gguf',
    own: true,
    facts: /GGUF model.*3 tensors.*no batch norm/s,
    tensor: 'f16',
    channels: 32,
  },
  {
    kind: 'CSV',
    file: 't.csv',
    facts: /table of numbers/,
    tensor: 'input',
    channels: 2,
  },
];

const themes: readonly ThemeName[] = [
  'Light Modern',
  'Light High Contrast',
  'Dark High Contrast',
  'Dark Modern',
];

describe('the editor of tensor files', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1600 });
    cpSync(fixtures, join(workbench.folder, 'formats'), { recursive: true });
  });
  afterAll(() => workbench.close());
  afterEach(() => workbench.runCommand('View: Close All Editors'));

  it.each(kinds)('$kind: opens, and what it holds is inspected', async found => {
    const { file, own, facts, layer, tensor, channels } = found;
    await workbench.openFile(file);
    if (own !== true) await workbench.reopenWith('Normscope Tensor File');
    const page = new FilePage(await workbench.pageWith('.tensor-file'));
    await expect.poll(() => page.facts(), patience).toMatch(facts);
    const row = await page.find(layer === undefined ? 'tensor' : 'layer', layer ?? tensor ?? '');
    await row.click();
    await page.button(layer === undefined ? 'Inspect tensor' : 'Inspect layer').click();
    const panel = new PanelPage(await workbench.pageWith('.inspection'));
    await panel.shown();
    await expect
      .poll(() => panel.grid().getAttribute('aria-rowcount'), patience)
      .toBe(String(channels + 1));
    if (layer !== undefined) {
      const input = panel.frame.locator('.layer-input');
      expect(await input.innerText()).toContain(
        "generated from the layer's moving statistics, seed 1",
      );
    }
  });

  it('follows a file that a training run saves, and keeps its last view while it is half-written', async () => {
    const file = join(workbench.folder, 'training.safetensors');
    writeFileSync(file, batchNormFile([1, 2]));
    await workbench.openFile('training.safetensors');
    const page = new FilePage(await workbench.pageWith('.tensor-file'));
    // The note: PyTorch would have counted the batches.
    await expect.poll(() => page.facts(), patience).toMatch(/5 tensors.*1 note/s);

    writeFileSync(file, batchNormFile([1, 3], ['step']));
    const changes = page.frame.locator('.changes');
    await expect
      .poll(() => changes.innerText(), patience)
      .toMatch(/1 tensor added: step\. 1 batch norm moved: bn\./);

    const whole = batchNormFile([5, 6]);
    const banner = page.frame.locator('.banner');
    // Written in pieces, each before the one before has rested.
    for (const part of [0.3, 0.6, 0.9]) {
      writeFileSync(file, whole.subarray(0, Math.floor(whole.length * part)));
      await expect.poll(() => banner.innerText(), patience).toContain('The file is being written.');
      await expect(page.facts()).resolves.toMatch(/6 tensors/);
    }
    writeFileSync(file, whole);
    await banner.waitFor({ state: 'detached' });
    await expect.poll(() => changes.innerText(), patience).toMatch(/1 tensor removed: step\./);
  });

  it('fits every theme and half a window, and the picture of README.md', async () => {
    writeFileSync(join(workbench.folder, 'resnet.safetensors'), networkFile());
    await workbench.openFile('resnet.safetensors');
    const page = new FilePage(await workbench.pageWith('.tensor-file'));
    await expect.poll(() => page.facts(), patience).toMatch(/17 batch norms.*1 error/s);
    await page.frame.locator('.tree-row.group', { hasText: 'layer2' }).first().click();
    for (const theme of themes) {
      await workbench.chooseTheme(theme);
      await workbench.screenshot(`file-${theme.toLowerCase().replaceAll(' ', '-')}`);
    }
    await workbench.resize(820, 900);
    const sideways = (): Promise<number> =>
      page.frame.locator('html').evaluate(html => html.scrollWidth - html.clientWidth);
    await expect.poll(sideways, patience).toBeLessThanOrEqual(0);
    await workbench.screenshot('file-half');
    await workbench.resize(1280, 760);
    await (await page.find('layer', 'layer2.0.bn2')).click();
    await page.frame.getByRole('textbox', { name: 'Filter tensors and layers' }).fill('');
    await page.frame.locator('.tree-row.active').waitFor();
    await workbench.screenshot('readme-file');
    await workbench.resize(1600, 1000);
  });
});
