import { describe, expect, it } from 'vitest';
import { encodeJson, float32, type Json } from '../../../../src/core/text/json';

const text = (value: Json): string => [...encodeJson(value)].join('');

describe('JSON for other tools', () => {
  it.each([
    [null, null],
    [[], []],
    [{}, {}],
    [{ a: [1, [2, 'x"\n'], { b: true, c: {} }], d: null }, undefined],
    [[{ a: 1 }, { b: [{}] }], undefined],
    [
      [NaN, Infinity, -Infinity, -0],
      ['NaN', 'Infinity', '-Infinity', -0],
    ],
    [Float64Array.of(0.1, Math.fround(0.1)), [0.1, 0.10000000149011612]],
    [Float32Array.of(0.1, NaN), [0.1, 'NaN']],
    [{ x: float32(Math.fround(0.1)) }, { x: 0.1 }],
    [new Float32Array(0), []],
  ] as readonly [Json, unknown][])('%j', (value, read) => {
    expect(JSON.parse(text(value))).toEqual(read === undefined ? value : read);
    expect(text(value)).toMatch(/[^\n]\n$/);
  });

  it('has a line an entry, and a line a row', () => {
    expect(text({ a: 1, rows: [{ b: [1, 2] }, { b: [] }], last: [1, 2] })).toBe(
      '{\n  "a": 1,\n  "rows": [\n    { "b": [1, 2] },\n    { "b": [] }\n  ],\n  "last": [1, 2]\n}\n',
    );
  });

  it('comes in pieces where it is large', () => {
    const pieces = [...encodeJson(new Float32Array(100_000).fill(0.5))];
    expect(pieces.length).toBeGreaterThan(20);
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThan(65_536);
    expect(JSON.parse(pieces.join(''))).toHaveLength(100_000);
  });
});
