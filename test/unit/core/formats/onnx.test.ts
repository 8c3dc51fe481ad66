import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { onnx, onnxTensor } from '../../../../src/core/formats/onnx';
import { fakeSource } from './fakeSource';
import {
  bytesOf,
  expectAsExpected,
  expectedOf,
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

/** A protobuf field of bytes. */
function field(number: number, ...payload: (number | number[])[]): number[] {
  const bytes = payload.flat();
  return [...varint(number * 8 + 2), ...varint(bytes.length), ...bytes];
}

function number(field: number, value: number): number[] {
  return [...varint(field * 8), ...varint(value)];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}

function text(number: number, value: string): number[] {
  return field(number, [...new TextEncoder().encode(value)]);
}

/** A model whose graph is these fields. */
function model(...graph: number[][]): Uint8Array {
  return new Uint8Array(field(7, ...graph));
}

const open = (
  bytes: Uint8Array,
  siblings?: ReadonlyMap<string, Uint8Array>,
): ReturnType<typeof onnx.open> =>
  onnx.open(fakeSource('m.onnx', bytes, siblings), services, never);

describe('onnx', () => {
  it.each(['onnx/bn.onnx', 'onnx/bn_ext.onnx'])('reads %s as onnx does', async name => {
    await expectAsExpected(await openFixture(onnx, name), expectedOf(name));
  });

  it('finds a batch norm by the inputs of its node, with what it states', async () => {
    const { hints } = await openFixture(onnx, 'onnx/bn.onnx');
    expect(hints).toEqual([
      {
        name: 'bn1',
        parameters: {
          gamma: 'bn1.weight',
          beta: 'bn1.bias',
          movingMean: 'bn1.running_mean',
          movingVariance: 'bn1.running_var',
        },
        convention: 'onnx',
        epsilon: 1e-5,
        momentum: 0.9,
        channelAxis: 1,
        training: false,
        notes: [],
      },
    ]);
  });

  it('reads typed values, packed or not', async () => {
    const packed = field(
      5,
      number(1, 2),
      number(2, 6),
      text(8, 'packed'),
      field(5, varint(7), varint(300)),
    );
    const loose = field(
      5,
      number(1, 2),
      number(2, 7),
      text(8, 'loose'),
      number(7, 1),
      number(7, 2),
    );
    const catalog = await open(model(packed, loose));
    expect([...(await valuesOf(catalog, 'packed'))]).toEqual([7, 300]);
    expect([...(await valuesOf(catalog, 'loose'))]).toEqual([1, 2]);
  });

  it('finds the tensors that Identity nodes pass on to a batch norm', async () => {
    const vector = [...number(1, 1), ...number(2, 3), ...field(9, [5])];
    const stored = ['a.weight', 'a.bias'].map(name => field(5, vector, text(8, name)));
    const identity = (input: string, output: string): number[] =>
      field(1, text(1, input), text(2, output), text(4, 'Identity'));
    const inputs = ['x', 'b.weight', 'b.bias', 'b.mean', 'b.var'].map(name => text(1, name));
    const { hints } = await open(
      model(
        ...stored,
        identity('a.weight', 'b.weight'),
        identity('a.bias', 'b.bias'),
        identity('a.bias', 'between'),
        identity('between', 'b.mean'),
        identity('b.var', 'b.var'),
        field(1, ...inputs, text(4, 'BatchNormalization')),
      ),
    );
    expect(hints).toMatchObject([
      {
        name: 'b',
        parameters: { gamma: 'a.weight', beta: 'a.bias', movingMean: 'a.bias' },
        notes: ['Not in the file: movingVariance.'],
      },
    ]);
  });

  it.each([
    ['a name', text(8, 'n'.repeat(70_000))],
    ['a key of external data', field(13, text(1, 'k'.repeat(70_000)))],
  ])('refuses a tensor with %s of any length', async (_what, part) => {
    expect(await refusalOf(() => open(model(field(5, part))))).toMatch(/name has 70/);
  });

  it('finds constants and the tensors of subgraphs', async () => {
    const tensor = [...number(1, 1), ...number(2, 3), ...field(9, [5])];
    const value = field(5, text(1, 'value'), field(5, tensor));
    const constant = field(1, text(2, 'c'), text(4, 'Constant'), value);
    const inner = field(5, tensor, text(8, 'w'));
    const branch = field(1, text(4, 'If'), field(5, text(1, 'then_branch'), field(6, inner)));
    const catalog = await open(model(constant, branch, field(5, tensor, text(8, 'w'))));
    expect(catalog.entries.map(({ name }) => name)).toEqual(['c', 'w', 'w (2)']);
  });

  it.each(['../secret', '/etc/passwd', 'a/../../secret', 'C:\\secret', '..\\secret'])(
    'never opens external data at %s',
    async location => {
      const keys = field(13, text(1, 'location'), text(2, location));
      const tensor = field(5, number(1, 1), number(2, 1), text(8, 'w'), keys, number(14, 1));
      const catalog = await open(model(tensor), new Map([['secret', new Uint8Array(4)]]));
      const { content } = entryOf(catalog, 'w');
      expect(content.kind).toBe('unreadable');
      expect(content).toHaveProperty('reason', expect.stringMatching(/not in its own folder/));
    },
  );

  it('lists external data that is missing or too short, with the reason', async () => {
    const external = (name: string, location: string, offset: string): number[] =>
      field(
        5,
        number(1, 2),
        number(2, 1),
        text(8, name),
        field(13, text(1, 'location'), text(2, location)),
        field(13, text(1, 'offset'), text(2, offset)),
        number(14, 1),
      );
    const catalog = await open(
      model(
        external('gone', 'gone.bin', '0'),
        external('short', 'd.bin', '4'),
        external('odd', 'd.bin', '-8'),
      ),
      new Map([['d.bin', new Uint8Array(8)]]),
    );
    expect(catalog.entries.map(({ content }) => content.kind)).toEqual(
      new Array(3).fill('unreadable'),
    );
  });

  it.each([
    ['a length of 2^60', [0x3a, ...varint(2 ** 60)]],
    ['a field that goes over its message', [0x3a, 4, 0x2a, 100, 0, 0]],
    ['no graph', [0x08, 7]],
    ['an unknown wire type', [0x3b]],
    ['an endless number', new Array<number>(40).fill(0xff)],
    ['a dimension of 2^60', [...field(7, field(5, number(1, 2 ** 60), number(2, 1)))]],
    [
      '65 dimensions',
      [...field(7, field(5, field(1, new Array<number>(65).fill(1)), number(2, 1)))],
    ],
  ])('refuses %s', async (_what, bytes) => {
    expect(await refusalOf(() => open(new Uint8Array(bytes)))).not.toBe('');
  });

  it('refuses graphs within graphs without end', async () => {
    let graph: number[] = [];
    for (let depth = 0; depth < 40; depth++) {
      graph = field(1, text(4, 'If'), field(5, text(1, 'g'), field(6, graph)));
    }
    expect(await refusalOf(() => open(model(graph)))).toMatch(/nested/);
  });

  it('survives damage', () => surviveDamage(onnx, 'onnx/bn.onnx'));
});

describe.runIf(hasSamples)('onnx, foreign files', () => {
  it.each(['version-slim-320.onnx', 'version-slim-320_without_postprocessing.onnx'])(
    'finds 25 layers in %s',
    async name => {
      const source = fileSource(path.join(samples, 'ultraface', name));
      const { hints } = await onnx.open(source, services, never);
      expect(hints).toHaveLength(25);
      expect(hints.every(({ parameters }) => Object.keys(parameters ?? {}).length === 4)).toBe(
        true,
      );
      expect(hints[0]).toMatchObject({ name: 'base_net.0.1', epsilon: 1e-5, momentum: 0.9 });
    },
  );

  it('reads the tensors of the test data, and a node in training mode', async () => {
    const folder = path.join(samples, 'onnx-testdata/test_batchnorm_epsilon_training_mode');
    const scale = await onnxTensor.open(
      fileSource(path.join(folder, 'test_data_set_0/input_1.pb')),
      services,
      never,
    );
    expect(scale.entries).toMatchObject([{ name: 's', shape: [3], dtype: 'float32' }]);
    expect(Array.from(await valuesOf(scale, 's'), x => x.toFixed(4))).toEqual([
      '0.7134',
      '-0.7281',
      '0.8395',
    ]);
    const source = fakeSource('model.onnx', bytesOf(path.join(folder, 'model.onnx')));
    const { hints } = await onnx.open(source, services, never);
    expect(hints).toMatchObject([{ training: true, epsilon: 0.01, parameters: {} }]);
  });

  it('reads little more than heads', async () => {
    const bytes = bytesOf(path.join(fixtureFolder, 'onnx/bn_ext.onnx'));
    const source = fakeSource('bn_ext.onnx', bytes);
    await onnx.open(source, services, never);
    expect(source.reads()).toBe(1);
  });
});
