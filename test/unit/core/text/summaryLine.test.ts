import { describe, expect, it } from 'vitest';
import { sparkline } from '../../../../src/core/text/sparkline';
import {
  formatBound,
  formatMoment,
  summarizeTensor,
  summaryLine,
} from '../../../../src/core/text/summaryLine';

function line(shape: number[], values: number[]): string {
  const data = Float32Array.from(values);
  return summaryLine({ shape, dtype: 'float32' }, summarizeTensor(data));
}

describe('summaryLine', () => {
  it('says shape, count, range, histogram, mean and deviation', () => {
    const seed = [4, 5, 9, 0, 7, 8, 9, 6, 2, 1, 6, 5, 0, 0, 2, 0];
    expect(line([1, 2, 2, 4], seed)).toBe('f32[1,2,2,4] n=16 x∈[0 │█▄·▂▄▄▂▅│ 9] μ=4.00 σ=3.22');
  });

  it('counts what is not finite apart, by kind', () => {
    expect(line([6], [NaN, 1, 3, Infinity, -Infinity, NaN])).toBe(
      'f32[6] n=6 x∈[1 │█······█│ 3] μ=2.00 σ=1.00 NaN:2 +Inf:1 −Inf:1',
    );
    expect(line([2], [NaN, NaN])).toBe('f32[2] n=2 no finite value NaN:2');
  });

  it('says a constant once, and nothing of an empty tensor', () => {
    expect(line([2], [5, 5])).toBe('f32[2] n=2 x=5 μ=5.00 σ=0');
    expect(line([0, 3], [])).toBe('f32[0,3] n=0');
  });
});

describe('sparkline', () => {
  it('gives every count a block of its own height, and none to an empty one', () => {
    expect(sparkline([0, 1, 2, 3, 4, 5, 6, 8])).toBe('·▁▂▃▄▅▆█');
    expect(sparkline([1, 1000], 2)).toBe('▁█');
  });
  it('merges bins into the bars asked for', () => {
    expect(sparkline([1, 1, 0, 0, 2, 2, 4, 4], 4)).toBe('▂·▄█');
    expect(sparkline([0, 0])).toBe('··');
  });
});

describe('numbers of a summary', () => {
  it.each([
    [0, '0', '0'],
    [4, '4.00', '4'],
    [-3.21455, '-3.21', '-3.215'],
    [0.03249997, '0.0325', '0.0325'],
    [123456.7, '123500', '123500'],
    [3.3333e7, '3.333e+7', '3.333e+7'],
    [1.23456e-7, '1.235e-7', '1.235e-7'],
  ])('%d', (x, moment, bound) => {
    expect(formatMoment(x)).toBe(moment);
    expect(formatBound(x)).toBe(bound);
  });
});
