import { isStoredDType, storedDTypes, type StoredDType } from '../tensor/storedDType';
import { heed, refuse } from './badFile';
import { ByteReader } from './bytes';
import { partOf, readBytes, type ByteSource } from './byteSource';
import type { TensorCatalog, TensorEntry } from './catalog';
import { denseEntry, unreadableEntry } from './denseEntry';
import type { Format } from './format';
import { membersOf, numbersOf, parseHeaderJson } from './jsonHeader';
import { mostHeaderBytes, mostTensors } from './limits';
import { checkShape, quoted } from './shapes';

/**
 * Hugging Face safetensors: 8 bytes of header length, a JSON header, data. Source: safetensors README,
 * "Format"; dtypes of safetensors 0.6 `Dtype`.
 */
export const safetensors: Format = {
  id: 'safetensors',
  name: 'safetensors',
  extensions: ['.safetensors'],
  // Header length below 2^32, then `{`.
  sniff: head =>
    head[8] === 0x7b && head[4] === 0 && head[5] === 0 && head[6] === 0 && head[7] === 0,
  open: async (source, _services, signal) => {
    const { entries, notes } = await readSafetensors(source, signal);
    return { format: safetensors.id, entries, hints: [], notes };
  },
};

/** How the header spells dtypes, and bits of those that are only listed. */
const dtypes: Readonly<
  Record<string, StoredDType | { readonly name: string; readonly bits: number }>
> = {
  BOOL: 'bool',
  I8: 'int8',
  U8: 'uint8',
  I16: 'int16',
  U16: 'uint16',
  I32: 'int32',
  U32: 'uint32',
  I64: 'int64',
  U64: 'uint64',
  F16: 'float16',
  BF16: 'bfloat16',
  F32: 'float32',
  F64: 'float64',
  F8_E4M3: 'float8_e4m3fn',
  F8_E5M2: 'float8_e5m2',
  C64: 'complex64',
  F4: { name: 'float4_e2m1fn', bits: 4 },
  F6_E2M3: { name: 'float6_e2m3fn', bits: 6 },
  F6_E3M2: { name: 'float6_e3m2fn', bits: 6 },
  F8_E8M0: { name: 'float8_e8m0fnu', bits: 8 },
};

/** @returns entries in the order of their data, which is the order they were saved in, nearly always */
export async function readSafetensors(
  source: ByteSource,
  signal: AbortSignal,
): Promise<Pick<TensorCatalog, 'entries' | 'notes'>> {
  const start = new ByteReader(await readBytes(source, 0, Math.min(8, source.size), signal));
  const length = start.size64();
  if (length > mostHeaderBytes || length > source.size - 8) {
    refuse(
      'header-too-large',
      `its header says that it is ${length} bytes long, in a file of ${source.size}: it is cut short or no safetensors file.`,
    );
  }
  const header = parseHeaderJson(await readBytes(source, 8, length, signal), 'its header');
  const members = membersOf(header);
  if (members === undefined)
    refuse('header-invalid', 'its header is not a JSON object of tensors.');
  if (members.size > mostTensors) refuse('too-many-tensors', `it lists ${members.size} tensors.`);
  const data = partOf(source, 8 + length, source.size - 8 - length);
  const placed: { readonly entry: TensorEntry; readonly begin: number; readonly end: number }[] =
    [];
  for (const [name, description] of members) {
    if (name === '__metadata__') continue;
    if (placed.length % 1024 === 0) heed(signal);
    placed.push(describe(name, description, data));
  }
  placed.sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkOverlap(placed);
  return { entries: placed.map(({ entry }) => entry), notes: [] };
}

function describe(
  name: string,
  description: unknown,
  data: ByteSource,
): { readonly entry: TensorEntry; readonly begin: number; readonly end: number } {
  const fields = membersOf(description);
  const shape = numbersOf(fields?.get('shape'));
  const [begin, end] = numbersOf(fields?.get('data_offsets')) ?? [];
  const code = fields?.get('dtype');
  if (shape === undefined || begin === undefined || end === undefined || typeof code !== 'string') {
    refuse(
      'header-invalid',
      `its header describes ${quoted(name)} without a dtype, a shape and data_offsets.`,
    );
  }
  const whole = Number.isSafeInteger(begin) && Number.isSafeInteger(end);
  if (!whole || begin < 0 || end < begin || end > data.size) {
    refuse(
      'offsets-invalid',
      `the tensor ${quoted(name)} is said to be at bytes ${begin} to ${end} of ${data.size}: it is cut short or damaged.`,
    );
  }
  const elements = checkShape(shape, name);
  const known = Object.hasOwn(dtypes, code) ? dtypes[code] : undefined;
  if (typeof known === 'string' && isStoredDType(known)) {
    const wanted = elements * storedDTypes[known].bytes;
    if (wanted !== end - begin) {
      refuse(
        'offsets-invalid',
        `the tensor ${quoted(name)} needs ${wanted} bytes and is given ${end - begin}.`,
      );
    }
    const entry = denseEntry({ name, shape, stored: known, source: data, offset: begin });
    return { entry, begin, end };
  }
  const dtype = typeof known === 'object' ? known.name : code.slice(0, 40);
  const reason = `its dtype ${dtype} is not one that can be read`;
  return { entry: unreadableEntry(name, shape, dtype, end - begin, reason), begin, end };
}

function checkOverlap(
  placed: readonly { readonly entry: TensorEntry; readonly begin: number; readonly end: number }[],
): void {
  for (let i = 1; i < placed.length; i++) {
    const [before, after] = [placed[i - 1], placed[i]];
    if (before && after && after.begin < before.end && after.end > after.begin) {
      refuse(
        'offsets-invalid',
        `the tensors ${quoted(before.entry.name)} and ${quoted(after.entry.name)} are said to share bytes.`,
      );
    }
  }
}
