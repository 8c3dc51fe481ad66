import { float16Values, float8e4m3Values, float8e5m2Values } from './smallFloats';
import type { DType, TensorData } from './tensor';

/** dtypes that files store and whose values Normscope reads, in numpy's and ml_dtypes' words. */
export type StoredDType =
  | 'bool'
  | 'int8'
  | 'uint8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'uint64'
  | 'float16'
  | 'bfloat16'
  | 'float32'
  | 'float64'
  | 'float8_e4m3fn'
  | 'float8_e5m2'
  | 'complex64'
  | 'complex128';

/** How one stored dtype is read. */
export interface StoredDTypeInfo {
  /** Bytes of an element. */
  readonly bytes: number;
  /** What its values are held as; every one is exact, but for 64-bit integers above 2^53. */
  readonly dtype: DType;
  /** Numbers an element has: 2 (real, imaginary) for complex. */
  readonly numbers: 1 | 2;
  /** Bytes of what is swapped where the file is big-endian. */
  readonly word: 1 | 2 | 4 | 8;
  /** Whether the stored bytes, little-endian, are those of `dtype` already. */
  readonly direct: boolean;
  /** Decodes little-endian, aligned bytes. @returns how many values were rounded */
  readonly decode: (bytes: Uint8Array, into: TensorData, at: number) => number;
}

type ArrayType = new (buffer: ArrayBuffer, offset: number, length: number) => TensorSource;
type TensorSource = ArrayLike<number> & { readonly BYTES_PER_ELEMENT: number };

function viewOf(Type: ArrayType, width: number, bytes: Uint8Array): TensorSource {
  // A shared buffer does as well: the constructors of typed arrays take both.
  return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / width);
}

/** Values that a typed array of JavaScript has: copied. */
function plain(
  Type: ArrayType,
  word: StoredDTypeInfo['word'],
  dtype: DType,
  { direct = false, numbers = 1 }: { direct?: boolean; numbers?: 1 | 2 } = {},
): StoredDTypeInfo {
  const decode = (bytes: Uint8Array, into: TensorData, at: number): number => {
    into.set(viewOf(Type, word, bytes), at);
    return 0;
  };
  return { bytes: word * numbers, dtype, numbers, word, direct, decode };
}

function tabled(
  Type: typeof Uint8Array | typeof Uint16Array,
  word: 1 | 2,
  values: () => Float32Array,
): StoredDTypeInfo {
  const decode = (bytes: Uint8Array, into: TensorData, at: number): number => {
    const table = values();
    const codes = viewOf(Type, word, bytes);
    for (let i = 0; i < codes.length; i++) into[at + i] = table[codes[i] as number] as number;
    return 0;
  };
  return { bytes: word, dtype: 'float32', numbers: 1, word, direct: false, decode };
}

/** The upper half of a float32. */
function decodeBfloat16(bytes: Uint8Array, into: TensorData, at: number): number {
  const codes = viewOf(Uint16Array, 2, bytes);
  // Written where they belong, as bits: a float that is a NaN may lose some on its way. Signed, as shifts give them.
  const bits = new Int32Array(into.buffer, into.byteOffset + 4 * at, codes.length);
  // Two at a time, which takes two thirds of the time, where they are aligned for it.
  const pairs = bytes.byteOffset % 4 === 0 ? codes.length >> 1 : 0;
  const words = new Int32Array(
    bytes.buffer as ArrayBuffer,
    pairs === 0 ? 0 : bytes.byteOffset,
    pairs,
  );
  for (let i = 0; i < pairs; i++) {
    const word = words[i] as number;
    bits[2 * i] = word << 16;
    bits[2 * i + 1] = word & ~0xffff;
  }
  for (let i = 2 * pairs; i < codes.length; i++) bits[i] = (codes[i] as number) << 16;
  return 0;
}

/** Doubles hold 53 bits: what does not survive is rounded to nearest and counted. */
function decodeWide(Type: typeof BigInt64Array | typeof BigUint64Array): StoredDTypeInfo['decode'] {
  return (bytes, into, at) => {
    const wide = new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength / 8);
    let inexact = 0;
    for (let i = 0; i < wide.length; i++) {
      const exact = wide[i] as bigint;
      const value = Number(exact);
      into[at + i] = value;
      if (!Number.isSafeInteger(value) && BigInt(value) !== exact) inexact++;
    }
    return inexact;
  };
}

/** Any byte but 0 is true. */
function decodeBool(bytes: Uint8Array, into: TensorData, at: number): number {
  for (let i = 0; i < bytes.length; i++) into[at + i] = bytes[i] === 0 ? 0 : 1;
  return 0;
}

function wide(Type: typeof BigInt64Array | typeof BigUint64Array): StoredDTypeInfo {
  const decode = decodeWide(Type);
  return { bytes: 8, dtype: 'float64', numbers: 1, word: 8, direct: false, decode };
}

const pairs = { numbers: 2, direct: true } as const;

export const storedDTypes: Readonly<Record<StoredDType, StoredDTypeInfo>> = {
  bool: { bytes: 1, dtype: 'bool', numbers: 1, word: 1, direct: false, decode: decodeBool },
  int8: plain(Int8Array, 1, 'int32'),
  uint8: plain(Uint8Array, 1, 'int32'),
  int16: plain(Int16Array, 2, 'int32'),
  uint16: plain(Uint16Array, 2, 'int32'),
  int32: plain(Int32Array, 4, 'int32', { direct: true }),
  uint32: plain(Uint32Array, 4, 'float64'),
  int64: wide(BigInt64Array),
  uint64: wide(BigUint64Array),
  float16: tabled(Uint16Array, 2, float16Values),
  bfloat16: {
    bytes: 2,
    dtype: 'float32',
    numbers: 1,
    word: 2,
    direct: false,
    decode: decodeBfloat16,
  },
  float32: plain(Float32Array, 4, 'float32', { direct: true }),
  float64: plain(Float64Array, 8, 'float64', { direct: true }),
  float8_e4m3fn: tabled(Uint8Array, 1, float8e4m3Values),
  float8_e5m2: tabled(Uint8Array, 1, float8e5m2Values),
  complex64: plain(Float32Array, 4, 'float32', pairs),
  complex128: plain(Float64Array, 8, 'float64', pairs),
};

export function isStoredDType(name: string): name is StoredDType {
  return Object.hasOwn(storedDTypes, name);
}

/** A typed array for values of a dtype. */
export function allocate(dtype: DType, length: number): TensorData {
  switch (dtype) {
    case 'float32':
      return new Float32Array(length);
    case 'float64':
      return new Float64Array(length);
    case 'int32':
      return new Int32Array(length);
    case 'bool':
      return new Uint8Array(length);
  }
}

/**
 * Decodes stored elements. Hosts are little-endian, as every platform of VS Code is.
 * @param bytes whole elements; changed in place where they have to be swapped
 * @param at index in `into` of the first number
 * @returns how many integers were rounded, since float64 does not hold them
 */
export function decodeStored(
  stored: StoredDType,
  bytes: Uint8Array,
  littleEndian: boolean,
  into: TensorData,
  at = 0,
): number {
  const info = storedDTypes[stored];
  const aligned = bytes.byteOffset % info.word === 0 ? bytes : bytes.slice();
  if (!littleEndian) swap(aligned, info.word);
  return info.decode(aligned, into, at);
}

/** Reverses the bytes of each word, in place. */
function swap(bytes: Uint8Array, word: number): void {
  if (word === 1) return;
  for (let start = 0; start + word <= bytes.length; start += word) {
    bytes.subarray(start, start + word).reverse();
  }
}
