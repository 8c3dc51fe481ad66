import { heed, refuse } from './badFile';
import { ByteReader } from './bytes';
import { bytesSource, partOf, readBytes, type ByteSource } from './byteSource';
import { mostDirectoryBytes, mostInflatedBytes, mostTensors } from './limits';
import type { FormatServices } from './services';
import { quoted } from './shapes';

/**
 * Zip archives with the zip64 extension, members stored or deflated. Source: PKWARE APPNOTE 6.3.10,
 * 4.3.7 (local header), 4.3.12 (central directory), 4.3.14 to 4.3.16 (ends), 4.5.3 (zip64 sizes).
 */
export interface ZipMember {
  readonly name: string;
  readonly size: number;
  readonly compressedSize: number;
  readonly method: 'stored' | 'deflated';
  /** Byte of its local header. */
  readonly headerOffset: number;
  /** Why it cannot be read, though others of the archive can: a clause, "it is encrypted". */
  readonly unreadable?: string;
}

export function startsAsZip(head: Uint8Array): boolean {
  return head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);
}

/** Name of the member that an archive's bytes begin with; undefined where they are no archive's. */
export function firstMemberName(head: Uint8Array): string | undefined {
  if (!startsAsZip(head)) return undefined;
  const reader = new ByteReader(head, 26);
  if (head[2] === 5 || reader.left < 4) return '';
  const length = reader.u16();
  reader.skip(2);
  return reader.utf8(Math.min(length, reader.left));
}

const endLength = 22;
const zip64LocatorLength = 20;
const full32 = 0xffffffff;

interface Directory {
  readonly offset: number;
  readonly size: number;
  readonly count: number;
}

