import { describe, expect, it } from 'vitest';
import { pytorch } from '../../../../src/core/batchnorm/conventions/pytorch';
import {
  histogramRanges,
  wholeRange,
  type ChannelRanges,
} from '../../../../src/core/batchnorm/histogramRange';
import { freshParameters, type BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import { step } from '../../../../src/core/batchnorm/step';
import type { Trace } from '../../../../src/core/batchnorm/trace';
import type { ChannelExtremes } from '../../../../src/core/statistics/channels';
import { summarizeChannels } from '../../../../src/core/statistics/reference';
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

function extremesOf(of: BatchNormLayer, data: Float32Array): ChannelExtremes {
  const channels = of.gamma.length;
  return summarizeChannels(data, { outer: data.length / channels, channels, inner: 1 });
}

describe('the range of a histogram', () => {
  const random = new Random(7);
  const values = Float32Array.from({ length: 4000 }, (_, i) =>
    i === 10 ? 1000 : random.normal() * (1 + (i % 2)) + 5 * (i % 2),
  );

  it.each([true, false])('holds every value where all are wanted, training %s', training => {
    const of = layer(2, { gamma: Float64Array.of(-2, 0.5), beta: Float64Array.of(1, -3) });
    const trace = traceOf(of, values, training);
    const { low, high } = histogramRanges(trace, extremesOf(of, values), 'full');
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
    const ranges = histogramRanges(
      traceOf(layer(2), values, true),
      extremesOf(layer(2), values),
      'robust',
    );
    const { high } = ranges;
    expect(high[0]).toBeLessThan(130);
    expect(high[1]).toBeLessThan(25);
    expect(wholeRange(ranges)).toEqual({
      low: expect.any(Float64Array) as Float64Array,
      high: Float64Array.of(high[0] as number),
    });
  });

  it('is finite for a constant, for gamma 0 and for a batch that is not', () => {
    const still = layer(1, { gamma: Float64Array.of(0) });
    const odd = Float32Array.of(1, NaN, 3, 4);
    for (const [of, data] of [
      [layer(1), new Float32Array(8).fill(3)],
      [still, Float32Array.of(1, 2, 3, 4)],
      [layer(1), odd],
      [layer(1), new Float32Array(4).fill(NaN)],
    ] as const) {
      for (const kind of ['robust', 'full'] as const) {
        const { low, high } = histogramRanges(traceOf(of, data, true), extremesOf(of, data), kind);
        expect(Number.isFinite(low[0]) && Number.isFinite(high[0])).toBe(true);
        expect(low[0]).toBeLessThanOrEqual(high[0] as number);
      }
    }
    const nan = traceOf(layer(1), odd, true);
    const ends = ({ low, high }: ChannelRanges): unknown => [low[0], high[0]];
    expect(ends(histogramRanges(nan, extremesOf(layer(1), odd), 'full'))).toEqual([1, 4]);
    // The moving mean is 0 and the moving variance 1: five standard deviations reach beyond that.
    expect(ends(histogramRanges(nan, extremesOf(layer(1), odd), 'robust'))).toEqual([1, 4]);
    const none = { min: Float64Array.of(NaN), max: Float64Array.of(NaN) };
    expect(ends(histogramRanges(nan, none, 'full'))).toEqual([-5, 5]);
  });
});
