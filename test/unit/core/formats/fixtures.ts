import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import type { ByteSource } from '../../../../src/core/formats/byteSource';
import type { TensorCatalog, TensorEntry } from '../../../../src/core/formats/catalog';
import type { Format } from '../../../../src/core/formats/format';
import type { FormatServices } from '../../../../src/core/formats/services';
import type { TensorData } from '../../../../src/core/tensor/tensor';
import { nodeServices } from '../../../../src/engine/files/nodeServices';
import { fakeSource } from './fakeSource';
import { processorTime } from './processorTime';

export const fixtureFolder = path.resolve(import.meta.dirname, '../../../fixtures/formats');

/** The foreign files that are not in the repository; see ../shared/samples/README.md. */
export const samples =
  process.env.NORMSCOPE_SAMPLES ??
  path.resolve(import.meta.dirname, '../../../../../shared/samples');

export const hasSamples = existsSync(samples);
if (!hasSamples) console.warn(`no samples at ${samples}: tests of foreign files are left out`);

export const never = new AbortController().signal;

export const services: FormatServices = nodeServices;

/** A file of a folder as a source, with those beside and below it as siblings. */
export function fileSource(file: string): ByteSource {
  const folder = path.dirname(file);
  const siblings = new Map(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .map(entry => path.join(entry.parentPath, entry.name))
      .map(full => [path.relative(folder, full), bytesOf(full)]),
  );
  return fakeSource(path.basename(file), bytesOf(file), siblings);
}

export function fixtureSource(name: string): ByteSource {
  return fileSource(path.join(fixtureFolder, name));
}

export function bytesOf(file: string): Uint8Array {
  return new Uint8Array(readFileSync(file));
}

export function openFixture(format: Format, name: string): Promise<TensorCatalog> {
  return format.open(fixtureSource(name), services, never);
}

/** What other programs read in a fixture: the scripts in test/fixtures/formats. */
export type Expected = Readonly<
  Record<
    string,
    { readonly shape: readonly number[]; readonly dtype: string; readonly sha256: string }
  >
>;

export function expectedOf(name: string): Expected {
  for (const file of ['expected.json', 'numpyExpected.json', 'torchExpected.json']) {
    const text = readFileSync(path.join(fixtureFolder, file), 'utf8');
    const expected = (JSON.parse(text) as Record<string, Expected | undefined>)[name];
    if (expected) return expected;
  }
  throw new Error(`no other program says what ${name} holds`);
}

export function entryOf({ entries }: TensorCatalog, name: string): TensorEntry {
  const entry = entries.find(one => one.name === name);
  if (!entry) throw new Error(`no ${name} among ${entries.map(one => one.name).join(', ')}`);
  return entry;
}

export async function valuesOf(catalog: TensorCatalog, name: string): Promise<TensorData> {
  const { content } = entryOf(catalog, name);
  if (content.kind === 'unreadable') throw new Error(`${name}: ${content.reason}`);
  return (await content.read({ signal: never })).data;
}

export function sha256(data: TensorData): string {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return createHash('sha256').update(bytes).digest('hex');
}

/** Holds every tensor that the other program lists to what it read. */
export async function expectAsExpected(catalog: TensorCatalog, expected: Expected): Promise<void> {
  expect(Object.keys(expected).length).toBeGreaterThan(0);
  for (const [name, { shape, dtype, sha256: digest }] of Object.entries(expected)) {
    const entry = entryOf(catalog, name);
    expect({ name, shape: entry.shape, dtype: entry.dtype }).toEqual({ name, shape, dtype });
    expect([name, sha256(await valuesOf(catalog, name))]).toEqual([name, digest]);
  }
}

/** The refusal of a file, as its message; anything else thrown is a bug and fails the test. */
export async function refusalOf(work: () => Promise<unknown>): Promise<string> {
  const { BadFile } = await import('../../../../src/core/formats/badFile');
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(BadFile);
    return (error as Error).message;
  }
  throw new Error('it was not refused');
}

/**
 * Opens every truncation and many single-byte changes of a file: each opens or is refused, and nothing
 * else is thrown. @param seed printed when it fails
 */
export async function surviveDamage(
  format: Format,
  name: string,
  seed = 1,
  rounds = 300,
): Promise<void> {
  const whole = fixtureSource(name);
  const bytes = bytesOf(path.join(fixtureFolder, name));
  const random = mulberry(seed);
  for (let round = 0; round < rounds; round++) {
    const damaged = bytes.slice(0, round % 2 ? bytes.length : Math.floor(random() * bytes.length));
    for (let i = 0; i < 1 + random() * 4 && damaged.length > 0; i++) {
      damaged[Math.floor(random() * damaged.length)] = Math.floor(random() * 256);
    }
    const source: ByteSource = { ...fakeSource(whole.name, damaged), sibling: whole.sibling };
    await expectHarmless(format, source, `seed ${seed}, round ${round}`);
  }
}

async function expectHarmless(format: Format, source: ByteSource, label: string): Promise<void> {
  const { BadFile } = await import('../../../../src/core/formats/badFile');
  const milliseconds = processorTime();
  try {
    const catalog = await format.open(source, services, never);
    for (const { content, bytes } of catalog.entries.slice(0, 20)) {
      if (content.kind === 'unreadable' || bytes > 1e6) continue;
      await content.read({ signal: never }).catch((error: unknown) => {
        if (!(error instanceof BadFile)) throw error;
      });
    }
    catalog.close?.();
  } catch (error) {
    if (!(error instanceof BadFile)) throw new Error(label, { cause: error });
  }
  expect(milliseconds(), label).toBeLessThan(2000);
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
