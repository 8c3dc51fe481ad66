import { describe, expect, it } from 'vitest';
import { placeFrame, px } from '../../../webview/charts/frame';
import { placeAt, spanOf } from '../../../webview/pictures/distribution/chart';
import { describePlace, offAxis, placesOf } from '../../../webview/pictures/distribution/model';

describe('a chart', () => {
  const frame = placeFrame({
    ...{ width: 600, height: 250, inset: 34 },
    x: { domain: [-2, 2], label: 'value' },
    y: { domain: [0, 900], label: 'count', kind: 'log' },
  });

  it('has ticks at round numbers, and room for their text', () => {
    expect(frame.x.ticks.map(({ text }) => text)).toEqual(['-2', '-1', '0', '1', '2']);
    expect(frame.y.ticks.map(({ text }) => text)).toEqual(['0', '1', '10', '100']);
    expect(frame.y.at(0)).toBe(frame.bottom);
    expect(frame.y.at(900)).toBe(frame.top);
  });

  it('places a range of one value in the middle', () => {
    const one = placeFrame({
      ...{ width: 600, height: 250 },
      x: { domain: [3, 3], label: '' },
      y: { domain: [0, 1], label: '' },
    });
    expect(one.x.at(3)).toBe((one.left + one.right) / 2);
  });

  it('writes pixels to a tenth', () => {
    expect([px(1 / 3), px(-0.04), px(12)]).toEqual(['0.3', '0', '12']);
  });

  it('knows the bin under the mouse', () => {
    for (const i of [0, 1, 16, 32, 33]) {
      const [from, to] = spanOf(frame, 34, i);
      expect(placeAt(frame, 34, (from + to) / 2)).toBe(i);
    }
    expect(placeAt(frame, 34, 3)).toBeUndefined();
  });
});

describe('the places of a histogram', () => {
  const counts = (...n: number[]): Uint32Array => Uint32Array.from(n);
  const reply = {
    ...{ low: 0, high: 1, bins: 2, marks: [], masked: false },
    input: counts(3, 5, 6, 1, 2, 0, 1),
    output: counts(0, 9, 9, 0, 0, 0, 0),
  };

  it('are the bins, as numpy closes them, and what lies outside', () => {
    expect(placesOf(reply).map(describePlace)).toEqual([
      'below 0: input 3, output 0',
      '[0, 0.5): input 5, output 9',
      '[0.5, 1]: input 6, output 9',
      'above 1: input 1, output 0',
    ]);
  });

  it('do not hide what is no number', () => {
    expect(offAxis(reply.input, 2)).toBe('2 NaN, 1 −∞');
    expect(offAxis(reply.output, 2)).toBe('');
  });
});
