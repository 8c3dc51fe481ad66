import { readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findLayers } from '../../src/core/batchnorm/findLayers';
import { readLayerStatement } from '../../src/core/batchnorm/readLayer';
import { BadFile, guarded } from '../../src/core/formats/badFile';
import type { ByteSource } from '../../src/core/formats/byteSource';
import type { TensorCatalog, TensorEntry } from '../../src/core/formats/catalog';
import type { Format } from '../../src/core/formats/format';
import { formats, openCatalog, recognise } from '../../src/core/formats/registry';
import { sizeOf } from '../../src/core/tensor/shape';
import { fakeSource } from '../unit/core/formats/fakeSource';
import { bytesOf, fixtureFolder, never, services } from '../unit/core/formats/fixtures';
import { processorTime } from '../unit/core/formats/processorTime';
import { mutated } from './fileMutations';
import { printedSeed, Random } from './random';

/** Damaged files that are read; NORMSCOPE_FUZZ=100000 reads more of them. */
const inputs = Number(process.env.NORMSCOPE_FUZZ ?? 2500);

/** Of processor time, since a busy machine is no fault of a reader's. */
const mostMilliseconds = 2000;

/** More than any fixture has any reason for. */
const mostGrowth = 700e6;

/** A file that some reader opens, with those beside and below it. */
interface Fixture {
  readonly format: Format;
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly siblings: ReadonlyMap<string, Uint8Array>;
}

function fixturesOf(folder: string): Fixture[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => path.relative(folder, path.join(entry.parentPath, entry.name)));
  const all = new Map(files.map(name => [name, bytesOf(path.join(folder, name))]));
  return files.flatMap(name => {
    const bytes = all.get(name) ?? new Uint8Array();
    const base = path.dirname(name);
    const format = recognise(bytes.subarray(0, 4096), path.basename(name));
    if (format === undefined) return [];
    const siblings = [...all].flatMap(([other, content]): [string, Uint8Array][] => {
      const relative = path.relative(base, other);
      return other === name || relative.startsWith('..') ? [] : [[relative, content]];
    });
    return [{ format, name, bytes, siblings: new Map(siblings) }];
  });
}

/** What no framework wrote for the fixtures. */
const handmade: readonly Fixture[] = [
  made('safetensors-index', 'm.safetensors.index.json', '{"weight_map":{"a":"m.safetensors"}}'),
  made('torch-index', 'p.bin.index.json', '{"weight_map":{"bn1.weight":"p.bin"}}'),
  made('json-lines', 'a.jsonl', '{"input": [[1, 2e-3]], "bn": {"gamma": [1, 1]}}\n{"x": [NaN]}\n'),
  made('onnx-tensor', 'input_0.pb', '\x08\x02\x10\x01\x42\x01x\x4a\x08\0\0\x80\x3f\0\0\0\x40'),
  made(
    'pickle',
    'a.pkl',
    "\x80\x03}U\x01wcnumpy.core.multiarray\n_reconstruct\n(cnumpy\nndarray\n(I0\ntS'b'\ntR(I1\n(I2\ntcnumpy\ndtype\n(S'f4'\nI00\nI01\ntR(I3\nS'<'\nNNNI-1\nI-1\nI0\ntbI00\nC\x08\0\0\x80\x3f\0\0\0\x40tbs.",
  ),
];

function made(id: string, name: string, latin1: string): Fixture {
  const format = formats.find(one => one.id === id);
  if (format === undefined) throw new Error(`there is no format ${id}`);
  const shard = bytesOf(path.join(fixtureFolder, 'safetensors/model.safetensors'));
  const checkpoint = bytesOf(path.join(fixtureFolder, 'torch/sd_zip.pt'));
  const siblings = new Map([
    ['m.safetensors', shard],
    ['p.bin', checkpoint],
  ]);
  return { format, name, bytes: new Uint8Array(Buffer.from(latin1, 'latin1')), siblings };
}

const fixtures = [...fixturesOf(fixtureFolder), ...handmade].filter(
  ({ name }) => !/\.(py|md)$|xpected\.json$/.test(name),
);

