import { copyFileSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { resolveLayer } from '../../../../src/core/batchnorm/statement';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import { fail, ok } from '../../../../src/core/problem';
import { createEngine } from '../../../../src/engine/engine';
import { threadMemory } from '../../../../src/engine/memory/engineMemory';
import type { EngineHost } from '../../../../src/engine/files/engineHost';
import type { TensorFile } from '../../../../src/protocol/engineFiles';
import { bytesOf, fixtureFolder } from '../../core/formats/fixtures';
import { never, problemOf, readWhole, tensorCount, valueOf } from '../support';

const engine = createEngine();
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'normscope-files-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

function fixture(name: string): TensorFile {
  return { kind: 'file', path: join(fixtureFolder, name) };
}

/** A .npy file of a dtype; its values are given as bytes. */
function npyFile(name: string, descr: string, shape: string, data: Uint8Array): TensorFile {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
  const text = Buffer.from(`${header.padEnd(117)}\n`, 'latin1');
  const start = Buffer.from([0x93, 78, 85, 77, 80, 89, 1, 0, text.length, 0]);
  const path = join(folder, name);
  writeFileSync(path, Buffer.concat([start, text, data]));
  return { kind: 'file', path };
}

describe('listing a file', () => {
  it('gives what it holds, by name', async () => {
    const file = fixture('safetensors/model.safetensors');
    const { entries, ...catalog } = valueOf(await engine.catalog({ file }, never));
    expect(catalog).toMatchObject({ format: 'safetensors', bytes: 9408, notes: [] });
    expect(entries).toHaveLength(28);
    expect(entries[0]).toEqual({
      name: 'bn1.num_batches_tracked',
      shape: [],
      dtype: 'int64',
      bytes: 8,
    });
    expect(catalog.layers.map(({ name }) => name)).toEqual(['bn1', 'inorm', 'layer1.1', 'norm']);
  });

  it('says why a tensor cannot be read', async () => {
    const { entries } = valueOf(await engine.catalog({ file: fixture('npy/np_obj.npy') }, never));
    expect(entries).toMatchObject([{ unreadable: expect.stringContaining('pickled') as string }]);
  });

  it.each([
    ['nowhere.pt', 'file-missing'],
    ['', 'is-folder'],
    ['README.md', 'format-unknown'],
  ])('refuses %j', async (name, code) => {
    const problem = problemOf(await engine.catalog({ file: fixture(name) }, never));
    expect(problem.code).toBe(code);
    expect(problem.message).toContain(name);
  });

  it('notices that the file has changed', async () => {
    const path = join(folder, 'changing.safetensors');
    const file = { kind: 'file', path } as const;
    copyFileSync(join(fixtureFolder, 'safetensors/model.safetensors'), path);
    expect(valueOf(await engine.catalog({ file }, never)).entries).toHaveLength(28);
    copyFileSync(join(fixtureFolder, 'safetensors/dtypes.safetensors'), path);
    expect(valueOf(await engine.catalog({ file }, never)).entries).toHaveLength(18);
    writeFileSync(path, '');
    expect(problemOf(await engine.catalog({ file }, never)).code).toBe('cut-short');
    rmSync(path);
    expect(problemOf(await engine.catalog({ file }, never)).code).toBe('file-missing');
  });

  it('notices that a shard has changed, or has come', async () => {
    const path = join(folder, 'sharded.safetensors.index.json');
    const map = { 'bn1.running_mean': 'first.safetensors', 'bn1.bias': 'second.safetensors' };
    writeFileSync(path, JSON.stringify({ weight_map: map }));
    const file = { kind: 'file', path } as const;
    const shard = join(folder, 'first.safetensors');
    copyFileSync(join(fixtureFolder, 'safetensors/model.safetensors'), shard);
    const names = async (): Promise<string[]> =>
      valueOf(await engine.catalog({ file }, never)).entries.map(({ name }) => name);
    const { beside } = valueOf(await engine.catalog({ file }, never));
    expect(beside).toEqual(['first.safetensors', 'second.safetensors']);
    expect(await names()).toEqual(['bn1.running_mean']);
    copyFileSync(join(fixtureFolder, 'safetensors/dtypes.safetensors'), shard);
    expect(await names()).toEqual([]);
    copyFileSync(
      join(fixtureFolder, 'safetensors/model.safetensors'),
      join(folder, 'second.safetensors'),
    );
    expect(await names()).toEqual(['bn1.bias']);
    const read = valueOf(await engine.openEntry({ file, entry: 'bn1.bias' }, never));
    expect(read.beside).toEqual(beside);
    await engine.close(read.input.id, never);
  });

  it.runIf(process.platform === 'linux')('keeps few files open', async () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    for (let i = 0; i < 40; i++) {
      const file = npyFile(`many${i}.npy`, '<f4', '(1,)', new Uint8Array(4));
      valueOf(await engine.catalog({ file }, never));
    }
    expect(open() - before).toBeLessThan(12);
  });
});