/** Lists the members of an archive, in the directory's order; folders are left out. */
export async function readZip(
  source: ByteSource,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ZipMember>> {
  const { offset, size, count } = await findDirectory(source, signal);
  if (size > mostDirectoryBytes) {
    refuse(
      'zip-invalid',
      `its list of members is ${size} bytes long, and ${mostDirectoryBytes} is the most.`,
    );
  }
  const reader = new ByteReader(await readBytes(source, offset, size, signal), 0, offset);
  const members = new Map<string, ZipMember>();
  if (count > mostTensors) refuse('zip-invalid', `it says that it has ${count} members.`);
  for (let i = 0; i < count && reader.left >= 46; i++) {
    if ((i & 0xfff) === 0) heed(signal);
    const member = readDirectoryEntry(reader);
    // Of two with one name the last counts: it was appended to replace the other, and Python reads it.
    if (member !== undefined) members.set(member.name, member);
  }
  return members;
}

async function findDirectory(source: ByteSource, signal: AbortSignal): Promise<Directory> {
  // The end record is last, but for a comment of up to 65,535 bytes; nearly always there is none.
  for (const tail of [1024, endLength + zip64LocatorLength + 0xffff]) {
    const length = Math.min(tail, source.size);
    const start = source.size - length;
    const bytes = await readBytes(source, start, length, signal);
    for (let at = length - endLength; at >= 0; at--) {
      if (
        bytes[at] !== 0x50 ||
        bytes[at + 1] !== 0x4b ||
        bytes[at + 2] !== 5 ||
        bytes[at + 3] !== 6
      ) {
        continue;
      }
      const reader = new ByteReader(bytes, at + 8, start);
      reader.skip(2);
      const count = reader.u16();
      const directory = { count, size: reader.u32(), offset: reader.u32() };
      const needs64 = count === 0xffff || directory.size === full32 || directory.offset === full32;
      const locator = at - zip64LocatorLength;
      if (!needs64 || locator < 0) return directory;
      return readZip64End(source, new ByteReader(bytes, locator, start), directory, signal);
    }
    if (length === source.size) break;
  }
  return refuse('zip-invalid', 'the end of its zip archive is missing: it is cut short.');
}

async function readZip64End(
  source: ByteSource,
  locator: ByteReader,
  plain: Directory,
  signal: AbortSignal,
): Promise<Directory> {
  if (locator.u32() !== 0x07064b50) return plain;
  locator.skip(4);
  const end = new ByteReader(await readBytes(source, locator.size64(), 56, signal));
  if (end.u32() !== 0x06064b50) refuse('zip-invalid', 'the zip64 end of its archive is damaged.');
  end.skip(28);
  const count = end.size64();
  return { count, size: end.size64(), offset: end.size64() };
}

/** @returns undefined for a folder */
function readDirectoryEntry(reader: ByteReader): ZipMember | undefined {
  if (reader.u32() !== 0x02014b50) refuse('zip-invalid', 'its list of members is damaged.');
  reader.skip(4);
  const flags = reader.u16();
  const method = reader.u16();
  reader.skip(8);
  const compressed = reader.u32();
  const uncompressed = reader.u32();
  const lengths = { name: reader.u16(), extra: reader.u16(), comment: reader.u16() };
  reader.skip(8);
  const offset = reader.u32();
  const name = reader.utf8(lengths.name);
  const extra = reader.slice(lengths.extra);
  reader.skip(lengths.comment);
  const [size, compressedSize, headerOffset] = widen([uncompressed, compressed, offset], extra);
  if (name.endsWith('/')) return undefined;
  const unreadable = whyUnreadable(flags, method, size, compressedSize);
  return {
    name,
    size,
    compressedSize,
    method: method === 0 ? 'stored' : 'deflated',
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

/** Sizes of 2^32 − 1 stand for ones in the zip64 field, in this order. */
function widen(
  sizes: readonly [number, number, number],
  fields: Uint8Array,
): readonly [number, number, number] {
  if (!sizes.includes(full32)) return sizes;
  const extra = new ByteReader(fields);
  while (extra.left >= 4) {
    const [id, length] = [extra.u16(), extra.u16()];
    const field = new ByteReader(extra.slice(Math.min(length, extra.left)));
    if (id !== 1) continue;
    const wide = sizes.map(size => (size === full32 ? field.size64() : size));
    return wide as [number, number, number];
  }
  return sizes;
}

/** A member's bytes as they are stored, deflated or not; reads its local header. */
export async function storedMember(
  source: ByteSource,
  member: ZipMember,
  signal: AbortSignal,
): Promise<ByteSource> {
  if (member.unreadable !== undefined) {
    refuse('zip-member', `its member ${quoted(member.name)}: ${member.unreadable}.`);
  }
  const start = await memberStart(source, member, signal);
  return partOf(source, start, member.compressedSize, member.name);
}

/** A member's first byte: its local header has lengths of its own. */
async function memberStart(
  source: ByteSource,
  member: ZipMember,
  signal: AbortSignal,
): Promise<number> {
  const header = new ByteReader(await readBytes(source, member.headerOffset, 30, signal));
  if (header.u32() !== 0x04034b50) {
    refuse('zip-invalid', `its member ${quoted(member.name)} is not where the archive says.`);
  }
  header.skip(22);
  return member.headerOffset + 30 + header.u16() + header.u16();
}

/**
 * A member as a source: a part of the archive where it is stored, else inflated.
 * @param most bytes that are inflated; a longer member is refused
 */
export async function openMember(
  source: ByteSource,
  member: ZipMember,
  services: FormatServices,
  signal: AbortSignal,
  most = mostInflatedBytes,
): Promise<ByteSource> {
  const stored = await storedMember(source, member, signal);
  if (member.method === 'stored') return stored;
  if (member.size > most) {
    refuse(
      'member-too-large',
      `its member ${quoted(member.name)} inflates to ${member.size} bytes, and ${most} is the most.`,
    );
  }
  // Deflate never makes more than a little of incompressible bytes: what follows is not the member's.
  if (stored.size > 2 * member.size + (1 << 16)) {
    refuse(
      'zip-invalid',
      `its member ${quoted(member.name)} has ${stored.size} compressed bytes for ${member.size}.`,
    );
  }
  const deflated = await readBytes(stored, 0, stored.size, signal);
  const bytes = await services.inflateRaw(deflated, member.size);
  if (bytes.length !== member.size) {
    refuse(
      'zip-invalid',
      `its member ${quoted(member.name)} inflates to ${bytes.length} bytes instead of ${member.size}.`,
    );
  }
  return bytesSource(member.name, bytes, (path, signal) => source.sibling(path, signal));
}
