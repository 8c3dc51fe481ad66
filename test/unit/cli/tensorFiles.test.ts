import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCatalog } from '../../../src/core/formats/registry';
import { fixtureSource, never, services, valuesOf } from '../core/formats/fixtures';
import { float32Npy, zipFile } from '../core/formats/zipFile';
import { fileWith, runCli, runJson } from './terminal';

const fixture = (name: string): string => path.join('test/fixtures/formats', name);

/** One file of each format: how many tensors it has, how many of them can be read, and its layers. */
const files: readonly (readonly [string, number, number, readonly string[]])[] = [
  ['npy/np_le_f4.npy', 1, 1, []],
  ['npz/bn_stored.npz', 4, 4, ['']],
  ['npz/bn_deflated.npz', 4, 4, ['']],
  ['safetensors/model.safetensors', 28, 28, ['bn1', 'inorm', 'layer1.1', 'norm']],
  ['torch/sd_zip.pt', 28, 28, ['bn1', 'layer1.1', 'norm', 'inorm']],
  ['torch/sd_legacy.pth', 28, 28, ['bn1', 'layer1.1', 'norm', 'inorm']],
  ['torch/full_model.pt', 28, 28, ['bn1', 'layer1.1', 'norm', 'notrack']],
  ['torch/dtypes.pt', 26, 25, []],
  ['torch/scripted.pt', 12, 12, ['1']],
  ['torch/exported.pt2', 12, 12, ['1', '2']],
  ['keras/k3.weights.h5', 38, 38, ['bn_conv1', 'batch_normalization', 'bn_noaffine']],
  ['keras/k3.keras', 38, 38, ['bn_conv1', 'batch_normalization', 'bn_noaffine']],
  ['hdf5/dtypes.h5', 26, 22, []],
  ['tensorflow/tf1/model.ckpt.index', 4, 4, ['resnet/block1/BatchNorm']],
  ['tensorflow/tfckpt/ckpt-1.index', 39, 39, ['bn_conv1', 'batch_normalization', 'bn_noaffine']],
  ['tensorflow/tfmod/saved_model.pb', 7, 6, ['block/BatchNorm']],
  ['tfjs/model.json', 9, 9, ['batch_normalization_BatchNormalization1', 'my_bn']],
  ['onnx/bn_ext.onnx', 7, 7, ['bn1']],
  ['flax/flax.msgpack', 12, 12, ['BatchNorm_0', 'bn2']],
  ['csv/t.csv', 4, 3, []],
  ['gguf/t.gguf', 3, 2, []],
  ['tflite/k3.tflite', 11, 11, []],
];

describe('a tensor file', () => {
  it.each(files)('%s is listed and summarised', async (name, tensors, readable, layers) => {
    const file = fixture(name);
    expect(await runJson(['tensors', file])).toHaveLength(tensors);
    expect(await runJson(['summary', file])).toHaveLength(readable);
    const found = await runJson<{ name: string }[]>(['layers', file]);
    expect(found.map(layer => layer.name)).toEqual(layers);
  });

  it('has its tensors listed as they are stored', async () => {
    const [first] = await runJson<object[]>(['tensors', fixture('npy/np_be_f8.npy')]);
    expect(first).toEqual({ name: 'input', shape: [2, 3], dtype: 'float64', bytes: 48 });
    const { out } = await runCli(['tensors', fixture('torch/dtypes.pt')]);
    expect(out).toMatch(/^float8_e4m3fn +\[2,3\] +f8e4m3 +6$/m);
  });

  it('has its layers listed as the contract says', async () => {
    const layers = await runJson<object[]>(['layers', fixture('torch/full_model.pt')]);
    expect(layers[0]).toEqual({
      name: 'bn1',
      channels: 8,
      convention: 'pytorch',
      epsilon: 1e-5,
      momentum: 0.1,
      parameters: {
        gamma: 'bn1.weight',
        beta: 'bn1.bias',
        movingMean: 'bn1.running_mean',
        movingVariance: 'bn1.running_var',
      },
    });
    const [bare] = await runJson<object[]>(['layers', fixture('npz/bn_stored.npz')]);
    expect(bare).toMatchObject({ epsilon: null, momentum: null });
    const named = await runJson(['layers', `${fixture('torch/sd_zip.pt')}#layer1.1`]);
    expect(named).toHaveLength(1);
    const { out } = await runCli(['layers', fixture('torch/full_model.pt')]);
    expect(out).toMatch(/^bn1 +8 +pytorch +0\.00001 +0\.1 +gamma, beta, movingMean/m);
  });

  it('is summarised with what cannot be read said beside it', async () => {
    const all = await runCli(['summary', fixture('torch/dtypes.pt')]);
    expect(all.status).toBe(0);
    expect(all.complaints.join()).toContain('"sparse" cannot be read: it is a sparse tensor');
    const one = await runCli(['summary', `${fixture('torch/dtypes.pt')}#sparse`]);
    expect([one.status, one.out]).toEqual([2, '']);
  });

  it('says on standard error what it refers to, and runs none of it', async () => {
    const data = new Uint8Array(Buffer.from("cposix\nsystem\n(S'true'\ntR.", 'latin1'));
    const file = fileWith('evil.pt', zipFile([{ name: 'a/data.pkl', data }]));
    const { status, out, complaints } = await runCli(['tensors', file, '--json']);
    expect([status, out]).toEqual([0, '[]\n']);
    expect(complaints.join()).toMatch(/evil\.pt: It refers to posix\.system.*Nothing was executed/);
  });
});