describe('reading a tensor of a file', () => {
  it('gives the engine an input', async () => {
    const before = await tensorCount(engine);
    const request = { file: fixture('npy/np_fortran.npy'), entry: 'input' };
    const { input, notes } = valueOf(await engine.openEntry(request, never));
    expect(input).toMatchObject({ shape: [2, 3], dtype: 'float32' });
    expect(notes).toEqual(['Its elements are float64, and are rounded to float32.']);
    expect(await readWhole(engine, input)).toBeInstanceOf(Float32Array);
    await engine.close(input.id, never);
    expect(await tensorCount(engine)).toBe(before);
  });

  it('reads complex numbers as pairs, and rounds large integers once', async () => {
    const complex = npyFile('c.npy', '<c8', '(1,)', new Uint8Array(Float32Array.of(1, 2).buffer));
    const pairs = valueOf(await engine.openEntry({ file: complex, entry: 'input' }, never));
    expect(pairs.input.shape).toEqual([1, 2]);
    expect(pairs.notes).toEqual([expect.stringContaining('complex64')]);
    const wide = new BigInt64Array([2n ** 53n + 1n, 7n]);
    const file = npyFile('i.npy', '<i8', '(2,)', new Uint8Array(wide.buffer));
    const integers = valueOf(await engine.openEntry({ file, entry: 'input' }, never));
    expect(integers.notes).toHaveLength(2);
    expect([...(await readWhole(engine, integers.input))]).toEqual([2 ** 53, 7]);
  });

  it('reads float64 in pieces', async () => {
    const values = Float64Array.from({ length: 2_500_000 }, (_, i) => i / 3);
    const file = npyFile('d.npy', '<f8', '(2500000,)', new Uint8Array(values.buffer));
    const { input } = valueOf(await engine.openEntry({ file, entry: 'input' }, never));
    const read = await readWhole(engine, input);
    expect(read).toHaveLength(values.length);
    // `toEqual` takes half a minute for so many.
    expect(values.findIndex((value, i) => read[i] !== Math.fround(value))).toBe(-1);
    await engine.close(input.id, never);
  });

  it.each([
    ['npy/np_obj.npy', 'input', 'tensor-unreadable'],
    ['npy/np_empty.npy', 'input', 'empty-input'],
    ['npy/np_le_f4.npy', 'other', 'no-such-tensor'],
  ])('refuses %s # %s', async (name, entry, code) => {
    expect(problemOf(await engine.openEntry({ file: fixture(name), entry }, never)).code).toBe(
      code,
    );
  });

  it('refuses what is larger than it holds', async () => {
    const file = npyFile('huge.npy', '<f4', '(536870912,)', new Uint8Array());
    const problem = problemOf(await engine.openEntry({ file, entry: 'input' }, never));
    expect(problem.code).toBe('range-outside-file');
  });

  it('can be cancelled, and says so when the file changes meanwhile', async () => {
    const path = join(folder, 'slow.npy');
    npyFile('slow.npy', '<f2', '(20000000,)', new Uint8Array(40_000_000));
    const file = { kind: 'file', path } as const;
    const controller = new AbortController();
    const cancelled = engine.openEntry({ file, entry: 'input' }, controller.signal);
    controller.abort();
    expect(problemOf(await cancelled).code).toBe('cancelled');
    const reading = engine.openEntry({ file, entry: 'input' }, never);
    await new Promise(resolve => setTimeout(resolve, 5));
    utimesSync(path, 1, 1);
    expect(problemOf(await reading).code).toBe('file-changed');
  });
});

