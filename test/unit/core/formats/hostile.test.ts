import { existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { BadFile } from '../../../../src/core/formats/badFile';
import type { TensorCatalog } from '../../../../src/core/formats/catalog';
import { openCatalog } from '../../../../src/core/formats/registry';
import type { Result } from '../../../../src/core/problem';
import { openFile } from '../../../../src/engine/files/fileSource';
import { never, services } from './fixtures';
import { processorTime } from './processorTime';
import { zipFile, type MadeMember } from './zipFile';

// What the readers' own tests leave out: files that cost much to make, read from the disk as the engine does.

const folder = mkdtempSync(path.join(tmpdir(), 'normscope-hostile-'));
afterAll(() => rmSync(folder, { recursive: true }));

const latin1 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'latin1'));
const zip = (...members: readonly MadeMember[]): Uint8Array => zipFile(members);
const deep = '['.repeat(5_000_000);

function withLength(header: string): Uint8Array {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return new Uint8Array(Buffer.concat([length, Buffer.from(header)]));
}

const bombSize = 280_000_000;

/** 280 MB, nearly all of them zeros. */
function bomb(name: string, start = '', size = start.length + bombSize): Uint8Array {
  const data = bombs.get(start) ?? deflated(start);
  bombs.set(start, data);
  return zip({ name, data, method: 8, size, compressedSize: data.length });
}

const bombs = new Map<string, Uint8Array>();

function deflated(start: string): Uint8Array {
  const content = Buffer.alloc(start.length + bombSize);
  content.write(start, 'latin1');
  return new Uint8Array(deflateRawSync(content));
}

/** An archive of 4 GB, most of which is a hole that its member's compressed bytes reach into. */
function makeHole(): void {
  const member = { name: 'a/data.pkl', data: latin1('\x80\x02}.'), method: 8, size: 1000 };
  const archive = zip({ ...member, compressedSize: hole });
  const list = Buffer.from(archive.slice(archive.length - 22 - 46 - member.name.length));
  list.writeUInt32LE(hole, list.length - 6);
  const whole = path.join(folder, 'hole.pt');
  writeFileSync(whole, archive.slice(0, archive.length - list.length));
  truncateSync(whole, hole);
  writeFileSync(whole, list, { flag: 'a' });
}

const hole = 0xf000_0000;

interface Opened {
  readonly result: Result<TensorCatalog>;
  readonly milliseconds: number;
  readonly growth: number;
}

/** Opens a file and reads what it lists. */
async function open(name: string): Promise<Opened> {
  const source = await openFile(path.join(folder, name));
  if (!source.ok) throw new Error(source.problem.message);
  const memory = process.memoryUsage().rss;
  const milliseconds = processorTime();
  const result = await openCatalog(source.value, services, never);
  for (const { content } of result.ok ? result.value.entries : []) {
    if (content.kind === 'unreadable') continue;
    await content.read({ signal: never, range: { start: 0, count: 1 } }).catch((error: unknown) => {
      expect(error).toBeInstanceOf(BadFile);
    });
  }
  const growth = process.memoryUsage().rss - memory;
  await source.value.close();
  return { result, milliseconds: milliseconds(), growth };
}

function expectBounded({ milliseconds, growth }: Opened): void {
  expect(milliseconds).toBeLessThan(2000);
  expect(growth).toBeLessThan(500e6);
}

describe('a hostile file on the disk', () => {
  it.each<[string, () => Uint8Array, RegExp]>([
    ['deep.safetensors', () => withLength(`{"a":${deep}`), /header is nested more than 64/],
    ['model.json', () => latin1(`{"weightsManifest":${deep}`), /nested more than 64/],
    ['a.safetensors.index.json', () => latin1(`{"weight_map":${deep}`), /nested more than 64/],
    [
      'deep.pt2',
      () =>
        zip(
          { name: 'a/archive_format', data: latin1('pt2') },
          { name: 'a/data/weights/model_weights_config.json', data: latin1(`{"config":${deep}`) },
        ),
      /model_weights_config.json is nested more than 64/,
    ],
    ['bomb.pt', () => bomb('a/data.pkl'), /data.pkl has 280000000 bytes/],
    ['liar.pt', () => bomb('a/data.pkl', '', 1e6), /holds more than it says/],
    ['bomb.keras', () => bomb('model.weights.h5', '', 2 ** 32 - 2), /inflates to 4294967294/],
    ['list.pkl', () => latin1(`\x80\x04${']'.repeat(4e6)}.`), /more than 3000000 objects/],
    ['text.pkl', () => latin1('\x80\x04\x8e\0\0\0\0\0\0\0\x10.'), /1152921504606846976 at byte 3/],
    ['long.pkl', () => latin1('\x80\x04\x8b\0\0\0\x10.'), /an integer of 268435456 bytes/],
  ])('%s is refused in a line that says where', async (name, make, expected) => {
    writeFileSync(path.join(folder, name), make());
    const opened = await open(name);
    if (opened.result.ok) expect.fail('it was not refused');
    const { message } = opened.result.problem;
    expect(message).toMatch(expected);
    expect(message.startsWith(`${name}: `)).toBe(true);
    expect(message).not.toContain('\n');
    expectBounded(opened);
  });

  it('is not read whole for compressed bytes that its member cannot have', async () => {
    makeHole();
    const opened = await open('hole.pt');
    expect(opened.result).toMatchObject({
      problem: { message: expect.stringContaining(`has ${hole} compressed bytes`) as string },
    });
    expectBounded(opened);
  });

  it('is listed with a remark where its numbers are a bomb, which is not set off', async () => {
    const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${bombSize / 4},), }`;
    const start = `\x93NUMPY\x01\0\x76\0${header.padEnd(117)}\n`;
    writeFileSync(path.join(folder, 'bomb.npz'), bomb('w.npy', start));
    const source = await openFile(path.join(folder, 'bomb.npz'));
    if (!source.ok) throw new Error(source.problem.message);
    const milliseconds = processorTime();
    const opened = await openCatalog(source.value, services, never);
    expect(opened).toMatchObject({
      value: { entries: [{ name: 'w' }], notes: [expect.stringMatching(/compressed \d+ times/)] },
    });
    expect(milliseconds()).toBeLessThan(200);
    await source.value.close();
  });

  it.each(['posix.system', 'os.system', 'builtins.exec', 'subprocess.Popen'])(
    'that calls %s is inert, whatever its container',
    async name => {
      const touched = path.join(folder, 'touched');
      const call = `c${name.replace('.', '\n')}\n(S'touch ${touched}'\ntR.`;
      const legacy = '\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.\x80\x02}.';
      const containers: readonly (readonly [string, Uint8Array])[] = [
        ['evil.pt', zip({ name: 'a/data.pkl', data: latin1(call) })],
        ['evil.pkl', latin1(`\x80\x02${call}`)],
        ['evil.pth', latin1(`${legacy}\x80\x02${call}\x80\x02].`)],
      ];
      for (const [file, content] of containers) {
        writeFileSync(path.join(folder, file), content);
        const opened = await open(file);
        if (!opened.result.ok) throw new Error(opened.result.problem.message);
        const notes = opened.result.value.notes.join();
        expect(notes).toContain(name);
        expect(notes).toContain('Nothing was executed');
        expectBounded(opened);
      }
      expect(existsSync(touched)).toBe(false);
    },
  );
});
