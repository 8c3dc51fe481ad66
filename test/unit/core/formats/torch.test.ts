import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findLayers } from '../../../../src/core/batchnorm/findLayers';
import { pickle, torch } from '../../../../src/core/formats/torch';
import type { TensorCatalog } from '../../../../src/core/formats/catalog';
import { fakeSource } from './fakeSource';
import {
  bytesOf,
  entryOf,
  expectAsExpected,
  expectedOf,
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
import { zipFile } from './zipFile';
import { processorTime } from './processorTime';

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));

/** A checkpoint with this pickle, and storages by their keys. */
function checkpoint(
  data: string,
  storages: Readonly<Record<string, Uint8Array>> = {},
  more: Readonly<Record<string, string>> = {},
): Promise<TensorCatalog> {
  const members = [
    { name: 'a/data.pkl', data: latin1(data) },
    ...Object.entries(storages).map(([key, bytes]) => ({ name: `a/data/${key}`, data: bytes })),
    ...Object.entries(more).map(([name, text]) => ({ name: `a/${name}`, data: latin1(text) })),
  ];
  return torch.open(fakeSource('a.pt', zipFile(members)), services, never);
}

/** `('storage', torch.TYPE, '0', 'cpu', elements)` as a persistent id. */
const storage = (type: string, elements: number): string =>
  `(U\x07storagectorch\n${type}\nU\x010U\x03cpuI${elements}\ntQ`;

const tuple = (numbers: readonly number[]): string =>
  `(${numbers.map(number => `I${number}\n`).join('')}t`;

interface Made {
  readonly type?: string;
  readonly elements?: number;
  readonly offset?: number;
  readonly shape?: readonly number[];
  readonly strides?: readonly number[];
}

function tensor({
  type = 'FloatStorage',
  elements = 4,
  offset = 0,
  shape = [4],
  strides = [1],
}: Made = {}): string {
  return `ctorch._utils\n_rebuild_tensor_v2\n(${storage(type, elements)}I${offset}\n${tuple(shape)}${tuple(strides)}\x89NtR`;
}

const four = new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer);

