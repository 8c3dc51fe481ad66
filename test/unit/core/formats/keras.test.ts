import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBytes } from '../../../../src/core/formats/byteSource';
import type { LayerHint, TensorCatalog } from '../../../../src/core/formats/catalog';
import { hdf5 } from '../../../../src/core/formats/hdf5';
import { keras } from '../../../../src/core/formats/keras';
import { indexConfig } from '../../../../src/core/formats/keras/configIndex';
import { findBatchNorms } from '../../../../src/core/formats/keras/modelConfig';
import { kerasConvention } from '../../../../src/core/formats/keras/namedLayers';
import { positionalLayers } from '../../../../src/core/formats/keras/positionalLayers';
import { recognise } from '../../../../src/core/formats/registry';
import { tensorflow } from '../../../../src/core/formats/tensorflow';
import { openMember, readZip } from '../../../../src/core/formats/zip';
import { fakeSource } from './fakeSource';
import {
  bytesOf,
  expectAsExpected,
  expectedOf,
  fixtureFolder,
  fixtureSource,
  never,
  openFixture,
  refusalOf,
  services,
  surviveDamage,
  valuesOf,
} from './fixtures';
import { zipFile, type MadeMember } from './zipFile';

const roles = ['gamma', 'beta', 'movingMean', 'movingVariance'] as const;

/** What a configuration states of the one model in `k3.*`. */
const stated = [
  { name: 'bn_conv1', epsilon: 1e-3, momentum: 0.99 },
  { name: 'batch_normalization', epsilon: 1e-5, momentum: 0.9 },
  { name: 'bn_noaffine', epsilon: 1e-3, momentum: 0.99 },
].map(layer => ({ ...layer, convention: 'keras3', channelAxis: -1, trainable: true }));

/** The values of a layer by role, from a hint that says where they are. */
async function parametersOf(
  catalog: TensorCatalog,
  { parameters = {} }: LayerHint,
): Promise<Partial<Record<string, number[]>>> {
  const found: Partial<Record<string, number[]>> = {};
  for (const role of roles) {
    const name = parameters[role];
    if (name !== undefined) found[role] = [...(await valuesOf(catalog, name))];
  }
  return found;
}

/** The same where names tell the roles. */
async function namedParameters(
  catalog: TensorCatalog,
  layer: string,
): Promise<Partial<Record<string, number[]>>> {
  const found: Partial<Record<string, number[]>> = {};
  for (const [i, name] of ['gamma', 'beta', 'moving_mean', 'moving_variance'].entries()) {
    if (!catalog.entries.some(entry => entry.name === `${layer}/${name}`)) continue;
    found[roles[i]!] = [...(await valuesOf(catalog, `${layer}/${name}`))];
  }
  return found;
}

