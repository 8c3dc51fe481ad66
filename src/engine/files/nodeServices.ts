import zlib, {
  constants,
  createInflateRaw,
  inflateRaw,
  inflateRawSync,
  type ZlibOptions,
} from 'node:zlib';
import { promisify } from 'node:util';
import { refuse } from '../../core/formats/badFile';
import { crc32 } from '../../core/formats/zip/crc32';
import type { FormatServices } from '../../core/formats/services';
import { loadHdf5 } from '../loadHdf5';

const inflate = promisify<Uint8Array, ZlibOptions, Buffer>(inflateRaw);

/** zlib's own words for what is wrong, and the limit's. */
function asBadFile(error: unknown): never {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ERR_BUFFER_TOO_LARGE') {
    refuse('member-too-large', 'a compressed part of it holds more than it says.');
  }
  if (code.startsWith('Z_')) {
    refuse('deflate-invalid', `a compressed part of it is damaged (${code}).`);
  }
  throw error;
}

async function inflateAll(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  // zlib wants room for one byte at least.
  return inflate(bytes, { maxOutputLength: Math.max(1, most) }).catch(asBadFile);
}

/** Deflated bytes that are inflated without waiting: deflate gains less than 1032 times. */
const few = 1024;
const mostGain = 1032;

/** An early end is no failure. */
const toTheEnd = { finishFlush: constants.Z_SYNC_FLUSH };

async function inflateStart(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  if (bytes.length > few) return inflateSteps(bytes, most).catch(asBadFile);
  try {
    const room = (bytes.length + 1) * mostGain;
    return inflateRawSync(bytes, { ...toTheEnd, maxOutputLength: room }).subarray(0, most);
  } catch (error) {
    return asBadFile(error);
  }
}

/** Inflates a start in small steps: a bomb is cut at the limit. */
function inflateSteps(bytes: Uint8Array, most: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const stream = createInflateRaw(toTheEnd);
    const parts: Buffer[] = [];
    let length = 0;
    const end = (): void => {
      stream.destroy();
      resolve(Buffer.concat(parts).subarray(0, most));
    };
    stream.on('data', (part: Buffer) => {
      parts.push(part);
      length += part.length;
      if (length >= most) end();
    });
    stream.on('end', end);
    stream.on('error', reject);
    stream.end(bytes);
  });
}

/** What readers need, from Node. */
export const nodeServices: FormatServices = {
  inflateRaw: inflateAll,
  inflateStart,
  // Node has it since 20.15 and 22.2, and VS Code may have an older one.
  crc32: (zlib as { readonly crc32?: typeof crc32 }).crc32 ?? crc32,
  hdf5: loadHdf5,
};
