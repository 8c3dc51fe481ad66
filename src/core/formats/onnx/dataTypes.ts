import type { StoredDType } from '../../tensor/storedDType';

/** TensorProto.DataType by number. Source: onnx.proto3. */
const stored: Readonly<Record<number, StoredDType>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  4: 'uint16',
  5: 'int16',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  12: 'uint32',
  13: 'uint64',
  14: 'complex64',
  15: 'complex128',
  16: 'bfloat16',
  17: 'float8_e4m3fn',
  19: 'float8_e5m2',
};

const others: Readonly<Record<number, string>> = {
  0: 'undefined',
  8: 'string',
  18: 'float8_e4m3fnuz',
  20: 'float8_e5m2fnuz',
  21: 'uint4',
  22: 'int4',
  23: 'float4_e2m1',
};

export function storedDataType(dataType: number): StoredDType | undefined {
  return stored[dataType];
}

/** For people, whether its values can be read or not. */
export function dataTypeName(dataType: number): string {
  return stored[dataType] ?? others[dataType] ?? `type ${dataType}`;
}
