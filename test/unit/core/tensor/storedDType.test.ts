import { describe, expect, it } from 'vitest';
import {
  float16Values,
  float8e4m3Values,
  float8e5m2Values,
} from '../../../../src/core/tensor/smallFloats';
import {
  allocate,
  decodeStored,
  storedDTypes,
  type StoredDType,
} from '../../../../src/core/tensor/storedDType';

function decoded(stored: StoredDType, bytes: readonly number[], littleEndian = true): number[] {
  const { dtype, numbers, bytes: width } = storedDTypes[stored];
  // One byte in, so that nothing is aligned.
  const within = Uint8Array.of(0, ...bytes).subarray(1);
  const into = allocate(dtype, (bytes.length / width) * numbers);
  decodeStored(stored, within, littleEndian, into);
  return [...into];
}

describe('small floats', () => {
  it('have the values that their papers give', () => {
    // IEEE 754-2019 binary16; arXiv 2209.05433, table 1.
    const half = float16Values();
    const codes = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x3555, 0x7c00, 0xfc00];
    expect(codes.map(code => half[code])).toEqual([
      1,
      -2,
      65504,
      2 ** -14,
      2 ** -24,
      0.333251953125,
      Infinity,
      -Infinity,
    ]);
    expect(half[0x7e01]).toBeNaN();
    expect(Object.is(half[0x8000], -0)).toBe(true);
    const e4m3 = float8e4m3Values();
    expect([0x7e, 0x08, 0x01, 0xfe].map(code => e4m3[code])).toEqual([448, 2 ** -6, 2 ** -9, -448]);
    expect([e4m3[0x7f], e4m3[0xff]]).toEqual([NaN, NaN]);
    const e5m2 = float8e5m2Values();
    expect([0x7b, 0x04, 0x01, 0x7c, 0xfc].map(code => e5m2[code])).toEqual([
      57344,
      2 ** -14,
      2 ** -16,
      Infinity,
      -Infinity,
    ]);
  });
});

describe('stored dtypes', () => {
  it.each<[StoredDType, number[], number[]]>([
    ['bool', [0, 1, 7], [0, 1, 1]],
    ['int8', [0xff, 0x7f], [-1, 127]],
    ['uint8', [0xff], [255]],
    ['int16', [0xfe, 0xff], [-2]],
    ['uint16', [0xfe, 0xff], [65534]],
    ['int32', [0xff, 0xff, 0xff, 0xff], [-1]],
    ['uint32', [0xff, 0xff, 0xff, 0xff], [2 ** 32 - 1]],
    ['int64', [0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [-2]],
    ['uint64', [1, 0, 0, 0, 0, 0, 0, 0x80], [2 ** 63]],
    ['float16', [0x00, 0x3c], [1]],
    ['bfloat16', [0x80, 0x3f, 0x80, 0xff], [1, -Infinity]],
    ['float32', [0, 0, 0x80, 0x3f], [1]],
    ['float64', [0, 0, 0, 0, 0, 0, 0xf0, 0x3f], [1]],
    ['float8_e4m3fn', [0x38], [1]],
    ['float8_e5m2', [0x3c], [1]],
    ['complex64', [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0], [1, -2]],
  ])('reads %s in either order', (stored, bytes, values) => {
    expect(decoded(stored, bytes)).toEqual(values);
    const { word } = storedDTypes[stored];
    const swapped: number[] = [];
    for (let at = 0; at < bytes.length; at += word) {
      swapped.push(...bytes.slice(at, at + word).reverse());
    }
    expect(decoded(stored, swapped, false)).toEqual(values);
  });

  it.each([0, 2, 4, 6])('reads any number of bfloat16, from byte %i on', offset => {
    for (let count = 0; count < 6; count++) {
      const bits = Uint16Array.from({ length: count }, (_, i) => 0x3f80 + 0x8001 * i);
      const held = new Uint8Array(20);
      held.set(new Uint8Array(bits.buffer), offset);
      const into = new Float32Array(count + 2).fill(7);
      decodeStored('bfloat16', held.subarray(offset, offset + 2 * count), true, into, 1);
      const codes = [...new Uint32Array(into.buffer, 4, count)];
      expect(codes).toEqual([...bits].map(code => code * 2 ** 16));
      expect([into[0], into.at(-1)]).toEqual([7, 7]);
    }
  });

  it('rounds integers beyond 2^53, and counts those that it changes', () => {
    const wide = new BigInt64Array([2n ** 53n, 2n ** 53n + 1n, 2n ** 60n, -(2n ** 53n) - 1n]);
    const into = new Float64Array(4);
    expect(decodeStored('int64', new Uint8Array(wide.buffer), true, into)).toBe(2);
    expect([...into]).toEqual([2 ** 53, 2 ** 53, 2 ** 60, -(2 ** 53)]);
  });
});