describe('torch', () => {
  it.each([
    'sd_zip.pt',
    'sd_legacy.pth',
    'ckpt_dict.pt',
    'full_model.pt',
    'views.pt',
    'views.pth',
    'quantised.pt',
    'scripted.pt',
    'exported.pt2',
  ])('reads %s as PyTorch does', async name => {
    const expected = expectedOf(`torch/${name}`);
    // What is quantised is listed with its own dtype and read as what it stands for.
    await expectAsExpected(await openFixture(torch, `torch/${name}`), expected);
  });

  it('reads every dtype and layout', async () => {
    const catalog = await openFixture(torch, 'torch/dtypes.pt');
    expect(catalog.entries).toHaveLength(26);
    const counting = [0, 1, 2, 3, 4, 5];
    for (const dtype of [
      'float8_e4m3fn',
      'float8_e5m2',
      'uint16',
      'uint32',
      'uint64',
      'bfloat16',
    ]) {
      expect([dtype, ...(await valuesOf(catalog, dtype))]).toEqual([dtype, ...counting]);
    }
    expect([...(await valuesOf(catalog, 'neg'))]).toEqual([1, -1, 1, -1]);
    expect([...(await valuesOf(catalog, 'slice'))]).toEqual([8, 9, 10, 14, 15, 16]);
    expect(entryOf(catalog, 'sparse').content).toEqual({
      kind: 'unreadable',
      reason: 'it is a sparse tensor',
    });
  });

  it('passes over what is only listed in a legacy file', async () => {
    const catalog = await openFixture(torch, 'torch/others.pth');
    expect(entryOf(catalog, 'sparse')).toMatchObject({ shape: [2, 3], dtype: 'float64' });
    expect(entryOf(catalog, 'channels').content.kind).toBe('unreadable');
    expect([...(await valuesOf(catalog, 'z'))]).toEqual([7, 7]);
  });

  it('reads arrays of NumPy’s among the objects', async () => {
    const catalog = await openFixture(torch, 'torch/arrays.pt');
    expect(entryOf(catalog, 'a')).toMatchObject({ shape: [2, 3], dtype: 'int32' });
    expect([...(await valuesOf(catalog, 'a'))]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('reads what whole modules state', async () => {
    const catalog = await openFixture(torch, 'torch/full_model.pt');
    const { notes } = catalog;
    const layers = findLayers(catalog);
    expect(layers.map(({ name }) => name)).toEqual(['bn1', 'layer1.1', 'norm', 'notrack']);
    expect(layers[0]).toMatchObject({ epsilon: 1e-5, momentum: 0.1, training: true, notes: [] });
    expect(layers[3]).toMatchObject({ tracking: 'none', parameters: { gamma: 'notrack.weight' } });
    expect(notes).toEqual([expect.stringContaining('__main__.Net')]);
  });

  it('reads what TorchScript states', async () => {
    const catalog = await openFixture(torch, 'torch/scripted.pt');
    expect(findLayers(catalog)).toMatchObject([
      { name: '1', epsilon: 1e-4, momentum: 0.3, training: false, channels: 4 },
    ]);
  });

  it('lets transposed and shared tensors be read in ranges', async () => {
    const catalog = await openFixture(torch, 'torch/views.pt');
    const { content } = entryOf(catalog, 'transposed');
    if (content.kind === 'unreadable') throw new Error(content.reason);
    const { data } = await content.read({ signal: never, range: { start: 3, count: 3 } });
    expect([...data]).toEqual([18, 1, 7]);
    expect(entryOf(catalog, 'base').content).toMatchObject({ ranges: true });
  });

  it('swaps the bytes of a big-endian archive', async () => {
    const swapped = four.slice().reverse();
    const catalog = await checkpoint(`${tensor()}.`, { 0: swapped }, { byteorder: 'big' });
    expect([...(await valuesOf(catalog, 'tensor'))]).toEqual([4, 3, 2, 1]);
  });

  it('reads few bytes of a checkpoint of many tensors', async () => {
    const bytes = bytesOf(path.join(fixtureFolder, 'torch/ckpt_dict.pt'));
    const source = fakeSource('ckpt_dict.pt', bytes);
    await torch.open(source, services, never);
    expect(source.bytesRead()).toBeLessThan(20_000);
  });
});

describe('what a checkpoint refers to', () => {
  it.each([
    ["cposix\nsystem\n(S'true'\ntR.", 'posix.system'],
    ["c__builtin__\neval\n(S'1'\ntR.", '__builtin__.eval'],
    ['\x80\x04\x8c\x0asubprocess\x8c\x05Popen\x93\x8c\x04true\x85R.', 'subprocess.Popen'],
    ["(S'true'\nios\nsystem\n.", 'os.system'],
    ["(cos\nsystem\nS'true'\no.", 'os.system'],
    ["cruntest\nA\n)R(S'x'\ncos\nsystem\nu.", 'os.system'],
  ])('is said, and never run: %j', async (data, name) => {
    const { entries, notes } = await checkpoint(data);
    expect(entries).toEqual([]);
    expect(notes[0]).toContain(name);
    expect(notes[0]).toContain('Nothing was executed');
  });

  it('leaves the tensors around it readable', async () => {
    const data = `}(U\x01a${tensor()}U\x01bcposix\nsystem\n(S'true'\ntRu.`;
    const catalog = await checkpoint(data, { 0: four });
    expect([...(await valuesOf(catalog, 'a'))]).toEqual([1, 2, 3, 4]);
    expect(catalog.notes).toHaveLength(1);
  });

  it('is not remarked on where it is what tensors are made of', async () => {
    const { notes } = await checkpoint(`}U\x01a${tensor()}sccollections\nOrderedDict\n)R\x86.`);
    expect(notes).toEqual([]);
  });
});

describe('damaged checkpoints', () => {
  it.each<[string, Made, Readonly<Record<string, Uint8Array>>, RegExp]>([
    ['whose storage is missing', {}, {}, /not in the file/],
    ['whose storage is too short', {}, { 0: four.slice(4) }, /needs 16 bytes/],
    ['with an offset behind its storage', { offset: 2 }, { 0: four }, /needs 24 bytes/],
    ['with strides that leave its storage', { strides: [2] }, { 0: four }, /needs 28 bytes/],
    [
      'of a shape that overflows',
      { shape: [2 ** 40, 2 ** 40], strides: [1, 1] },
      { 0: four },
      /impossible/,
    ],
    ['of an unknown dtype', { type: 'OddStorage' }, { 0: four }, /dtype bytes/],
  ])('list a tensor %s with the reason', async (_what, made, storages, reason) => {
    const { entries } = await checkpoint(`${tensor(made)}.`, storages);
    expect(entries).toMatchObject([
      { content: { reason: expect.stringMatching(reason) as string } },
    ]);
  });

  it('ignore a tensor whose description makes no sense', async () => {
    for (const odd of [
      tensor({ offset: -1 }),
      tensor({ shape: [4, 1] }),
      tensor({ strides: [-1] }),
      tensor({ elements: -4 }),
      'ctorch._utils\n_rebuild_tensor_v2\n)R',
      'ctorch._utils\n_rebuild_parameter\n)R',
      'ctorch._tensor\n_rebuild_from_type_v2\n)R',
      'cnumpy.core.multiarray\n_reconstruct\n)R',
    ]) {
      expect((await checkpoint(`${odd}.`, { 0: four })).entries).toEqual([]);
    }
  });

  it('walk a list with 2^40 paths to it once', async () => {
    const doubling = Array.from({ length: 40 }, () => '2\x86').join('');
    const milliseconds = processorTime();
    const { entries } = await checkpoint(`]${tensor()}a${doubling}.`, { 0: four });
    expect(entries).toHaveLength(1);
    expect(milliseconds()).toBeLessThan(500);
  });

  it('walk what a hundred thousand objects share once', async () => {
    const many = Array.from({ length: 20_000 }, () => 'K\x01N').join('');
    const attributes = `}(${many}ux`.replace('ux', 'uq\x00');
    const args = `(${']'.repeat(20_000)}tq\x01`;
    const objects = 'cm\nX\nh\x01Rh\x00b'.repeat(100_000);
    const milliseconds = processorTime();
    const { entries } = await checkpoint(`${attributes}${args}](${objects}${tensor()}e.`, {
      0: four,
    });
    expect(entries).toHaveLength(1);
    expect(milliseconds()).toBeLessThan(4000);
  });

  it('refuse paths that are too long together', async () => {
    const key = `X\xac\x26\x00\x00${'k'.repeat(9900)}`;
    const objects = 'cm\nX\n)R}b'.repeat(20_000);
    expect(await refusalOf(() => checkpoint(`}${key}](${objects}es.`, {}))).toMatch(/paths/);
  });

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['text', latin1('not a checkpoint at all')],
    ['a zip without a pickle', zipFile([{ name: 'a/b', data: four }])],
    ['a pickle nested 100,000 deep', nested(100_000)],
    [
      'a legacy file that ends in its pickles',
      latin1('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M'),
    ],
    ['a tar of the first PyTorch', tar()],
  ])('of %s are refused', async (_what, bytes) => {
    expect(await refusalOf(() => torch.open(fakeSource('a.pt', bytes), services, never))).not.toBe(
      '',
    );
  });

  it('lists the tensors before the end of a legacy file that is cut short', async () => {
    const bytes = bytesOf(path.join(fixtureFolder, 'torch/sd_legacy.pth'));
    const cut = fakeSource('a.pth', bytes.slice(0, bytes.length - 2000));
    const { entries } = await torch.open(cut, services, never);
    const kinds = entries.map(({ content }) => content.kind);
    expect(kinds).toHaveLength(28);
    expect(new Set(kinds)).toEqual(new Set(['readable', 'unreadable']));
  });

  it('survive damage', async () => {
    await surviveDamage(torch, 'torch/views.pt', 1);
    await surviveDamage(torch, 'torch/views.pth', 2);
    await surviveDamage(torch, 'torch/scripted.pt', 3);
    await surviveDamage(torch, 'torch/exported.pt2', 4);
  });
});

function nested(depth: number): Uint8Array {
  return zipFile([
    { name: 'a/data.pkl', data: latin1(`${']'.repeat(depth)}${'a'.repeat(depth - 1)}.`) },
  ]);
}

function tar(): Uint8Array {
  const bytes = new Uint8Array(1024);
  bytes.set(latin1('ustar'), 257);
  return bytes;
}

describe('a pickle by itself', () => {
  it('is read for its arrays', async () => {
    const array =
      "cnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I2\ntcnumpy\ndtype\n(S'f4'\nI00\nI01\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\nC\x08\x00\x00\x80?\x00\x00\x00@tb";
    const bytes = latin1(`\x80\x03}U\x01w${array}s.`);
    const catalog = await pickle.open(fakeSource('a.pkl', bytes), services, never);
    expect([...(await valuesOf(catalog, 'w'))]).toEqual([1, 2]);
    // As Python 2 writes bytes: a string, in which every byte is a character.
    const text = array.replace('C\x08', 'U\x08').replace('\x00\x00\x00@', '\x85\x9f\xff\x80');
    const old = latin1(`\x80\x02}U\x01w${text}s.`);
    const read = await pickle.open(fakeSource('a.pkl', old), services, never);
    const [second] = new Float32Array(Uint8Array.of(0x85, 0x9f, 0xff, 0x80).buffer);
    expect([...(await valuesOf(read, 'w'))]).toEqual([1, second]);
    // What is no byte is refused where it is read, and too little of it is listed so.
    const wide = text
      .replace('U\x08', 'X\x09\x00\x00\x00')
      .replace('\x85\x9f\xff\x80', '\xc4\x80abc');
    const odd = await pickle.open(
      fakeSource('a.pkl', latin1(`\x80\x02}U\x01w${wide}s.`)),
      services,
      never,
    );
    expect(await refusalOf(() => valuesOf(odd, 'w'))).toMatch(/more than bytes/);
    const short = latin1(
      `\x80\x02}U\x01w${array.replace('C\x08', 'C\x07').replace('@tb', 'tb')}s.`,
    );
    const { entries } = await pickle.open(fakeSource('a.pkl', short), services, never);
    expect(entries).toMatchObject([{ content: { reason: 'it needs 8 bytes and has 7' } }]);
  });
});

describe.runIf(hasSamples)('torch, foreign files', () => {
  it.each([
    ['ultraface/version-slim-320.pth', 25],
    ['ultraface/version-RFB-320.pth', 35],
    ['silero/silero_vad.jit', 0],
  ])('finds the layers of %s', async (name, count) => {
    const catalog = await torch.open(fileSource(path.join(samples, name)), services, never);
    expect(findLayers(catalog)).toHaveLength(count);
    expect(catalog.entries.every(({ content }) => content.kind === 'readable')).toBe(true);
  });
});
