import { deflateRawSync } from 'node:zlib';
import { crc32 } from '../../../../src/core/formats/zip/crc32';

/** A member of an archive that a test makes. What is not given is what a zip program would write. */
export interface MadeMember {
  readonly name: string;
  readonly data: Uint8Array;
  readonly deflate?: boolean;
  /** The bytes as they are stored, where a test deflates them itself. */
  readonly deflated?: Uint8Array;
  /** Sizes and places to lie about. */
  readonly size?: number;
  readonly compressedSize?: number;
  readonly offset?: number;
  readonly checksum?: number;
  readonly method?: number;
  readonly flags?: number;
  /** Sizes and the offset go into a zip64 field. */
  readonly zip64?: boolean;
}

const full32 = 0xffffffff;

/** @param comment after the end record */
export function zipFile(members: readonly MadeMember[], comment = ''): Uint8Array {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const member of members) {
    const stored = storedBytes(member);
    const about = describe(member, stored.length, at);
    const local = Buffer.concat([localHeader(about), about.name, stored]);
    directory.push(directoryEntry(about));
    parts.push(local);
    at += local.length;
  }
  const list = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(list.length, 12);
  end.writeUInt32LE(at, 16);
  end.writeUInt16LE(comment.length, 20);
  return new Uint8Array(Buffer.concat([...parts, list, end, Buffer.from(comment)]));
}

function storedBytes({ data, deflate, deflated }: MadeMember): Uint8Array {
  return deflated ?? (deflate ? deflateRawSync(data) : data);
}

interface About {
  readonly name: Buffer;
  readonly flags: number;
  readonly method: number;
  readonly compressed: number;
  readonly size: number;
  readonly offset: number;
  readonly checksum: number;
  readonly zip64: boolean;
}

function describe(member: MadeMember, length: number, at: number): About {
  return {
    name: Buffer.from(member.name),
    flags: member.flags ?? 0,
    method: member.method ?? (member.deflate || member.deflated ? 8 : 0),
    compressed: member.compressedSize ?? length,
    size: member.size ?? member.data.length,
    offset: member.offset ?? at,
    checksum: member.checksum ?? crc32(member.data),
    zip64: member.zip64 ?? false,
  };
}

function localHeader({ name, flags, method, compressed, size, checksum }: About): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(method, 8);
  header.writeUInt32LE(checksum, 14);
  header.writeUInt32LE(Math.min(compressed, full32), 18);
  header.writeUInt32LE(Math.min(size, full32), 22);
  header.writeUInt16LE(name.length, 26);
  return header;
}

function directoryEntry(about: About): Buffer {
  const { name, flags, method, compressed, size, offset, checksum, zip64 } = about;
  const extra = zip64 ? Buffer.alloc(28) : Buffer.alloc(0);
  if (zip64) {
    extra.writeUInt16LE(1, 0);
    extra.writeUInt16LE(24, 2);
    [size, compressed, offset].forEach((value, i) =>
      extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i),
    );
  }
  const header = Buffer.alloc(46);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(flags, 8);
  header.writeUInt16LE(method, 10);
  header.writeUInt32LE(checksum, 16);
  header.writeUInt32LE(zip64 ? full32 : compressed, 20);
  header.writeUInt32LE(zip64 ? full32 : size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt32LE(zip64 ? full32 : offset, 42);
  return Buffer.concat([header, name, extra]);
}

/** An array of float32 as `numpy.save` writes it. */
export function float32Npy(values: readonly number[]): Uint8Array {
  const header = `{'descr': '<f4', 'fortran_order': False, 'shape': (${values.length},), }`;
  const text = new TextEncoder().encode(`${header.padEnd(117)}\n`);
  const data = new Uint8Array(Float32Array.from(values).buffer);
  return new Uint8Array([0x93, 78, 85, 77, 80, 89, 1, 0, text.length, 0, ...text, ...data]);
}
