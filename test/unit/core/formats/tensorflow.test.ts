import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tensorflow } from '../../../../src/core/formats/tensorflow';
import { decompressSnappy } from '../../../../src/core/formats/tensorflow/snappy';
import { parseBlock } from '../../../../src/core/formats/tensorflow/sstable';
import { fakeSource } from './fakeSource';
import {
  bytesOf,
  fixtureFolder,
  fixtureSource,
  never,
  openFixture,
  refusalOf,
  services,
  surviveDamage,
  valuesOf,
} from './fixtures';

const tf1 = 'tensorflow/tf1/model.ckpt.index';

/** Layers by their moving means, as findLayers groups them. */
function layersOf(names: readonly string[]): string[] {
  return names.flatMap(name => /^(.*)\/moving_mean$/.exec(name)?.[1] ?? []);
}

describe('tensorflow', () => {
  it('reads a checkpoint of TensorFlow 1 by its names', async () => {
    const catalog = await openFixture(tensorflow, tf1);
    expect(catalog.entries.map(({ name, shape, dtype }) => ({ name, shape, dtype }))).toEqual(
      ['beta', 'gamma', 'moving_mean', 'moving_variance'].map(role => ({
        name: `resnet/block1/BatchNorm/${role}`,
        shape: [4],
        dtype: 'float32',
      })),
    );
    // numpy.fromfile('model.ckpt.data-00000-of-00001', '<f4')[4:8]
    expect([...(await valuesOf(catalog, 'resnet/block1/BatchNorm/gamma'))]).toEqual([0, 1, 2, 3]);
    expect(catalog.hints).toEqual([{ name: 'resnet/block1/BatchNorm', convention: 'tf1' }]);
  });

  it('opens by the data file too', async () => {
    const catalog = await openFixture(tensorflow, 'tensorflow/tf1/model.ckpt.data-00000-of-00001');
    expect(catalog.entries).toHaveLength(4);
  });

  it('names the variables of an object checkpoint by the object graph', async () => {
    const { entries, hints } = await openFixture(tensorflow, 'tensorflow/tfckpt/ckpt-1.index');
    const names = entries.map(({ name }) => name);
    expect(layersOf(names)).toEqual(['bn_conv1', 'batch_normalization', 'bn_noaffine']);
    expect(names).toContain('adam/bn_conv1_gamma_momentum');
    expect(hints).toEqual(layersOf(names).map(name => ({ name, convention: 'keras3' })));
  });

  it('lists a variable that is stored under two keys once', async () => {
    const catalog = await openFixture(
      tensorflow,
      'tensorflow/k3_savedmodel/variables/variables.index',
    );
    const names = catalog.entries.map(({ name }) => name);
    expect(names).toHaveLength(16);
    expect(new Set(names).size).toBe(16);
    expect(layersOf(names)).toEqual(['bn_conv1', 'batch_normalization', 'bn_noaffine']);
  });

  it('reads the same of one model from a checkpoint and from a SavedModel', async () => {
    const checkpoint = await openFixture(tensorflow, 'tensorflow/tfckpt/ckpt-1.index');
    const saved = await openFixture(
      tensorflow,
      'tensorflow/k3_savedmodel/variables/variables.index',
    );
    for (const { name } of saved.entries) {
      expect([name, await valuesOf(saved, name)]).toEqual([name, await valuesOf(checkpoint, name)]);
    }
  });

  it('opens a SavedModel, and keeps variables apart that have one name', async () => {
    const catalog = await openFixture(tensorflow, 'tensorflow/tfmod/saved_model.pb');
    const described = catalog.entries.map(({ name, dtype, content }) => [
      name,
      dtype,
      content.kind,
    ]);
    expect(described).toEqual([
      ['block/BatchNorm/gamma', 'float32', 'readable'],
      ['block/BatchNorm/beta', 'float32', 'readable'],
      ['block/BatchNorm/moving_mean', 'float32', 'readable'],
      ['block/BatchNorm/moving_variance', 'float32', 'readable'],
      ['bf', 'bfloat16', 'readable'],
      ['h', 'float16', 'readable'],
      ['str', 'string', 'unreadable'],
    ]);
    expect([...(await valuesOf(catalog, 'bf'))]).toEqual([...(await valuesOf(catalog, 'h'))]);
  });

  it('lists the tensors of a shard that is not there, with the reason', async () => {
    const bytes = bytesOf(path.join(fixtureFolder, tf1));
    const { entries } = await tensorflow.open(fakeSource('m.index', bytes), services, never);
    expect(entries).toHaveLength(4);
    expect(entries[0]?.content).toMatchObject({
      kind: 'unreadable',
      reason: expect.stringContaining('m.data-00000-of-00001') as string,
    });
  });

  it('lists a tensor that its shard is too short for, and reads the others', async () => {
    const bytes = bytesOf(path.join(fixtureFolder, tf1));
    const data = bytesOf(path.join(fixtureFolder, tf1.replace('.index', '.data-00000-of-00001')));
    const siblings = new Map([['m.data-00000-of-00001', data.slice(0, data.length - 4)]]);
    const { entries } = await tensorflow.open(
      fakeSource('m.index', bytes, siblings),
      services,
      never,
    );
    expect(entries.map(({ content }) => content.kind).sort()).toEqual([
      'readable',
      'readable',
      'readable',
      'unreadable',
    ]);
  });

  it('refuses keys that repeat a long one', () => {
    const shared = (length: number): number[] => [
      ...[length & 127, (length >> 7) & 127].map(b => b | 128),
      length >> 14,
    ];
    const long = [0, ...shared(9000), 0, ...new Array<number>(9000).fill(97)];
    const again = [...shared(9000), 0, 0];
    const block = new Uint8Array([
      ...long,
      ...Array.from({ length: 20_000 }, () => again).flat(),
      0,
      0,
      0,
      0,
    ]);
    expect(() => parseBlock(block)).toThrow(/keys of the table are too long/);
  });

  it.each([
    ['an empty file', new Uint8Array(0)],
    ['something else', new Uint8Array(4096)],
  ])('refuses %s', async (_what, bytes) => {
    const message = await refusalOf(() =>
      tensorflow.open(fakeSource('m.index', bytes), services, never),
    );
    expect(message).toMatch(/index/);
  });

  it('refuses an index block that lies outside the file', async () => {
    const bytes = bytesOf(path.join(fixtureFolder, tf1));
    // The handle of the index block is the footer's second: an offset and a size as varints.
    bytes.fill(0xff, bytes.length - 44, bytes.length - 40);
    await refusalOf(() =>
      tensorflow.open({ ...fixtureSource(tf1), ...fakeSource('m.index', bytes) }, services, never),
    );
  });

  it('survives damage', () => surviveDamage(tensorflow, 'tensorflow/tfckpt/ckpt-1.index'));
});

describe('snappy', () => {
  it('decompresses literals and copies, overlapping ones too', () => {
    // Length 10, literal "ab", copy of 8 from 2 before.
    const bytes = new Uint8Array([10, 0x04, 0x61, 0x62, (4 << 2) | 1, 2]);
    expect(new TextDecoder().decode(decompressSnappy(bytes, 100))).toBe('ababababab');
  });

  it.each([
    ['more than it may have', [0xff, 0xff, 0xff, 0x7f, 0]],
    ['less than it says', [10, 0x04, 0x61, 0x62]],
    ['a copy from before its start', [10, 0x04, 0x61, 0x62, 1, 9]],
    ['a copy from itself', [10, 0x04, 0x61, 0x62, 1, 0]],
    ['a literal that is cut short', [10, 0x3c]],
    ['no length', []],
  ])('refuses %s', async (_what, bytes) => {
    const message = await refusalOf(() =>
      Promise.resolve().then(() => decompressSnappy(new Uint8Array(bytes), 1000)),
    );
    expect(message).toMatch(/compressed block/);
  });
});
