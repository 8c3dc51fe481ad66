import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLayers, type FoundLayer } from '../../../../src/core/batchnorm/findLayers';
import { parameterNames } from '../../../../src/core/batchnorm/layer';
import type { TensorCatalog } from '../../../../src/core/formats/catalog';
import { openCatalog } from '../../../../src/core/formats/registry';
import { openFile } from '../../../../src/engine/files/fileSource';
import {
  bytesOf,
  expectAsExpected,
  expectedOf,
  fixtureFolder,
  hasSamples,
  never,
  samples,
  services,
  sha256,
  valuesOf,
} from './fixtures';

/** Opens a sample as the engine does: from the disk, by whatever recognises it. */
async function withSample<T>(name: string, use: (catalog: TensorCatalog) => T): Promise<T> {
  const source = await openFile(path.join(samples, name));
  if (!source.ok) throw new Error(source.problem.message);
  try {
    const catalog = await openCatalog(source.value, services, never);
    if (!catalog.ok) throw new Error(catalog.problem.message);
    const used = await use(catalog.value);
    catalog.value.close?.();
    return used;
  } finally {
    await source.value.close();
  }
}

/** How many layers there are: as samples/README.md says, and as the frameworks that made `generated` do. */
const layerCounts: readonly (readonly [string, number])[] = [
  ['ultraface/version-slim-320.pth', 25],
  ['ultraface/version-RFB-320.pth', 35],
  ['ultraface/version-slim-320.onnx', 25],
  ['ultraface/version-slim-320_without_postprocessing.onnx', 25],
  ['ultraface/tf_slim/variables.index', 25],
  ['ultraface/tf_slim/variables.data-00000-of-00001', 25],
  ['ultraface/version-slim-320_without_postprocessing.tflite', 0],
  ['nsfwjs/model.json', 52],
  ['mlperf-tiny/vww_96.h5', 27],
  ['mlperf-tiny/str_ww_ref_model.h5', 4],
  ['silero/silero_vad_16k.safetensors', 0],
  ['silero/silero_vad.jit', 0],
  ['generated/bn.onnx', 1],
  ['generated/bn_ext.onnx', 1],
  ['generated/bn_stored.npz', 1],
  ['generated/bn_deflated.npz', 1],
  ['generated/sd_zip.pt', 4],
  ['generated/sd_legacy.pth', 4],
  ['generated/ckpt_dict.pt', 4],
  ['generated/full_model.pt', 4],
  ['generated/model.safetensors', 4],
  ['generated/k3.h5', 3],
  ['generated/k3.weights.h5', 3],
  ['generated/k3.keras', 3],
  ['generated/k3.tflite', 0],
  ['generated/k3_savedmodel/saved_model.pb', 3],
  ['generated/kbf.keras', 2],
  ['generated/kbf.weights.h5', 2],
  ['generated/nested.h5', 1],
  ['generated/nested.weights.h5', 1],
  ['generated/tf1/model.ckpt.index', 1],
  ['generated/tfckpt/ckpt-1.index', 3],
  ['generated/tfmod/saved_model.pb', 1],
  ['generated/tfjs/model.json', 2],
  ['generated/flax.msgpack', 2],
  ['generated/t.gguf', 0],
];

describe.runIf(hasSamples)('the layers of the samples', () => {
  it.each(layerCounts)('%s: %i', async (name, count) => {
    await withSample(name, async catalog => {
      const layers = findLayers(catalog);
      expect(layers.map(layer => layer.name)).toHaveLength(count);
      for (const layer of layers) await digestOf(catalog, layer);
    });
  });

  it.each(['example', 'example_training_mode', 'epsilon', 'epsilon_training_mode'])(
    'of the ONNX test %s are given to the graph, which is said',
    async name => {
      await withSample(`onnx-testdata/test_batchnorm_${name}/model.onnx`, catalog => {
        expect(findLayers(catalog)).toEqual([]);
        expect(catalog.notes.join()).toContain(
          'gets gamma, beta, mean and variance from the graph',
        );
      });
    },
  );

  it('are the same 25, bit for bit, in the .pth, both .onnx and the TensorFlow checkpoint', async () => {
    const [pth, ...others] = await Promise.all(
      [
        'version-slim-320.pth',
        'version-slim-320.onnx',
        'version-slim-320_without_postprocessing.onnx',
        'tf_slim/variables.index',
      ].map(name => withSample(`ultraface/${name}`, digestsOf)),
    );
    // base_net.0.1 there is basenet.0.1_bn here, and the heads are in another order: compared as a set.
    expect(new Set(pth).size).toBe(25);
    for (const other of others) expect(other).toEqual(pth);
  });
});

async function digestsOf(catalog: TensorCatalog): Promise<string[]> {
  const digests = findLayers(catalog).map(layer => digestOf(catalog, layer));
  return (await Promise.all(digests)).sort();
}

/** All parameters of a layer, bit for bit. */
async function digestOf(catalog: TensorCatalog, { parameters }: FoundLayer): Promise<string> {
  const digests: string[] = [];
  for (const role of parameterNames) {
    const entry = parameters[role];
    if (entry !== undefined) digests.push(`${role} ${sha256(await valuesOf(catalog, entry))}`);
  }
  return digests.join(' ');
}

/** Files of `generated` that are no fixture, and how they are held to what made them. */
const others: Readonly<Record<string, 'not a tensor file' | 'no tensors' | { as: string }>> = {
  'dtypes2.h5': { as: 'hdf5/dtypes.h5' },
  'shard_00000.weights.h5': 'no tensors',
  'g16.png': 'not a tensor file',
  'g8.png': 'not a tensor file',
  'rgb.jpg': 'not a tensor file',
  'rgb.png': 'not a tensor file',
  't.parquet': 'not a tensor file',
  't_zstd.parquet': 'not a tensor file',
  'v4.mat': 'not a tensor file',
  'v5.mat': 'not a tensor file',
  'v5c.mat': 'not a tensor file',
  'keras_config.json': 'not a tensor file',
  'k3_savedmodel/fingerprint.pb': 'not a tensor file',
  'tfmod/fingerprint.pb': 'not a tensor file',
  'tf1/model.ckpt.meta': 'not a tensor file',
};

/** Counted above; the same variables are in their checkpoint, and the same JSON in the fixture. */
const alsoCounted: ReadonlySet<string> = new Set([
  'k3_savedmodel/saved_model.pb',
  'tfjs/model.json',
]);

describe.runIf(hasSamples)('what frameworks generated', () => {
  const folder = path.join(samples, 'generated');
  const files = hasSamples
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)))
    : [];
  const fixtures = new Set(
    readdirSync(fixtureFolder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => sha256(bytesOf(path.join(entry.parentPath, entry.name)))),
  );

  it('is a fixture, which its reader is held to, or one of the others', () => {
    const unknown = files.filter(name => {
      const isFixture = fixtures.has(sha256(bytesOf(path.join(folder, name))));
      return !isFixture && !(name in others) && !alsoCounted.has(name);
    });
    expect(files.length).toBeGreaterThan(70);
    expect(unknown).toEqual([]);
  });

  it.each(Object.entries(others))('%s reads as %j', async (name, how) => {
    const sample = path.join('generated', name);
    if (how === 'not a tensor file') {
      await expect(withSample(sample, () => undefined)).rejects.toThrow(path.basename(name));
      return;
    }
    await withSample(sample, async catalog => {
      if (how === 'no tensors') expect(catalog.entries).toEqual([]);
      else await expectAsExpected(catalog, expectedOf(how.as));
    });
  });
});
