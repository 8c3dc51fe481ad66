import { existsSync } from 'node:fs';
import { chmod, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../../src/engine/engine';
import { threadMemory } from '../../../src/engine/memory/engineMemory';
import { never, problemOf, readWhole, tensorCount, valueOf } from './support';

const engine = createEngine();
const memory = threadMemory() ?? expect.fail('Node has shared memory');
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'normscope-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

async function file(name: string, content: string | Uint8Array): Promise<string> {
  const where = path.join(folder, name);
  await writeFile(where, content);
  return where;
}

async function problemWith(where: string): Promise<string> {
  const source = { kind: 'file', path: where } as const;
  const opened = problemOf(await engine.open(source, never));
  expect(problemOf(await engine.check(source, never))).toEqual(opened);
  expect(opened.message).toContain(where);
  expect(await tensorCount(engine)).toBe(0);
  return opened.code;
}

describe('opening', () => {
  it('a run file gives its input a handle and the rest as data', async () => {
    const text = '{"input": [[1, 2], [3, 4], [5, 6]], "gamma": [2, 3], "training": true}';
    const where = await file('run.json', text);
    for (const source of [
      { kind: 'text', text } as const,
      { kind: 'file', path: where } as const,
    ]) {
      const opened = valueOf(await engine.open(source, never));
      expect(opened.input).toMatchObject({ shape: [3, 2], dtype: 'float32' });
      expect(opened.file).not.toHaveProperty('input');
      expect(opened.file.statement.parameters.gamma).toEqual(Float64Array.of(2, 3));
      expect(await readWhole(engine, opened.input)).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
      await engine.close(opened.input.id, never);
    }
  });

  it('a file that claims to be empty, as those of the system do, is read to its end', async context => {
    const where = '/proc/self/limits';
    context.skip(!existsSync(where), 'this system has no /proc');
    const { message } = problemOf(await engine.open({ kind: 'file', path: where }, never));
    expect(message).toContain('A run file begins with { or [, and Limit stands here instead.');
  });

  it('a file of JSON Lines is one array of them all', async () => {
    const where = await file('lines.jsonl', '[[1, 2]]\n[[3, 4]]\n\n[[5, 6]]\n');
    const opened = valueOf(await engine.open({ kind: 'file', path: where }, never));
    expect(opened.input.shape).toEqual([3, 1, 2]);
    await engine.close(opened.input.id, never);
  });

  it('a long file is read piece by piece, to the same numbers, and can be given up', async () => {
    const rows = Array.from({ length: 60_000 }, (_, i) => `[${i}.5, -0.${i}, ${i}e-3]`);
    const where = await file('long.json', `{"größe": 3, "input": [${rows.join(',\n')}], "x1": 1}`);
    const opened = valueOf(await engine.open({ kind: 'file', path: where }, never));
    expect(opened.input.shape).toEqual([60_000, 3]);
    const values = Float32Array.from((JSON.parse(`[${rows.join(',')}]`) as number[][]).flat());
    expect(await readWhole(engine, opened.input)).toEqual(values);
    const { keyRange } = opened.file.unknownKeys.at(-1) ?? expect.fail('a key is unknown');
    const place = { source: { kind: 'file', path: where } as const, offset: keyRange.start };
    expect(valueOf(await engine.locate(place, never))).toMatch(/^line 60000, column \d+$/);
    await engine.close(opened.input.id, never);
    const controller = new AbortController();
    const given = engine.open({ kind: 'file', path: where }, controller.signal);
    controller.abort();
    expect(problemOf(await given).code).toBe('cancelled');
  });

  it('large inputs are read into the memory that they stay in, and nothing else is left there', async () => {
    const rows = Array.from({ length: 50_000 }, (_, i) => `[${i}, 2, 3, 4]`).join(',');
    const large = await file('two.json', `{"input": [${rows}], "other": [${rows}]}`);
    const source = { kind: 'file', path: large } as const;
    expect(valueOf(await engine.check(source, never)).length).toBeGreaterThan(0);
    expect(memory.used).toBe(0);
    const opened = valueOf(await engine.open(source, never));
    expect(memory.used).toBe(50_000 * 4 * 4);
    const values = await readWhole(engine, opened.input);
    expect(values.subarray(-8)).toEqual(Float32Array.of(49_998, 2, 3, 4, 49_999, 2, 3, 4));
    await engine.close(opened.input.id, never);
    expect(memory.used).toBe(0);
  });

  it('what was read of an input that is refused, or given up in the middle, is gone', async () => {
    const rows = Array.from({ length: 400_000 }, (_, i) => `[${i}, 2, 3, 4]`).join(',');
    const ragged = await file('ragged.json', `[${rows}, [1, 2]]`);
    const source = { kind: 'file', path: ragged } as const;
    expect(problemOf(await engine.open(source, never)).code).toBe('row-ragged');
    expect(memory.used).toBe(0);
    const controller = new AbortController();
    const given = engine.open(source, controller.signal);
    const used = await new Promise<number>(resolve => {
      const look = (): void => {
        if (memory.used > 2e6) resolve(memory.used);
        else setImmediate(look);
      };
      look();
    });
    expect(used).toBeGreaterThan(2e6);
    controller.abort();
    expect(problemOf(await given).code).toBe('cancelled');
    expect(memory.used).toBe(0);
  });

  it('a file with a byte-order mark works', async () => {
    const where = await file('bom.json', '\uFEFF[[1, 2], [3, 4]]');
    const opened = valueOf(await engine.open({ kind: 'file', path: where }, never));
    await engine.close(opened.input.id, never);
  });

  it('text with an error gives the first problem, with its place; check gives all of them', async () => {
    const source = {
      kind: 'text',
      text: '{"input": [[1, 2], [3, 4]], "epsilon": -1, "gamma": [1, 2, 3]}',
    } as const;
    const problems = valueOf(await engine.check(source, never));
    expect(problems.length).toBeGreaterThanOrEqual(2);
    const problem = problemOf(await engine.open(source, never));
    expect(problem).toEqual(problems[0]);
    expect(problem.range).toBeDefined();
  });

  it('checks against the convention that the caller falls back on', async () => {
    const text = '{"input": [[1, 2]], "training": true}';
    const codes = async (fallback: string): Promise<string[]> => {
      const checked = await engine.check({ kind: 'text', text, fallback }, never);
      return valueOf(checked).map(({ code }) => code);
    };
    expect(await codes('pytorch')).toContain('single-value');
    expect(await codes('keras3')).not.toContain('single-value');
    const unknown = await engine.check({ kind: 'text', text, fallback: 'tf0' }, never);
    expect(problemOf(unknown).code).toBe('unknown-convention');
  });
});

describe('a file that cannot be read', () => {
  it('is missing', async () => {
    expect(await problemWith(path.join(folder, 'nowhere.json'))).toBe('file-missing');
    const inFile = path.join(await file('plain.json', '[]'), 'inside.json');
    expect(await problemWith(inFile)).toBe('file-missing');
  });

  it('is a folder, or a device', async () => {
    expect(await problemWith(folder)).toBe('is-folder');
    expect(await problemWith('/dev/null')).toBe('not-a-file');
  });

  it('is binary, by a zero byte or by what is not UTF-8', async () => {
    expect(await problemWith(await file('zero.npy', Uint8Array.of(0x93, 78, 0, 1)))).toBe(
      'binary-file',
    );
    expect(await problemWith(await file('latin1.txt', Uint8Array.of(91, 0xe9, 93)))).toBe(
      'binary-file',
    );
  });

  it('is large and binary', async () => {
    const where = await file('sparse.bin', '[1]');
    await truncate(where, 3_000_000_000);
    expect(await problemWith(where)).toBe('binary-file');
  });

  it('may not be read', async context => {
    const where = await file('secret.json', '[[1, 2]]');
    await chmod(where, 0);
    const readable = process.getuid?.() === 0;
    if (readable) console.log('not run: root may read every file');
    context.skip(readable, 'root may read every file');
    expect(await problemWith(where)).toBe('file-forbidden');
  });
});

it('gives up when the caller does', async () => {
  const controller = new AbortController();
  controller.abort();
  const where = await file('large enough.json', '[[1, 2], [3, 4]]');
  const opened = await engine.open({ kind: 'file', path: where }, controller.signal);
  expect(problemOf(opened).code).toBe('cancelled');
  expect(await tensorCount(engine)).toBe(0);
});