describe('keras', () => {
  it('hints at the layers of a saved model by its configuration, in its order', async () => {
    const { hints, entries } = await openFixture(hdf5, 'keras/k3.h5');
    expect(hints).toEqual(
      stated.map(layer => ({ ...layer, name: `model_weights/${layer.name}/${layer.name}` })),
    );
    const layers = entries.flatMap(({ name }) => /^model_weights\/([^/]*)/.exec(name)?.[1] ?? []);
    expect([...new Set(layers)]).toEqual([
      'conv1',
      'bn_conv1',
      'conv2d',
      'batch_normalization',
      'bn_noaffine',
      'layer_normalization',
      'dense',
    ]);
  });

  it('finds a layer in a wrapper by its own name', async () => {
    const { hints } = await openFixture(hdf5, 'keras/nested.h5');
    expect(hints).toMatchObject([
      { name: 'model_weights/td/inner/inner_bn', epsilon: 1e-3, convention: 'keras3' },
    ]);
  });

  it('resolves weights without names by their positions', async () => {
    const catalog = await openFixture(hdf5, 'keras/k3.weights.h5');
    expect(catalog.hints.map(({ name }) => name)).toEqual(stated.map(({ name }) => name));
    expect(catalog.hints[2]).toEqual({
      name: 'bn_noaffine',
      convention: 'keras3',
      parameters: {
        movingMean: 'layers/batch_normalization_2/vars/0',
        movingVariance: 'layers/batch_normalization_2/vars/1',
      },
    });
  });

  it('names a layer by those around it', async () => {
    const { hints } = await openFixture(hdf5, 'keras/nested.weights.h5');
    expect(hints).toMatchObject([{ name: 'td/inner/inner_bn' }]);
    expect(Object.keys(hints[0]?.parameters ?? {})).toEqual([...roles]);
  });

  it('leaves open which of gamma and beta three variables have, where nobody says', async () => {
    const { hints } = await openFixture(hdf5, 'keras/kbf.weights.h5');
    expect(hints[1]?.notes).toEqual([expect.stringMatching(/one of gamma and beta/)]);
    expect(Object.keys(hints[1]?.parameters ?? {})).toEqual(['movingMean', 'movingVariance']);
  });

  it('reads one model from three files alike, bit for bit', async () => {
    const weights = await openFixture(hdf5, 'keras/k3.weights.h5');
    const model = await openFixture(hdf5, 'keras/k3.h5');
    const checkpoint = await openFixture(tensorflow, 'tensorflow/tfckpt/ckpt-1.index');
    for (const hint of weights.hints) {
      const { name } = hint;
      const parameters = await parametersOf(weights, hint);
      expect(Object.keys(parameters).length).toBe(name === 'bn_noaffine' ? 2 : 4);
      expect(await namedParameters(model, `model_weights/${name}/${name}`)).toEqual(parameters);
      expect(await namedParameters(checkpoint, name)).toEqual(parameters);
    }
  });
});

/** The archive of a model that Keras saved, with members changed or left out. */
function archive(
  name: string,
  change: (member: string, data: Uint8Array) => Partial<MadeMember> | undefined,
): Promise<Uint8Array> {
  const whole = fixtureSource(name);
  return readZip(whole, never).then(async members => {
    const made: MadeMember[] = [];
    for (const member of members.values()) {
      const opened = await openMember(whole, member, services, never);
      const data = await readBytes(opened, 0, opened.size, never);
      const changed = change(member.name, data);
      if (changed) made.push({ name: member.name, data, ...changed });
    }
    return zipFile(made);
  });
}

const openArchive = (bytes: Uint8Array): Promise<TensorCatalog> =>
  keras.open(fakeSource('m.keras', bytes), services, never);

describe('a .keras archive', () => {
  it('is read as its weights are, where they lie, with what the configuration says', async () => {
    const bytes = bytesOf(path.join(fixtureFolder, 'keras/k3.keras'));
    const source = fakeSource('k3.keras', bytes);
    const catalog = await keras.open(source, services, never);
    const weights = await openFixture(hdf5, 'keras/k3.weights.h5');
    await expectAsExpected(catalog, expectedOf('keras/k3.weights.h5'));
    expect(catalog.format).toBe('keras');
    expect(catalog.hints).toEqual(stated.map((layer, i) => ({ ...weights.hints[i], ...layer })));
    expect(recognise(bytes.subarray(0, 4096), 'k3.keras')).toBe(keras);
  });

  it('resolves three variables by the configuration', async () => {
    const { hints } = await openFixture(keras, 'keras/kbf.keras');
    expect(Object.keys(hints[1]?.parameters ?? {})).toEqual([
      'beta',
      'movingMean',
      'movingVariance',
    ]);
    expect(hints[1]?.notes).toBeUndefined();
  });

  it('is read deflated too', async () => {
    const catalog = await openArchive(await archive('keras/kbf.keras', () => ({ deflate: true })));
    await expectAsExpected(catalog, expectedOf('keras/kbf.weights.h5'));
  });

  it('is read without a configuration, or with a damaged one', async () => {
    const none = await archive('keras/k3.keras', name => (name === 'config.json' ? undefined : {}));
    const damaged = await archive('keras/k3.keras', name =>
      name === 'config.json' ? { data: new TextEncoder().encode('{"class_name":') } : {},
    );
    for (const bytes of [none, damaged]) {
      const { hints } = await openArchive(bytes);
      expect(hints.map(({ name }) => name)).toEqual(stated.map(({ name }) => name));
      expect(hints[0]?.epsilon).toBeUndefined();
    }
  });

  it('is refused without weights, or with weights that are something else', async () => {
    const empty = await archive('keras/kbf.keras', name => (name.endsWith('.h5') ? undefined : {}));
    expect(await refusalOf(() => openArchive(empty))).toMatch(/no model\.weights\.h5/);
    const other = await archive('keras/kbf.keras', name =>
      name.endsWith('.h5') ? { data: new Uint8Array(5000) } : {},
    );
    expect(await refusalOf(() => openArchive(other))).toMatch(/HDF5 cannot read it/);
  });

  it('survives damage', () => surviveDamage(keras, 'keras/kbf.keras', 1, 100));
});