describe('a document', () => {
  it('has its own layer and those inside it listed', async () => {
    expect(await runJson(['layers', 'media/samples/seed.bn.json'])).toEqual([
      {
        name: 'seed',
        channels: 4,
        convention: 'tf1',
        epsilon: 0.001,
        momentum: 0.99,
        parameters: {
          gamma: 'gamma',
          beta: 'beta',
          movingMean: 'moving_mean',
          movingVariance: 'moving_variance',
        },
      },
    ]);
    const text =
      '{"bn1": {"weight": [1, 2], "running_mean": [0, 0], "running_var": [1, 1]}, "fc": {"weight": [1]}}';
    expect(await runJson(['layers', '-'], text)).toMatchObject([
      { name: 'bn1', channels: 2, convention: 'pytorch', parameters: { gamma: 'bn1/weight' } },
    ]);
    expect(await runJson(['layers', '-'], '[[1, 2]]')).toEqual([]);
  });
});

interface Ran {
  readonly convention: string;
  readonly epsilon: number;
  readonly shape: readonly number[];
  readonly channels: readonly {
    readonly gamma: number;
    readonly movingMeanBefore: number;
    readonly normalizedWith: string;
  }[];
  readonly output: { readonly data: readonly number[] };
}

const values = Float32Array.from({ length: 32 }, (_, i) => Math.fround(Math.sin(i)));

