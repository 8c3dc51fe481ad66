import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadFile } from '../../../../src/core/formats/badFile';
import { readBytes, type ByteSource } from '../../../../src/core/formats/byteSource';
import { openFile } from '../../../../src/engine/files/fileSource';

const never = new AbortController().signal;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'normscope-source-'));
  mkdirSync(join(folder, 'model/part'), { recursive: true });
  mkdirSync(join(folder, 'elsewhere'));
  writeFileSync(join(folder, 'model/a.bin'), Uint8Array.of(1, 2, 3, 4));
  writeFileSync(join(folder, 'model/part/b.bin'), Uint8Array.of(5));
  writeFileSync(join(folder, 'elsewhere/secret.bin'), Uint8Array.of(6));
  writeFileSync(join(folder, 'elsewhere/index.bin'), Uint8Array.of(7));
  symlinkSync(join(folder, 'elsewhere/secret.bin'), join(folder, 'model/out.bin'));
  symlinkSync(join(folder, 'model/part/b.bin'), join(folder, 'model/in.bin'));
  symlinkSync(join(folder, 'elsewhere/index.bin'), join(folder, 'model/linked.bin'));
});

afterAll(() => rmSync(folder, { recursive: true }));

async function opened(name: string): Promise<ByteSource> {
  const source = await openFile(join(folder, name));
  if (!source.ok) throw new Error(source.problem.message);
  return source.value;
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (error instanceof BadFile) return error.code;
    throw error;
  }
  return 'nothing was refused';
}

describe('a local file', () => {
  it('is read by ranges, waiting or not, into any memory', async () => {
    const source = await opened('model/a.bin');
    expect(source).toMatchObject({ name: 'a.bin', size: 4 });
    expect([...(await readBytes(source, 1, 2, never))]).toEqual([2, 3]);
    const shared = new Uint8Array(new SharedArrayBuffer(2));
    source.readIntoSync?.(shared, 2);
    expect([...shared]).toEqual([3, 4]);
    await source.close();
  });

  it('is read in parts where it is long', async () => {
    const path = join(folder, 'long.bin');
    const bytes = new Uint8Array(40_000_000);
    bytes[39_999_999] = 9;
    writeFileSync(path, bytes);
    const source = await opened('long.bin');
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    await source.readInto(shared, 0, never);
    expect(shared[39_999_999]).toBe(9);
    const controller = new AbortController();
    const reading = source.readInto(shared, 0, controller.signal);
    controller.abort();
    expect(await codeOf(reading)).toBe('cancelled');
    await source.close();
  });

  it('lets a cancellation in between many small reads', async () => {
    const source = await opened('model/a.bin');
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    const target = new Uint8Array(1);
    const reading = (async () => {
      for (;;) await source.readInto(target, 0, controller.signal);
    })();
    expect(await codeOf(reading)).toBe('cancelled');
    await source.close();
  });

  it.each([
    [-1, 1],
    [4, 1],
    [0, 5],
    [0.5, 1],
    [2 ** 60, 1],
  ])('refuses a range at %d of %d bytes', async (offset, length) => {
    const source = await opened('model/a.bin');
    expect(await codeOf(readBytes(source, offset, length, never))).toBe('range-outside-file');
    await source.close();
  });

  it('says that it became shorter', async () => {
    const path = join(folder, 'shrinking.bin');
    writeFileSync(path, new Uint8Array(100));
    const source = await opened('shrinking.bin');
    truncateSync(path, 10);
    expect(await codeOf(readBytes(source, 0, 100, never))).toBe('file-changed');
    appendFileSync(path, new Uint8Array(90));
    expect(await readBytes(source, 0, 100, never)).toHaveLength(100);
    await source.close();
  });

  it.each([
    ['nowhere.bin', 'file-missing'],
    ['model/a.bin/b', 'file-missing'],
    ['model', 'is-folder'],
  ])('refuses %s', async (name, code) => {
    const source = await openFile(join(folder, name));
    expect(source.ok ? source.value : source.problem.code).toBe(code);
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe')]);
    const source = await openFile(join(folder, 'pipe'));
    expect(source.ok ? source.value : source.problem.code).toBe('not-a-file');
  });
});

describe('files beside a local file', () => {
  it('are opened once, and closed with it', async () => {
    const source = await opened('model/a.bin');
    const part = await source.sibling('part/b.bin', never);
    expect([...(await readBytes(part, 0, 1, never))]).toEqual([5]);
    expect(await source.sibling('./part//b.bin', never)).toBe(part);
    await source.close();
    expect(await codeOf(readBytes(part, 0, 1, never))).toBe('file-unreadable');
  });

  it('may be links inside the folder, and to where the file itself is', async () => {
    const source = await opened('model/a.bin');
    expect((await source.sibling('in.bin', never)).size).toBe(1);
    await source.close();
    const linked = await opened('model/linked.bin');
    expect((await linked.sibling('out.bin', never)).size).toBe(1);
    await linked.close();
  });

  it.each([
    ['out.bin', 'path-leaves-folder'],
    ['../elsewhere/secret.bin', 'path-leaves-folder'],
    ['part/../../elsewhere/secret.bin', 'path-leaves-folder'],
    ['/etc/passwd', 'path-leaves-folder'],
    ['C:/secret', 'path-leaves-folder'],
    ['a\\b', 'path-leaves-folder'],
    ['', 'path-leaves-folder'],
    ['nowhere.bin', 'file-missing'],
    ['part', 'is-folder'],
  ])('are refused at %j', async (path, code) => {
    const source = await opened('model/a.bin');
    expect(await codeOf(source.sibling(path, never))).toBe(code);
    await source.close();
  });
});
