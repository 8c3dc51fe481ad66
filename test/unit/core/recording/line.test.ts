import { describe, expect, it } from 'vitest';
import { parseRecordedLine } from '../../../../src/core/recording/line';
import { problemOf, valueOf } from '../../engine/support';

const full = {
  step: 10,
  layer: 'bn1',
  convention: 'pytorch',
  n: 2048,
  batchMean: [1, 2],
  batchVariance: [3, 4],
  movingMean: [0.5, 0],
  movingVariance: [1, 1.5],
};

describe('a line of a recording', () => {
  it('is read whole', () => {
    expect(valueOf(parseRecordedLine(JSON.stringify(full)))).toEqual({
      step: 10,
      layer: 'bn1',
      convention: 'pytorch',
      n: 2048,
      channels: 2,
      arrays: {
        batchMean: Float64Array.of(1, 2),
        batchVariance: Float64Array.of(3, 4),
        movingMean: Float64Array.of(0.5, 0),
        movingVariance: Float64Array.of(1, 1.5),
      },
    });
  });

  it('needs one array, and neither n nor a convention', () => {
    const text = '{"step": 0, "layer": "a", "movingMean": [1], "batchMean": null}';
    const line = valueOf(parseRecordedLine(text));
    expect(line).toMatchObject({ step: 0, n: 0, convention: '', channels: 1 });
    expect(Object.keys(line.arrays)).toEqual(['movingMean']);
  });

  it('has non-finite numbers as Python writes them, and as strings', () => {
    const text =
      '{"step":1,"layer":"NaN Infinity \\" -Infinity","batchMean":[NaN,-Infinity, Infinity,"NaN",-1]}';
    const { layer, arrays } = valueOf(parseRecordedLine(text));
    expect(layer).toBe('NaN Infinity " -Infinity');
    expect([...(arrays.batchMean ?? [])]).toEqual([NaN, -Infinity, Infinity, NaN, -1]);
  });

  it('may hold long strings and deep lists of whatever else a run writes', () => {
    const long = 'x'.repeat(20_000_000);
    const escaped = '\\n'.repeat(5_000_000);
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    for (const more of [`"${long}"`, `"${escaped}"`, deep]) {
      for (const value of ['1', 'NaN']) {
        const text = `{"step":1,"layer":"a","note":${more},"movingMean":[${value}]}`;
        const { arrays } = valueOf(parseRecordedLine(text));
        expect(arrays.movingMean).toEqual(Float64Array.of(Number(value)));
      }
    }
  });

  it('is refused without a walk through what is nested where a number should be', () => {
    const nested = '['.repeat(100_000) + ']'.repeat(100_000);
    const { message } = problemOf(parseRecordedLine(`{"step":${nested}}`));
    expect(message).toBe('its step is a list: give a whole number of at least 0');
  });

  it('is not one that ends in a string, with a special number before it', () => {
    for (const end of ['"', '"abc', '"abc\\', '"abc\\"', 'NaN', '-Infinity', '-', 'N']) {
      const text = `{"step":1,"layer":"a","movingMean":[NaN],"note":${end}`;
      expect(problemOf(parseRecordedLine(text)).message).toBe('it is not JSON on one line');
    }
  });

  it.each([
    [JSON.stringify({ ...full, layer: { a: 1 } }), 'its layer is an object'],
    ['{"step":1,', 'it is not JSON on one line'],
    ['[1,2]', 'it is not an object'],
    ['7', 'it is not an object'],
    [JSON.stringify({ ...full, step: undefined }), 'its step is missing: give a whole number'],
    [JSON.stringify({ ...full, step: 1.5 }), 'its step is 1.5'],
    [JSON.stringify({ ...full, step: -1 }), 'its step is -1'],
    [JSON.stringify({ ...full, step: '3' }), 'its step is "3"'],
    [JSON.stringify({ ...full, layer: '' }), 'its layer is ""'],
    [JSON.stringify({ ...full, layer: 3 }), 'its layer is 3'],
    [JSON.stringify({ ...full, convention: 1 }), 'its convention is 1'],
    [
      JSON.stringify({ ...full, layer: 'x'.repeat(1001) }),
      "its layer's name has 1001 characters, and 1000 is the limit",
    ],
    [
      JSON.stringify({ ...full, convention: 'y'.repeat(1001) }),
      `its convention is "${'y'.repeat(39)}…`,
    ],
    [JSON.stringify({ ...full, n: -2 }), 'its n is -2'],
    [JSON.stringify({ ...full, batchMean: 3 }), 'its batchMean is no list of numbers'],
    [JSON.stringify({ ...full, batchMean: [] }), 'its batchMean is no list of numbers'],
    [JSON.stringify({ ...full, batchMean: [1, 'x'] }), 'its batchMean is no list of numbers'],
    [JSON.stringify({ ...full, batchMean: [[1], [2]] }), 'its batchMean is no list of numbers'],
    [
      JSON.stringify({ ...full, movingMean: [1] }),
      'its batchMean has 2 numbers and its movingMean 1',
    ],
    ['{"step":1,"layer":"a"}', 'it has none of batchMean, batchVariance, movingMean'],
    [JSON.stringify({ ...full, step: 'x'.repeat(100) }), `its step is "${'x'.repeat(39)}…`],
  ])('is not %s', (text, message) => {
    expect(problemOf(parseRecordedLine(text)).message).toContain(message);
  });
});