/** An array of this shape as NumPy saves it. */
function npy(name: string, shape: string): string {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`.padEnd(117);
  const head = Buffer.from(`\x93NUMPY\x01\0\x76\0${header}\n`, 'latin1');
  return fileWith(name, new Uint8Array(Buffer.concat([head, Buffer.from(values.buffer)])));
}

async function valuesIn(name: string, tensor: string): Promise<number[]> {
  const catalog = await openCatalog(fixtureSource(name), services, never);
  if (!catalog.ok) throw new Error(catalog.problem.message);
  return [...(await valuesOf(catalog.value, tensor))];
}

const input = npy('x.npy', '2, 8, 2');

describe('run', () => {
  it.each([
    ['torch/sd_zip.pt', 'bn1'],
    ['torch/sd_legacy.pth', 'bn1'],
    ['safetensors/model.safetensors', 'bn1'],
    ['torch/full_model.pt', 'bn1'],
  ])('steps a layer of %s over an input from another file', async (name, layer) => {
    const file = `${fixture(name)}#${layer}`;
    const ran = await runJson<Ran>(['run', input, '--layer', file, '--no-training', '--full']);
    expect(ran).toMatchObject({ convention: 'pytorch', epsilon: 1e-5 });
    const alike = await runJson<Ran>(['run', file, '--input', input, '--no-training', '--full']);
    expect(alike).toEqual(ran);
    const [gamma, mean] = await Promise.all([
      valuesIn(name, `${layer}.weight`),
      valuesIn(name, `${layer}.running_mean`),
    ]);
    expect(ran.channels.map(channel => Math.fround(channel.gamma))).toEqual(gamma);
    expect(ran.channels.map(({ movingMeanBefore }) => Math.fround(movingMeanBefore))).toEqual(mean);
    expect(ran.channels.every(({ normalizedWith }) => normalizedWith === 'moving')).toBe(true);
  });

  it('normalises as the layer of the file states', async () => {
    const member = (
      role: string,
      numbers: readonly number[],
    ): { name: string; data: Uint8Array } => ({
      name: `${role}.npy`,
      data: float32Npy(numbers),
    });
    const file = fileWith(
      'layer.npz',
      zipFile([
        member('gamma', [2, 1, 1, 1, 1, 1, 1, 1]),
        member('beta', [1, 0, 0, 0, 0, 0, 0, 0]),
        member('moving_mean', [0.5, 0, 0, 0, 0, 0, 0, 0]),
        member('moving_variance', [4, 1, 1, 1, 1, 1, 1, 1]),
      ]),
    );
    const args = ['--layer', file, '--axis', '1', '--epsilon', '0', '--no-training', '--full'];
    const { output } = await runJson<Ran>(['run', input, ...args]);
    expect(output.data[1]).toBeCloseTo((((values[1] as number) - 0.5) / 2) * 2 + 1, 6);
    expect(output.data[2]).toBeCloseTo(values[2] as number, 6);
  });

  it.each([
    ['npz/bn_stored.npz#gamma', [4]],
    ['safetensors/model.safetensors#conv1.weight', [8, 3, 3, 3]],
    ['torch/sd_zip.pt#conv1.weight', [8, 3, 3, 3]],
    ['csv/t.csv#input', [5, 2]],
    ['tensorflow/tf1/model.ckpt.index#resnet/block1/BatchNorm/gamma', [4]],
  ])('takes its input from %s', async (name, shape) => {
    const fresh = fileWith('fresh.bn.json', '{"training": true, "convention": "keras3"}');
    const ran = await runJson<Ran>(['run', fresh, '--input', fixture(name)]);
    expect(ran.shape).toEqual(shape);
  });

  it('says what a float64 input is rounded to', async () => {
    const { status, complaints } = await runCli(['run', fixture('npy/np_le_f8.npy')]);
    expect([status, complaints.join()]).toEqual([0, expect.stringContaining('rounded to float32')]);
  });

  it.each([
    [
      ['run', input, '--layer', fixture('torch/sd_zip.pt')],
      'sd_zip.pt has 4 batch-norm layers: name',
    ],
    [
      ['run', input, '--layer', `${fixture('torch/sd_zip.pt')}#bn9`],
      'has nothing called "bn9": it holds the layers ',
    ],
    [['run', fixture('torch/sd_zip.pt')], 'sd_zip.pt has 4 batch-norm layers: name one of them'],
    [['run', `${fixture('torch/sd_zip.pt')}#bn1`], 'name one of them with --input'],
    [['run', input, '--layer', `${fixture('torch/sd_zip.pt')}#layer1.1`], 'values, but axis 1 of'],
    [['run', fixture('torch/dtypes.pt') + '#sparse'], '"sparse" cannot be read: it is a sparse'],
    [['layers', `${fixture('torch/sd_zip.pt')}#bn9`], 'no layer "bn9": it holds bn1, layer1.1'],
    [
      ['tensors', fileWith('short.pt', Uint8Array.of(0x50, 0x4b, 3, 4))],
      'short.pt: the end of its',
    ],
    [['summary', fixture('hdf5/dtypes.h5') + '#nothing'], 'has no tensor "nothing": it holds'],
  ])('%j is refused in one line', async (args, complaint) => {
    const { status, out, complaints } = await runCli([...args, '--json']);
    expect([status, out, complaints]).toEqual([2, '', [expect.stringContaining(complaint)]]);
  });
});
