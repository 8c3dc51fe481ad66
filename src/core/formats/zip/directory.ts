import { heed, refuse } from '../badFile';
import { ByteReader } from '../bytes';
import type { ZipMember } from './member';

const full32 = 0xffffffff;

/** Bytes of an entry before its name. */
const fixedBytes = 46;

/** Entries between two looks at the signal. */
const pauseAfter = 4096;

/**
 * The members that an archive's central directory lists, in its order; folders are left out.
 * @param offset where it is in the file, for messages
 * @param count how many it is said to list
 */
export function readDirectory(
  bytes: Uint8Array,
  offset: number,
  count: number,
  signal: AbortSignal,
): ReadonlyMap<string, ZipMember> {
  const reader = new ByteReader(bytes, 0, offset);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const members = new Map<string, ZipMember>();
  for (let i = 0; i < count && reader.left >= fixedBytes; i++) {
    if (i % pauseAfter === 0) heed(signal);
    const member = readMember(reader, view);
    // Of two with one name the last counts: it was appended to replace the other, and Python reads it.
    if (member !== undefined) members.set(member.name, member);
  }
  return members;
}

/** @returns undefined for a folder */
function readMember(reader: ByteReader, view: DataView): ZipMember | undefined {
  const { at } = reader;
  // One check for all fields: an archive may have thousands of entries.
  reader.skip(fixedBytes);
  if (view.getUint32(at, true) !== 0x02014b50) {
    refuse('zip-invalid', 'its list of members is damaged.');
  }
  const name = reader.utf8(view.getUint16(at + 28, true));
  const extra = reader.at;
  reader.skip(view.getUint16(at + 30, true));
  const extraEnd = reader.at;
  reader.skip(view.getUint16(at + 32, true));
  if (name.endsWith('/')) return undefined;
  const sizes = [24, 20, 42].map(field => view.getUint32(at + field, true));
  if (sizes.includes(full32)) widen(sizes, reader, extra, extraEnd);
  const [size, compressedSize, headerOffset] = sizes as [number, number, number];
  const method = view.getUint16(at + 10, true);
  const unreadable = whyUnreadable(view.getUint16(at + 8, true), method, size, compressedSize);
  return {
    name,
    size,
    compressedSize,
    method: method === 0 ? 'stored' : 'deflated',
    checksum: view.getUint32(at + 16, true),
    headerOffset,
    ...(unreadable !== undefined && { unreadable }),
  };
}

function whyUnreadable(
  flags: number,
  method: number,
  size: number,
  compressedSize: number,
): string | undefined {
  if ((flags & 1) !== 0) return 'it is encrypted';
  if (method !== 0 && method !== 8) {
    return `it is compressed by method ${method}, and only deflate can be read`;
  }
  if (method === 0 && size !== compressedSize) {
    return `it is stored without compression and has two sizes, ${size} and ${compressedSize}`;
  }
  return undefined;
}

/** Sizes of 2^32 − 1 stand for ones in the zip64 field among an entry's extra fields, in this order. */
function widen(sizes: number[], reader: ByteReader, start: number, end: number): void {
  const { at: next } = reader;
  for (reader.at = start; end - reader.at >= 4;) {
    const id = reader.u16();
    const length = reader.u16();
    const fieldEnd = Math.min(reader.at + length, end);
    if (id !== 1) {
      reader.at = fieldEnd;
      continue;
    }
    for (let i = 0; i < sizes.length; i++) {
      if (sizes[i] !== full32) continue;
      if (fieldEnd - reader.at < 8) refuse('zip-invalid', 'a size in its list of members is cut.');
      sizes[i] = reader.size64();
    }
    break;
  }
  reader.at = next;
}