const layer = (name: string, config: object = {}): object => ({
  class_name: 'BatchNormalization',
  config: { name, epsilon: 1e-3, moving_variance_initializer: {}, ...config },
});
const model = (name: string, ...layers: object[]): object => ({ config: { name, layers } });

const group = (
  path: string,
  names: readonly string[],
  count: number,
): Parameters<typeof positionalLayers>[0][number] => ({
  path,
  names,
  variables: Array.from({ length: count }, (_, i) => ({ name: `${path}/vars/${i}`, shape: [4] })),
});

const positional = (groups: readonly ReturnType<typeof group>[], config: object): LayerHint[] => {
  const configured = findBatchNorms(config);
  return positionalLayers(groups, configured, indexConfig(configured));
};

describe('a Keras configuration', () => {
  it('tells layers of one name apart by the models around them', () => {
    const found = findBatchNorms(
      model('top', model('left', layer('bn')), model('right', layer('bn', { epsilon: 0.5 }))),
    );
    const find = indexConfig(found);
    expect(find('bn', ['right', 'bn'])?.epsilon).toBe(0.5);
    expect(find('bn', ['left', 'bn'])?.epsilon).toBe(1e-3);
    // Both would do, and they do not say the same.
    expect(find('bn', ['bn'])).toBeUndefined();
    expect(find('toString', [])).toBeUndefined();
  });

  it('says which of gamma and beta is absent', () => {
    const configs = model('m', layer('a', { scale: false }), layer('b', { center: false }));
    const hints = positional([group('layers/x', ['a'], 3), group('layers/y', ['b'], 3)], configs);
    expect(hints.map(({ parameters }) => Object.keys(parameters ?? {})[0])).toEqual([
      'beta',
      'gamma',
    ]);
  });

  it('is matched by order where Keras 2 wrote no names', () => {
    const configs = model('m', layer('first', { epsilon: 0.1 }), layer('second', { epsilon: 0.2 }));
    const groups = ['layers/batch_normalization', 'layers/batch_normalization_1'];
    const hints = positional(
      groups.map(path => group(path, [], 4)),
      configs,
    );
    expect(hints.map(({ epsilon }) => epsilon)).toEqual([0.1, 0.2]);
  });

  it('takes no other group of vectors for batch norm', () => {
    expect(positional([group('layers/layer_normalization', ['ln'], 2)], {})).toEqual([]);
    expect(positional([group('layers/batch_normalization', ['bn'], 5)], {})).toEqual([]);
  });

  it('survives a configuration of anything, at any depth and size', () => {
    let deep: object = layer('bn');
    for (let i = 0; i < 100_000; i++) deep = { a: deep };
    expect(findBatchNorms(deep)).toHaveLength(1);
    expect(
      findBatchNorms({ config: { name: 3, epsilon: 1, moving_variance_initializer: 0 } }),
    ).toEqual([]);
    expect(findBatchNorms([null, 'x', [[]]])).toEqual([]);
    const many = Array.from({ length: 100_000 }, () => layer('same'));
    const find = indexConfig(findBatchNorms(many));
    for (let i = 0; i < 1000; i++) find('same', []);
  });

  it.each([
    ['3.15.1', 'keras3'],
    ['2.14.0', 'keras2'],
    ['2.2.4-tf', 'keras2'],
    ['2.2.4', 'keras-standalone'],
    ['2.3.1', 'keras-standalone'],
    ['1.2.2', 'keras-standalone'],
    ['4.0', undefined],
  ])('of version %s follows %s', (version, convention) => {
    expect(kerasConvention(version)).toBe(convention);
  });
});