describe('reading a layer of a file', () => {
  it('gives what its file states', async () => {
    const request = { file: fixture('safetensors/model.safetensors'), layer: 'bn1' };
    const { layer, statement } = valueOf(await engine.readLayer(request, never));
    expect(layer).toMatchObject({ name: 'bn1', channels: 8, convention: 'pytorch' });
    expect(statement).toMatchObject({ convention: 'pytorch', batchesTracked: 4 });
    const resolved = valueOf(resolveLayer(statement, [2, 8, 4, 4], tf1));
    expect(resolved.layer.channelAxis).toBe(1);
    expect(resolved.layer.movingVariance).toEqual(statement.parameters.movingVariance);
  });

  it('finds arrays of one’s own', async () => {
    const request = { file: fixture('npz/bn_stored.npz'), layer: '' };
    const { statement } = valueOf(await engine.readLayer(request, never));
    expect(Object.keys(statement.parameters)).toHaveLength(4);
  });

  it('refuses one that is not there', async () => {
    const request = { file: fixture('safetensors/model.safetensors'), layer: 'bn9' };
    expect(problemOf(await engine.readLayer(request, never)).code).toBe('no-such-layer');
  });
});

describe('a virtual file', () => {
  const index = Buffer.from('{"weight_map":{"bn1.weight":"model.safetensors"}}');

  function host(asked: string[]): EngineHost {
    return {
      progress: () => undefined,
      readFile: ({ sibling = '' }) => {
        asked.push(sibling);
        if (sibling === '') return Promise.resolve(ok(new Uint8Array(index)));
        const path = join(fixtureFolder, 'safetensors', sibling);
        return Promise.resolve(
          sibling === 'model.safetensors'
            ? ok(bytesOf(path))
            : fail('file-missing', 'there is none'),
        );
      },
    };
  }

  it('is asked of the host once a revision, with the files beside it', async () => {
    const asked: string[] = [];
    const own = createEngine(host(asked));
    const name = 'model.safetensors.index.json';
    const file = { kind: 'virtual', uri: 'memfs:/m', name, revision: '1' } as const;
    expect(valueOf(await own.catalog({ file }, never)).entries).toMatchObject([
      { name: 'bn1.weight' },
    ]);
    valueOf(await own.openEntry({ file, entry: 'bn1.weight' }, never));
    expect(asked).toEqual(['', 'model.safetensors']);
    valueOf(await own.catalog({ file: { ...file, revision: '2' } }, never));
    expect(asked).toHaveLength(4);
  });

  it('cannot be read where the host does not', async () => {
    const file = { kind: 'virtual', uri: 'memfs:/m', name: 'a.npy', revision: '1' } as const;
    expect(problemOf(await engine.catalog({ file }, never)).code).toBe('file-unreadable');
  });
});

describe('memory', () => {
  it('holds one copy of what is read, and nothing of what could not be', async () => {
    const memory = threadMemory();
    if (memory === undefined) throw new Error('the host has no shared memory');
    const before = memory.used;
    const values = new Uint8Array(Float32Array.from({ length: 3200 }, (_, i) => i / 7).buffer);
    const whole = npyFile('whole.npy', '<f4', '(50, 64)', values);
    const [entry] = valueOf(await engine.catalog({ file: whole }, never)).entries;
    const request = { file: whole, entry: entry?.name ?? '' };
    const { input } = valueOf(await engine.openEntry(request, never));
    expect(memory.used - before).toBe(values.length);
    expect(await readWhole(engine, input)).toEqual(new Float32Array(values.buffer));
    await engine.close(input.id, never);
    expect(memory.used).toBe(before);
    const given = new AbortController();
    const opening = engine.openEntry(request, given.signal);
    given.abort();
    expect((await opening).ok).toBe(false);
    expect(memory.used).toBe(before);
  });
});
