import { refuse } from './badFile';
import { ByteReader } from './bytes';
import { bytesSource, partOf, readBytes, type ByteSource } from './byteSource';
import { mostDirectoryBytes, mostInflatedBytes, mostTensors } from './limits';
import type { FormatServices } from './services';
import { quoted } from './shapes';
import { readDirectory } from './zip/directory';
import type { ZipMember } from './zip/member';

// Zip archives with the zip64 extension, members stored or deflated. Source: PKWARE APPNOTE 6.3.10, 4.3.7 (local
// header), 4.3.12 (central directory), 4.3.14 to 4.3.16 (ends), 4.5.3 (zip64 sizes).

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
  if (count > mostTensors) refuse('zip-invalid', `it says that it has ${count} members.`);
  return readDirectory(await readBytes(source, offset, size, signal), offset, count, signal);
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
  const header = await readBytes(source, member.headerOffset, localHeaderBytes, signal);
  const length = localHeaderLength(header);
  if (length === undefined) {
    refuse('zip-invalid', `its member ${quoted(member.name)} is not where the archive says.`);
  }
  return member.headerOffset + length;
}

/** Bytes of a local header before its name. */
const localHeaderBytes = 30;

/**
 * Bytes of a member's local header, with its name and extra field.
 * @param start of the header, all its fixed bytes at least
 * @returns undefined where it is none
 */
export function localHeaderLength(start: Uint8Array): number | undefined {
  const isHeader = start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4;
  if (!isHeader) return undefined;
  const u16 = (at: number): number => (start[at] as number) | ((start[at + 1] as number) << 8);
  return localHeaderBytes + u16(26) + u16(28);
}

/**
 * A member as a source: a part of the archive where it is stored, else inflated, and its checksum is verified.
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
  if (services.crc32(bytes) !== member.checksum) {
    refuse(
      'checksum-wrong',
      `its member ${quoted(member.name)} is damaged: its checksum is not the one that the archive states. Get the file again.`,
    );
  }
  return bytesSource(member.name, bytes, (path, signal) => source.sibling(path, signal));
}