const isHdf5 = ({ format }: Fixture): boolean => ['hdf5', 'keras'].includes(format.id);

/** Starting a file costs the HDF5 library some milliseconds; the others take microseconds. */
function pickFixture(random: Random): Fixture {
  const slow = random.integer(0, 9) === 0;
  return random.pick(fixtures.filter(fixture => isHdf5(fixture) === slow));
}

function damagedSource(fixture: Fixture, random: Random): { source: ByteSource; how: string } {
  const { bytes, siblings, name } = fixture;
  const donor = random.pick(fixtures).bytes;
  const file = path.basename(name);
  const sibling = siblings.size > 0 && random.integer(0, 3) === 0;
  if (!sibling) {
    const { bytes: damaged, how } = mutated(bytes, random, donor);
    return { source: fakeSource(file, damaged, siblings), how };
  }
  const other = random.pick([...siblings.keys()]);
  const { bytes: damaged, how } = mutated(siblings.get(other) ?? bytes, random, donor);
  const changed = new Map([...siblings, [other, damaged]]);
  return { source: fakeSource(file, bytes, changed), how: `${other}: ${how}` };
}

/** Opens a file by its own reader, lists its layers, reads some of both. */
async function readAll(format: Format, source: ByteSource, byName: boolean): Promise<void> {
  const opened = byName
    ? await openCatalog(source, services, never)
    : await guarded(source.name, () => format.open(source, services, never));
  if (!opened.ok) {
    expect(opened.problem.message).toMatch(/^[^\n]{10,1000}$/);
    expect(opened.problem.message.startsWith(`${source.name}: `)).toBe(true);
    return;
  }
  const catalog = opened.value;
  try {
    expect(new Set(catalog.entries.map(({ name }) => name)).size).toBe(catalog.entries.length);
    for (const entry of catalog.entries.slice(0, 12)) await refusedAtMost(() => readSome(entry));
    await readLayers(catalog);
  } finally {
    catalog.close?.();
  }
}

async function readSome({ shape, content }: TensorEntry): Promise<void> {
  if (content.kind === 'unreadable') return;
  const elements = sizeOf(shape);
  if (elements > 100_000 && !content.ranges) return;
  const count = Math.min(elements, 1000);
  const start = elements - count;
  const { data } = await content.read({ signal: never, range: { start, count } });
  expect(data.length).toBe(count * content.numbers);
}

async function readLayers(catalog: TensorCatalog): Promise<void> {
  for (const layer of findLayers(catalog).slice(0, 3)) {
    if (layer.channels > 100_000) continue;
    await refusedAtMost(() => readLayerStatement(catalog, layer, never));
  }
}

async function refusedAtMost(work: () => Promise<unknown>): Promise<void> {
  await work().catch((error: unknown) => {
    if (!(error instanceof BadFile)) throw error;
  });
}

const seed = printedSeed('formats');

it('every reader has a fixture to damage', () => {
  const covered = new Set(fixtures.map(({ format }) => format.id));
  expect(formats.map(({ id }) => id).filter(id => !covered.has(id))).toEqual([]);
});

it(
  `${inputs} damaged files are read in part or refused in a line, quickly, in bounded memory`,
  async () => {
    const before = process.memoryUsage().rss;
    for (let i = 0; i < inputs; i++) {
      const random = new Random(seed + i);
      const fixture = pickFixture(random);
      const { source, how } = damagedSource(fixture, random);
      const label = `${fixture.name} (${how}): NORMSCOPE_SEED=${seed + i} NORMSCOPE_FUZZ=1 repeats it`;
      const milliseconds = processorTime();
      await readAll(fixture.format, source, random.boolean()).catch((error: unknown) => {
        throw new Error(label, { cause: error });
      });
      expect(milliseconds(), label).toBeLessThan(mostMilliseconds);
      expect(process.memoryUsage().rss - before, label).toBeLessThan(mostGrowth);
    }
  },
  Math.max(90_000, 100 * inputs),
);
