import type { StoredDType } from '../../tensor/storedDType';

/** tensorflow's DataType by number. Source: tensorflow/core/framework/types.proto. */
const stored: Readonly<Record<number, StoredDType>> = {
  1: 'float32',
  2: 'float64',
  3: 'int32',
  4: 'uint8',
  5: 'int16',
  6: 'int8',
  8: 'complex64',
  9: 'int64',
  10: 'bool',
  14: 'bfloat16',
  17: 'uint16',
  18: 'complex128',
  19: 'float16',
  22: 'uint32',
  23: 'uint64',
  24: 'float8_e5m2',
  25: 'float8_e4m3fn',
};

const others: Readonly<Record<number, string>> = {
  7: 'string',
  11: 'qint8',
  12: 'quint8',
  13: 'qint32',
  15: 'qint16',
  16: 'quint16',
  20: 'resource',
  21: 'variant',
  29: 'int4',
  30: 'uint4',
};

export function storedDataType(dataType: number): StoredDType | undefined {
  return stored[dataType];
}

/** For people, whether its values can be read or not. */
export function dataTypeName(dataType: number): string {
  return stored[dataType] ?? others[dataType] ?? `type ${dataType}`;
}
