import path from 'node:path';
import '@tensorflow/tfjs-backend-cpu';
import { io, type NamedTensorMap } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { TensorCatalog } from '../../../../src/core/formats/catalog';
import { recognise } from '../../../../src/core/formats/registry';
import { tfjs } from '../../../../src/core/formats/tfjs';
import { fakeSource } from './fakeSource';
import {
  bytesOf,
  entryOf,
  fileSource,
  fixtureFolder,
  hasSamples,
  never,
  openFixture,
  refusalOf,
  samples,
  services,
  surviveDamage,
  valuesOf,
} from './fixtures';

interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly quantization?: object;
}

const modelOf = (weights: readonly Weight[], paths = ['w.bin']): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ weightsManifest: [{ paths, weights }] }));

const open = (
  model: Uint8Array,
  shards: readonly (readonly [string, Uint8Array])[] = [],
): Promise<TensorCatalog> =>
  tfjs.open(fakeSource('model.json', model, new Map(shards)), services, never);

/** What tfjs itself makes of a manifest's weights. */
function decoded(weights: readonly Weight[], data: Uint8Array): NamedTensorMap {
  return io.decodeWeights(
    data.slice().buffer,
    weights.map(weight => ({ ...weight }) as io.WeightsManifestEntry),
  );
}

async function expectAsTfjs(
  catalog: TensorCatalog,
  weights: readonly Weight[],
  data: Uint8Array,
): Promise<void> {
  for (const [name, tensor] of Object.entries(decoded(weights, data))) {
    expect(entryOf(catalog, name).shape).toEqual(tensor.shape);
    const values = await valuesOf(catalog, name);
    const theirs = await tensor.data();
    // Values too large for a message: the first difference is enough.
    const differs = Array.from(theirs as Float32Array).findIndex(
      (x, i) => !Object.is(x, values[i]),
    );
    expect([name, values.length, differs]).toEqual([name, theirs.length, -1]);
    tensor.dispose();
  }
}

const manifestOf = (model: Uint8Array): readonly Weight[] => {
  const { weightsManifest } = JSON.parse(new TextDecoder().decode(model)) as {
    weightsManifest: { weights: Weight[] }[];
  };
  return weightsManifest.flatMap(({ weights }) => weights);
};

