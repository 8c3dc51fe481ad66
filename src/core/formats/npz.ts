import { BadFile, heed } from './badFile';
import { bytesSource, readBytes, withBytes, type ByteSource } from './byteSource';
import type { TensorCatalog, TensorEntry } from './catalog';
import type { Format } from './format';
import { suspiciousRatio } from './limits';
import { readNpyEntry } from './npy';
import { mostNpyHeader, npyHeaderEnd } from './npyHeader';
import type { FormatServices } from './services';
import { quoted } from './shapes';
import { firstMemberName, openMember, readZip, storedMember, type ZipMember } from './zip';

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
  for (const member of (await readZip(source, signal)).values()) {
    heed(signal);
    const read = await describeMember(source, member, services, signal);
    if (read.entry !== undefined) entries.push(read.entry);
    notes.push(...read.notes);
  }
  return { format: npz.id, entries, hints: [], notes };
}

interface DescribedMember {
  readonly entry?: TensorEntry;
  readonly notes: readonly string[];
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
    const { entry, notes } = await readMember(source, member, services, signal);
    return { entry, notes: notes.map(note => `${name}: ${note}`) };
  } catch (error) {
    if (!(error instanceof BadFile) || error.code === 'cancelled') throw error;
    return { notes: [`Its member ${name} cannot be read: ${error.message}`] };
  }
}

async function readMember(
  source: ByteSource,
  member: ZipMember,
  services: FormatServices,
  signal: AbortSignal,
): Promise<{ readonly entry: TensorEntry; readonly notes: readonly string[] }> {
  const name = member.name.slice(0, -'.npy'.length);
  const heads = await withHeads(source, member, signal);
  const stored = await storedMember(heads, member, signal);
  if (member.method === 'stored') return readNpyEntry(name, stored, signal);
  const head = await inflateHeader(stored, services, signal);
  const { entry, notes } = await readNpyEntry(
    name,
    bytesSource(member.name, head),
    signal,
    signal => openMember(source, member, services, signal),
  );
  const ratio = member.size / Math.max(1, member.compressedSize);
  return ratio <= suspiciousRatio
    ? { entry, notes }
    : { entry, notes: [...notes, `It is compressed ${Math.floor(ratio)} times.`] };
}

/** Bytes that a member's two heads take, nearly always: the zip's with a name, and the array's. */
const bothHeads = 256;

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
  const end = npyHeaderEnd(head);
  if (end === undefined || end <= head.length || few.length === deflated.size) return head;
  const many = await readBytes(deflated, 0, Math.min(mostNpyHeader, deflated.size), signal);
  return services.inflateStart(many, mostNpyHeader);
}
