import { describe, expect, it } from 'vitest';
import { pathName } from '../../../../src/core/batchnorm/statement';
import { step } from '../../../../src/core/batchnorm/step';
import { seedLayer, tensor, unwrap } from './seed';

const on = { training: true, trainable: true };
const off = { training: false, trainable: true };
const two = {
  gamma: Float64Array.of(2, -1),
  beta: Float64Array.of(0.5, 3),
  movingMean: Float64Array.of(1, -1),
  movingVariance: Float64Array.of(2, 0.5),
  momentum: 0.75,
  precision: 'float64',
} as const;

/** Six samples of two channels; virtual batches of two are samples {0, 3}, {1, 4} and {2, 5}. */
const values = [1, 10, 2, 20, 4, 40, 9, 10, 6, 26, 4, 44];
const batch = tensor([6, 2], values);
const strided = { ...two, channelAxis: 1, virtualBatchSize: 2 };

/** The same formulas written for two samples: mean (a + b)/2, biased variance ((a − b)/2)². */
const pairs = [0, 1].map(c =>
  [0, 1, 2].map(g => {
    const [a, b] = [values[g * 2 + c] as number, values[(g + 3) * 2 + c] as number];
    return { mean: (a + b) / 2, variance: ((a - b) / 2) ** 2 };
  }),
);
const average = (numbers: readonly number[]): number =>
  numbers.reduce((sum, x) => sum + x, 0) / numbers.length;

describe('virtual batches', () => {
  it.each(['tf1', 'tf1-unfused', 'keras2'])('normalise every third sample together in %s', id => {
    const { output } = unwrap(step(seedLayer(id, strided), batch, on));
    const expected = values.map((x, i) => {
      const [c, sample] = [i % 2, Math.floor(i / 2)];
      const part = pairs[c]?.[sample % 3] ?? { mean: NaN, variance: NaN };
      const xhat = (x - part.mean) / Math.sqrt(part.variance + 1e-3);
      return xhat * (two.gamma[c] as number) + (two.beta[c] as number);
    });
    expected.forEach((y, i) => {
      expect(output.data[i]).toBeCloseTo(y, 10);
    });
  });

  it('move the statistics by the mean of means and the mean of biased variances', () => {
    const { layer, trace } = unwrap(step(seedLayer('tf1', strided), batch, on));
    for (const c of [0, 1]) {
      const parts = pairs[c] ?? [];
      const mean = average(parts.map(part => part.mean));
      const variance = average(parts.map(part => part.variance));
      expect(trace.batch.n[c]).toBe(6);
      expect(trace.batch.mean[c]).toBeCloseTo(mean, 12);
      expect(trace.batch.variance[c]).toBeCloseTo(variance, 12);
      const { movingMean, movingVariance } = two;
      expect(layer.movingMean[c]).toBeCloseTo(0.75 * (movingMean[c] as number) + 0.25 * mean, 10);
      expect(layer.movingVariance[c]).toBeCloseTo(
        0.75 * (movingVariance[c] as number) + 0.25 * variance,
        10,
      );
    }
  });

  it('are one batch where there is one of them', () => {
    const whole = unwrap(step(seedLayer('tf1', { ...strided, virtualBatchSize: 6 }), batch, on));
    const plain = unwrap(step(seedLayer('tf1', { ...two, channelAxis: 1 }), batch, on));
    expect(whole.output).toEqual(plain.output);
    expect(whole.layer.movingVariance).toEqual(plain.layer.movingVariance);
  });

  it('are not fused', () => {
    expect(pathName(seedLayer('tf1', { virtualBatchSize: 2 }), 4)).toBe('not fused');
    expect(pathName(seedLayer('tf1'), 4)).toBeUndefined();
  });

  it('must divide the batch: in TensorFlow 1 in inference too', () => {
    const five = (id: string, flags: typeof on): string => {
      const stepped = step(seedLayer(id, { ...strided, virtualBatchSize: 4 }), batch, flags);
      return stepped.ok ? '' : stepped.problem.message;
    };
    const refused = 'A batch of 6 does not divide into virtual batches of 4: give a divisor of 6.';
    expect(five('tf1', on)).toBe(refused);
    expect(five('tf1', off)).toBe(refused);
    expect(five('keras2', on)).toBe(refused);
    expect(five('keras2', off)).toBe('');
  });

  it('leave inference as it is', () => {
    const ghost = unwrap(step(seedLayer('tf1', strided), batch, off));
    const plain = unwrap(step(seedLayer('tf1', { ...two, channelAxis: 1 }), batch, off));
    expect(ghost.output).toEqual(plain.output);
  });

  it('are refused where the framework has none, and along the channels', () => {
    const message = (id: string, change: object): string => {
      const stepped = step(seedLayer(id, { ...strided, ...change }), batch, on);
      return stepped.ok ? '' : stepped.problem.message;
    };
    expect(message('pytorch', {})).toBe(
      'PyTorch has no virtual batches: leave virtual_batch_size out.',
    );
    const six = { gamma: new Float64Array(6), channelAxis: 0 };
    expect(message('tf1', six)).toMatch(/^Virtual batches divide axis 0/);
  });
});