describe('tfjs', () => {
  it('reads a saved model as tfjs does', async () => {
    const model = bytesOf(path.join(fixtureFolder, 'tfjs/model.json'));
    const data = bytesOf(path.join(fixtureFolder, 'tfjs/weights.bin'));
    await expectAsTfjs(await openFixture(tfjs, 'tfjs/model.json'), manifestOf(model), data);
  });

  it('hints at layers with what the topology says of them', async () => {
    const { hints, notes } = await openFixture(tfjs, 'tfjs/model.json');
    const stated = {
      convention: 'tfjs',
      epsilon: 0.001,
      momentum: 0.99,
      channelAxis: -1,
      trainable: true,
    };
    expect(hints).toEqual([
      { name: 'batch_normalization_BatchNormalization1', ...stated },
      { name: 'my_bn', ...stated },
    ]);
    expect(notes).toEqual([]);
  });

  it('is recognised by its keys, and not by its name alone', () => {
    const model = bytesOf(path.join(fixtureFolder, 'tfjs/model.json'));
    expect(recognise(model.subarray(0, 4096), 'model.json')).toBe(tfjs);
    expect(recognise(new TextEncoder().encode('[[1,2]]'), 'model.json')).toBeUndefined();
  });

  it('reads quantised and half floats as tfjs does, over the border of two shards', async () => {
    const affine = { scale: 0.0127, min: -1.6 };
    const weights: Weight[] = [
      { name: 'a', shape: [5], dtype: 'float32', quantization: { dtype: 'uint8', ...affine } },
      { name: 'b', shape: [3], dtype: 'float32', quantization: { dtype: 'uint16', ...affine } },
      {
        name: 'c',
        shape: [2, 2],
        dtype: 'int32',
        quantization: { dtype: 'uint8', scale: 0.5, min: -3 },
      },
      { name: 'd', shape: [2], dtype: 'float32', quantization: { dtype: 'float16' } },
      { name: 'e', shape: [3], dtype: 'bool' },
      { name: 'f', shape: [], dtype: 'int32' },
    ];
    const data = Uint8Array.from({ length: 5 + 6 + 4 + 4 + 3 + 4 }, (_, i) => (i * 37) % 120);
    data.set([1, 0, 1], 19);
    const catalog = await open(modelOf(weights, ['1.bin', 'empty.bin', '2.bin']), [
      ['1.bin', data.slice(0, 7)],
      ['empty.bin', new Uint8Array(0)],
      ['2.bin', data.slice(7)],
    ]);
    await expectAsTfjs(catalog, weights, data);
    expect(catalog.entries.map(({ dtype }) => dtype)).toEqual([
      'uint8',
      'uint16',
      'uint8',
      'float16',
      'bool',
      'int32',
    ]);
    expect(catalog.notes).toEqual([expect.stringMatching(/quantised/)]);
  });

  it('reads a range of quantised values into place', async () => {
    const quantization = { dtype: 'uint8', scale: 2, min: 1 };
    const model = modelOf([{ name: 'a', shape: [2, 3], dtype: 'float32', quantization }]);
    const catalog = await open(model, [['w.bin', new Uint8Array([0, 1, 2, 3, 4, 5])]]);
    const { content } = entryOf(catalog, 'a');
    if (content.kind === 'unreadable') throw new Error(content.reason);
    const into = new Float32Array(2);
    const range = { start: 3, count: 2 };
    expect((await content.read({ signal: never, range, into })).data).toBe(into);
    expect([...into]).toEqual([7, 9]);
  });

  it('passes over texts, which say their own lengths', async () => {
    const text = [2, 0, 0, 0, 0x68, 0x69, 0, 0, 0, 0];
    const model = modelOf([
      { name: 'vocabulary', shape: [2], dtype: 'string' },
      { name: 'after', shape: [1], dtype: 'int32' },
    ]);
    const catalog = await open(model, [['w.bin', new Uint8Array([...text, 7, 0, 0, 0])]]);
    expect(entryOf(catalog, 'vocabulary').content).toMatchObject({ reason: 'it holds text' });
    expect([...(await valuesOf(catalog, 'after'))]).toEqual([7]);
  });

  it('lists what a missing or short shard takes with it, and reads the rest', async () => {
    const weights = [1, 2, 3].map(i => ({ name: `w${i}`, shape: [2], dtype: 'float32' }));
    const missing = await open(modelOf(weights, ['1.bin', '2.bin']), [
      ['1.bin', new Uint8Array(10)],
    ]);
    expect(missing.entries.map(({ content }) => content.kind)).toEqual([
      'readable',
      'unreadable',
      'unreadable',
    ]);
    expect(missing.entries[1]?.content).toHaveProperty('reason', expect.stringMatching(/2\.bin/));
    const short = await open(modelOf(weights), [['w.bin', new Uint8Array(20)]]);
    expect(short.entries[2]?.content).toHaveProperty('reason', expect.stringMatching(/byte 20/));
  });

  it.each(['../w.bin', '/etc/passwd', 'https://example.com/w.bin'])(
    'never opens a shard at %s',
    async shard => {
      const weights = [{ name: 'w', shape: [1], dtype: 'float32' }];
      const { entries } = await open(modelOf(weights, [shard]), [['w.bin', new Uint8Array(4)]]);
      expect(entries[0]?.content).toHaveProperty(
        'reason',
        expect.stringMatching(/not in its own folder/),
      );
    },
  );

  const weight = { name: 'w', shape: [1], dtype: 'float32' };
  it.each([
    ['no manifest', '{"modelTopology":{}}'],
    ['a manifest that is no list', '{"weightsManifest":{}}'],
    ['a group without paths', '{"weightsManifest":[{"weights":[]}]}'],
    ['a path that is a number', '{"weightsManifest":[{"paths":[1],"weights":[]}]}'],
    ['a weight without a shape', manifest({ name: 'w', dtype: 'float32' })],
    ['a shape that overflows', manifest({ ...weight, shape: [2 ** 30, 2 ** 30, 0] })],
    ['a negative dimension', manifest({ ...weight, shape: [-1] })],
    ['an unknown dtype', manifest({ ...weight, dtype: 'constructor' })],
    ['quantisation to something else', manifest({ ...weight, quantization: { dtype: 'int64' } })],
    ['quantisation without a scale', manifest({ ...weight, quantization: { dtype: 'uint8' } })],
    ['two weights of one name', manifest(weight, weight)],
    ['JSON cut short', '{"weightsManifest":['],
    ['JSON five million levels deep', `{"weightsManifest":${'['.repeat(5_000_000)}`],
  ])('refuses %s', async (_what, text) => {
    expect(await refusalOf(() => open(new TextEncoder().encode(text)))).not.toBe('');
  });

  it('keeps a weight called __proto__', async () => {
    const text = new TextEncoder().encode(manifest({ ...weight, name: '__proto__' }));
    const catalog = await open(text, [['w.bin', new Uint8Array(4)]]);
    expect([...(await valuesOf(catalog, '__proto__'))]).toEqual([0]);
  });

  it('survives damage', () => surviveDamage(tfjs, 'tfjs/model.json'));
});

function manifest(...weights: object[]): string {
  return JSON.stringify({ weightsManifest: [{ paths: ['w.bin'], weights }] });
}

describe.runIf(hasSamples)('tfjs, a foreign model', () => {
  it('finds 52 layers and reads its bytes as tfjs does', async () => {
    const folder = path.join(samples, 'nsfwjs');
    const catalog = await tfjs.open(fileSource(path.join(folder, 'model.json')), services, never);
    expect(catalog.hints).toHaveLength(52);
    expect(
      catalog.hints.every(({ epsilon, momentum }) => epsilon === 0.001 && momentum === 0.999),
    ).toBe(true);
    const weights = manifestOf(bytesOf(path.join(folder, 'model.json')));
    await expectAsTfjs(catalog, weights, bytesOf(path.join(folder, 'group1-shard1of1')));
    let zero = 0;
    for (const { name } of catalog.entries) {
      if (!name.endsWith('moving_variance')) continue;
      zero += Array.from(await valuesOf(catalog, name)).filter(x => x === 0).length;
    }
    expect(zero).toBe(22);
  });
});
