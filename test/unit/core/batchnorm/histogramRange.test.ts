import { describe, expect, it } from 'vitest';
import { pytorch } from '../../../../src/core/batchnorm/conventions/pytorch';
import { histogramRanges, wholeRange } from '../../../../src/core/batchnorm/histogramRange';
import { freshParameters, type BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import { step } from '../../../../src/core/batchnorm/step';
import type { Trace } from '../../../../src/core/batchnorm/trace';
import { Random } from '../../../property/random';

const layer = (channels: number, change: Partial<BatchNormLayer> = {}): BatchNormLayer => ({
  ...freshParameters(channels),
  ...{ convention: pytorch, epsilon: 1e-5, momentum: 0.1, channelAxis: 1, batchesTracked: 0 },
  precision: 'float32',
  ...change,
});

function traceOf(of: BatchNormLayer, data: Float32Array, training: boolean): Trace {
  const shape = [data.length / of.gamma.length, of.gamma.length];
  const flags = { training, trainable: true };
  const done = step(of, { shape, dtype: 'float32', data }, flags);
  if (!done.ok) throw new Error(done.problem.message);
  return done.value.trace;
}

describe('the range of a histogram', () => {
  const random = new Random(7);
  const values = Float32Array.from({ length: 4000 }, (_, i) =>
    i === 10 ? 1000 : random.normal() * (1 + (i % 2)) + 5 * (i % 2),
  );

  it.each([true, false])('holds every value where all are wanted, training %s', training => {
    const of = layer(2, { gamma: Float64Array.of(-2, 0.5), beta: Float64Array.of(1, -3) });
    const trace = traceOf(of, values, training);
    const { low, high } = histogramRanges(of, trace, 'full');
    values.forEach((x, i) => {
      expect(x >= (low[i % 2] as number) && x <= (high[i % 2] as number), `value ${i}`).toBe(true);
    });
    for (const c of [0, 1]) {
      expect(low[c]).toBeLessThanOrEqual(trace.output.min[c] as number);
      expect(high[c]).toBeGreaterThanOrEqual(trace.output.max[c] as number);
      expect(Math.fround(low[c] as number)).toBe(low[c]);
    }
  });

  it('leaves an outlier out where it is to be robust', () => {
    const { high } = histogramRanges(layer(2), traceOf(layer(2), values, true), 'robust');
    expect(high[0]).toBeLessThan(130);
    expect(high[1]).toBeLessThan(25);
    expect(
      wholeRange(histogramRanges(layer(2), traceOf(layer(2), values, true), 'robust')),
    ).toEqual({
      low: expect.any(Float64Array) as Float64Array,
      high: Float64Array.of(high[0] as number),
    });
  });

  it('is finite for a constant, for gamma 0 and for a batch that is not', () => {
    const constant = traceOf(layer(1), new Float32Array(8).fill(3), true);
    const still = layer(1, { gamma: Float64Array.of(0) });
    const nan = traceOf(layer(1), Float32Array.of(1, NaN, 3, 4), true);
    for (const [of, trace] of [
      [layer(1), constant],
      [still, traceOf(still, Float32Array.of(1, 2, 3, 4), true)],
      [layer(1), nan],
    ] as const) {
      for (const kind of ['robust', 'full'] as const) {
        const { low, high } = histogramRanges(of, trace, kind);
        expect(Number.isFinite(low[0]) && Number.isFinite(high[0])).toBe(true);
        expect(low[0]).toBeLessThanOrEqual(high[0] as number);
      }
    }
    // Five standard deviations around the moving mean, 0 and 1.
    expect(histogramRanges(layer(1), nan, 'full')).toEqual({
      low: Float64Array.of(-5),
      high: Float64Array.of(5),
    });
  });
});
