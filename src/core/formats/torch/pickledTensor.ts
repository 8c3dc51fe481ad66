import type { StoredDType } from '../../tensor/storedDType';
import type { Shape } from '../../tensor/shape';

/** Bytes that tensors of a checkpoint are views of. */
export interface PickledStorage {
  readonly key: string;
  /** Elements, as the pickle states them. */
  readonly elements: number;
  /** Of its elements, in torch's words: `float32`, `qint8`; undefined for bytes without a type. */
  readonly dtype: string | undefined;
  /** Elements before a legacy view of a part of it. */
  readonly viewOffset: number;
}

/** A tensor as its pickle describes it. */
export type PickledTensor = StridedTensor | OtherTensor | PickledArray;

export interface StridedTensor {
  readonly kind: 'strided';
  readonly storage: PickledStorage;
  /** In torch's words. */
  readonly dtype: string;
  /** In elements. */
  readonly offset: number;
  readonly shape: Shape;
  readonly strides: readonly number[];
  readonly conjugate: boolean;
  readonly negative: boolean;
  /** Present where its integers stand for `(stored − zeroPoint) × scale`. */
  readonly quantised?: { readonly scale: number; readonly zeroPoint: number };
}

/** One whose values are not read. */
export interface OtherTensor {
  readonly kind: 'other';
  readonly shape: Shape;
  readonly dtype: string;
  readonly reason: string;
}

/** An array of NumPy's, whose bytes are in the pickle. */
export interface PickledArray {
  readonly kind: 'array';
  /** As .npy headers spell dtypes. */
  readonly descr: string;
  readonly shape: Shape;
  readonly fortranOrder: boolean;
  readonly bytes: PickledBytes;
}

/** Bytes of the pickle: as they are, or as text of one character each. */
export type PickledBytes = Uint8Array | string;

/** torch's dtypes that are read; the others are listed. */
export const torchDTypes: ReadonlyMap<string, StoredDType> = new Map<string, StoredDType>([
  ['float32', 'float32'],
  ['float', 'float32'],
  ['float64', 'float64'],
  ['double', 'float64'],
  ['float16', 'float16'],
  ['half', 'float16'],
  ['bfloat16', 'bfloat16'],
  ['uint8', 'uint8'],
  ['int8', 'int8'],
  ['int16', 'int16'],
  ['uint16', 'uint16'],
  ['int32', 'int32'],
  ['uint32', 'uint32'],
  ['int64', 'int64'],
  ['uint64', 'uint64'],
  ['bool', 'bool'],
  ['complex64', 'complex64'],
  ['complex128', 'complex128'],
  ['float8_e4m3fn', 'float8_e4m3fn'],
  ['float8_e5m2', 'float8_e5m2'],
  ['qint8', 'int8'],
  ['quint8', 'uint8'],
  ['qint32', 'int32'],
]);

/** dtypes of typed storages: `torch.FloatStorage`. Source: torch/storage.py. */
export const storageDTypes: ReadonlyMap<string, string> = new Map([
  ['FloatStorage', 'float32'],
  ['DoubleStorage', 'float64'],
  ['HalfStorage', 'float16'],
  ['BFloat16Storage', 'bfloat16'],
  ['ByteStorage', 'uint8'],
  ['CharStorage', 'int8'],
  ['ShortStorage', 'int16'],
  ['IntStorage', 'int32'],
  ['LongStorage', 'int64'],
  ['BoolStorage', 'bool'],
  ['ComplexFloatStorage', 'complex64'],
  ['ComplexDoubleStorage', 'complex128'],
  ['QInt8Storage', 'qint8'],
  ['QUInt8Storage', 'quint8'],
  ['QInt32Storage', 'qint32'],
  ['UntypedStorage', 'bytes'],
  ['QUInt4x2Storage', 'quint4x2'],
  ['QUInt2x4Storage', 'quint2x4'],
]);

/** Bytes of an element of storages whose values are not read, or are read as what each tensor says. */
export const storageBytes: ReadonlyMap<string, number> = new Map([
  ['bytes', 1],
  ['quint4x2', 1],
  ['quint2x4', 1],
]);
