import { BadFile, heed } from './badFile';
import { bytesSource, checkRange, readBytes, withBytes, type ByteSource } from './byteSource';
import type { TensorCatalog, TensorEntry } from './catalog';
import type { Format } from './format';
import { suspiciousRatio } from './limits';
import { npyEntry, type DescribedArray } from './npy';
import {
  mostNpyHeader,
  NpyHeaders,
  npyHeaderEnd,
  readNpyHeader,
  shortestNpyStart,
} from './npyHeader';
import type { FormatServices } from './services';
import { quoted } from './shapes';
import { firstMemberName, localHeaderLength, openMember, readZip, storedMember } from './zip';
import type { ZipMember } from './zip/member';

/** Arrays as `numpy.savez` and `savez_compressed` write them: a zip of .npy members. */
export const npz: Format = {
  id: 'npz',
  name: 'NumPy archive',
  extensions: ['.npz'],
  sniff: (head, name) => {
    const first = firstMemberName(head);
    return first !== undefined && (name.endsWith('.npz') || first.endsWith('.npy'));
  },
  open: openNpz,
};

async function openNpz(
  source: ByteSource,
  services: FormatServices,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  const entries: TensorEntry[] = [];
  const notes: string[] = [];
  const lost: string[] = [];
  const quick = new StoredMembers(source);
  let count = 0;
  for (const member of (await readZip(source, signal)).values()) {
    // One now and then is read with waiting, so that others get their turn and a cancellation is heard.
    const read =
      (count++ % pauseAfter === 0 ? undefined : quick.describe(member)) ??
      (await describeMember(source, member, services, signal));
    if (read.entry !== undefined) entries.push(read.entry);
    for (const note of read.notes) notes.push(note);
    if (read.lost !== undefined) lost.push(read.lost);
  }
  return { format: npz.id, entries, hints: [], notes, lost };
}

/** Bytes that a member's two heads take, nearly always: the zip's with a name, and the array's. */
const bothHeads = 256;

/** Members between two looks at the signal. */
const pauseAfter = 64;

interface DescribedMember {
  readonly entry?: TensorEntry;
  readonly notes: readonly string[];
  /** Where it is damaged. */
  readonly lost?: string;
}

/** A member that is damaged, or no array, leaves the others readable. */
async function describeMember(
  source: ByteSource,
  member: ZipMember,
  services: FormatServices,
  signal: AbortSignal,
): Promise<DescribedMember> {
  const name = quoted(member.name);
  if (!member.name.endsWith('.npy')) return { notes: [`Its member ${name} is not an array.`] };
  try {
    heed(signal);
    return ofMember(member, await readMember(source, member, services, signal));
  } catch (error) {
    if (!(error instanceof BadFile) || error.code === 'cancelled') throw error;
    const lost = `Its member ${name} cannot be read: ${error.message}`;
    return { notes: [lost], lost };
  }
}

function ofMember({ name }: ZipMember, { entry, notes }: DescribedArray): DescribedMember {
  return { entry, notes: notes.map(note => `${quoted(name)}: ${note}`) };
}

/** Describes members that are as nearly all are, stored and undamaged, by one small read each. */
class StoredMembers {
  private readonly heads = new Uint8Array(bothHeads);
  private readonly headers = new NpyHeaders();

  constructor(private readonly source: ByteSource) {}

  /** @returns undefined for a member that has to be read with care, or with waiting */
  describe(member: ZipMember): DescribedMember | undefined {
    const { method, name, size, unreadable, headerOffset } = member;
    if (method !== 'stored' || unreadable !== undefined || !name.endsWith('.npy')) return undefined;
    try {
      const heads = this.read(headerOffset);
      if (heads === undefined) return undefined;
      const length = localHeaderLength(heads);
      if (length === undefined) return undefined;
      const start = headerOffset + length;
      checkRange(this.source, start, size);
      const header = this.headers.parse(heads.subarray(length));
      if (header === undefined || header.dataOffset > size) return undefined;
      return ofMember(
        member,
        npyEntry(arrayName(member), header, { source: this.source, start, size }),
      );
    } catch (error) {
      if (error instanceof BadFile) return undefined;
      throw error;
    }
  }

  private read(offset: number): Uint8Array | undefined {
    const { source, heads } = this;
    if (!source.readIntoSync || offset + heads.length > source.size) return undefined;
    source.readIntoSync(heads, offset);
    return heads;
  }
}

function arrayName({ name }: ZipMember): string {
  return name.slice(0, -'.npy'.length);
}

async function readMember(
  source: ByteSource,
  member: ZipMember,
  services: FormatServices,
  signal: AbortSignal,
): Promise<DescribedArray> {
  const name = arrayName(member);
  const heads = await withHeads(source, member, signal);
  const stored = await storedMember(heads, member, signal);
  if (member.method === 'stored') {
    const header = await readNpyHeader(stored, signal);
    return npyEntry(name, header, { source: stored, start: 0, size: stored.size });
  }
  const head = await inflateHeader(stored, services, signal);
  const header = await readNpyHeader(bytesSource(member.name, head), signal);
  const { entry, notes } = npyEntry(name, header, {
    source: signal => openMember(source, member, services, signal),
    start: 0,
    size: undefined,
  });
  const ratio = member.size / Math.max(1, member.compressedSize);
  return ratio <= suspiciousRatio
    ? { entry, notes }
    : { entry, notes: [...notes, `It is compressed ${Math.floor(ratio)} times.`] };
}

async function withHeads(
  source: ByteSource,
  { headerOffset }: ZipMember,
  signal: AbortSignal,
): Promise<ByteSource> {
  const length = Math.min(bothHeads, Math.max(0, source.size - headerOffset));
  return withBytes(source, headerOffset, await readBytes(source, headerOffset, length, signal));
}

/** The start of a deflated array: numpy pads its headers to 64 bytes, and long ones are rare. */
async function inflateHeader(
  deflated: ByteSource,
  services: FormatServices,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const few = await readBytes(deflated, 0, Math.min(256, deflated.size), signal);
  const head = await services.inflateStart(few, mostNpyHeader);
  const needed = npyHeaderEnd(head) ?? shortestNpyStart;
  if (needed <= head.length || few.length === deflated.size) return head;
  const many = await readBytes(deflated, 0, Math.min(mostNpyHeader, deflated.size), signal);
  return services.inflateStart(many, mostNpyHeader);
}
