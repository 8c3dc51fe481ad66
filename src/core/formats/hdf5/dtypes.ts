import type { StoredDType } from '../../tensor/storedDType';
import type { Hdf5Dataset, Hdf5Type } from './library';

/** What a dataset's elements are read as, or why they are not. */
export type Hdf5Values =
  | { readonly kind: 'stored'; readonly stored: StoredDType }
  | { readonly kind: 'unreadable'; readonly dtype: string; readonly reason: string };

/** Filters that are part of the library: deflate, shuffle, fletcher32, nbit, scale-offset. */
const knownFilters = new Set([1, 2, 3, 5, 6]);

/** Bytes of a chunk, which is decompressed whole into the library's memory. */
const chunkLimit = 1 << 28;

/** @param stated the attribute `dtype`, by which Keras says what 16 opaque bits are */
export function valuesOf(dataset: Hdf5Dataset, stated: string | undefined): Hdf5Values {
  const { type, filters, virtual, chunk } = dataset;
  const stored = storedOf(type, stated);
  const dtype = stored ?? nameOf(type);
  const unreadable = (reason: string): Hdf5Values => ({ kind: 'unreadable', dtype, reason });
  if (stored === undefined) return unreadable(`values of type ${dtype} are not numbers`);
  if (virtual)
    return unreadable('it is put together from other datasets, which may be in other files');
  const unknown = filters.find(({ id }) => !knownFilters.has(id));
  if (unknown) {
    return unreadable(
      `it is compressed with ${unknown.name === '' ? `filter ${unknown.id}` : unknown.name}, which is not known: gzip is`,
    );
  }
  const chunkBytes = (chunk ?? []).reduce((product, length) => product * length, type.bytes);
  if (chunkBytes > chunkLimit) {
    return unreadable(`its chunks have ${chunkBytes} bytes, and ${chunkLimit} is the most`);
  }
  return { kind: 'stored', stored };
}

const integers: Readonly<Record<number, readonly [StoredDType, StoredDType]>> = {
  1: ['int8', 'uint8'],
  2: ['int16', 'uint16'],
  4: ['int32', 'uint32'],
  8: ['int64', 'uint64'],
};

const floats: Readonly<Record<number, StoredDType>> = { 2: 'float16', 4: 'float32', 8: 'float64' };

function storedOf(type: Hdf5Type, stated: string | undefined): StoredDType | undefined {
  switch (type.kind) {
    case 'integer':
      return integers[type.bytes]?.[type.signed ? 0 : 1];
    case 'float':
      return stated === 'bfloat16' && type.bytes === 2 ? 'bfloat16' : floats[type.bytes];
    case 'opaque':
      return opaqueOf(type.bytes, stated);
    case 'enumeration':
      return isBoolean(type) ? 'bool' : undefined;
    case 'compound':
      return complexOf(type);
    case 'text':
    case 'array':
    case 'other':
      return undefined;
  }
}

function opaqueOf(bytes: number, stated: string | undefined): StoredDType | undefined {
  if (bytes === 2 && stated === 'bfloat16') return 'bfloat16';
  if (bytes === 1 && (stated === 'float8_e4m3fn' || stated === 'float8_e5m2')) return stated;
  return undefined;
}

/** As h5py writes numpy's bool. */
function isBoolean({ bytes, values = [] }: Hdf5Type): boolean {
  return bytes === 1 && values.length === 2 && values.includes('FALSE') && values.includes('TRUE');
}

/** As h5py writes numpy's complex: two floats, r and i. */
function complexOf({ bytes, members = [] }: Hdf5Type): StoredDType | undefined {
  const [r, i] = members;
  if (members.length !== 2 || r?.kind !== 'float' || i?.kind !== 'float') return undefined;
  const paired = r.name === 'r' && i.name === 'i' && r.offset === 0 && i.offset === r.bytes;
  if (!paired || r.bytes !== i.bytes || bytes !== 2 * r.bytes) return undefined;
  if (r.bytes === 4) return 'complex64';
  return r.bytes === 8 ? 'complex128' : undefined;
}

function nameOf({ kind, bytes }: Hdf5Type): string {
  switch (kind) {
    case 'integer':
    case 'float':
      return `${kind}${bytes * 8}`;
    case 'text':
      return 'string';
    case 'opaque':
      return `V${bytes}`;
    case 'compound':
    case 'enumeration':
    case 'array':
      return kind;
    case 'other':
      return 'other';
  }
}
