import { describe, expect, it } from 'vitest';
import { workedFormula } from '../../../../src/core/batchnorm/explain';
import type { BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import { freshRenormState, type RenormClipping } from '../../../../src/core/batchnorm/renorm';
import { pathName } from '../../../../src/core/batchnorm/statement';
import { step } from '../../../../src/core/batchnorm/step';
import { convention, seedLayer, tensor, unwrap } from './seed';

const on = { training: true, trainable: true };
const off = { training: false, trainable: true };

/** One channel, values 1, 3, 8: mean 4, biased variance 26/3. */
const input = tensor([3, 1], [1, 3, 8]);
const [mean, variance, epsilon] = [4, 26 / 3, 1e-3];

function layer(id: string, clipping: RenormClipping = {}): BatchNormLayer {
  return {
    ...seedLayer(id),
    gamma: Float64Array.of(2),
    beta: Float64Array.of(-1),
    movingMean: Float64Array.of(0.5),
    movingVariance: Float64Array.of(4),
    momentum: 0.9,
    channelAxis: 1,
    precision: 'float64',
    renorm: {
      momentum: 0.8,
      clipping,
      state: {
        movingStddev: Float64Array.of(2),
        mean: Float64Array.of(3),
        stddev: Float64Array.of(2),
      },
    },
  };
}

const ids = ['tf1', 'tf1-unfused', 'keras2', 'keras3'];

describe('renormalisation', () => {
  it.each(ids)('normalises with the slow averages where nothing is clipped, in %s', id => {
    const { output } = unwrap(step(layer(id), input, on));
    // r and d cancel the batch's own statistics: ((x − mean)/s)·(s/2) + (mean − 3)/2 = (x − 3)/2.
    [1, 3, 8].forEach((x, i) => {
      expect(output.data[i]).toBeCloseTo(((x - 3) / 2) * 2 - 1, 10);
    });
  });

  it.each(ids)('is plain batch norm where r is held at 1 and d at 0, in %s', id => {
    const { output } = unwrap(step(layer(id, { rmin: 1, rmax: 1, dmax: 0 }), input, on));
    [1, 3, 8].forEach((x, i) => {
      const xhat = (x - mean) / Math.sqrt(variance + epsilon);
      expect(output.data[i]).toBeCloseTo(2 * xhat - 1, 10);
    });
  });

  it.each(ids)('takes the moving variance from the moving deviation, in %s', id => {
    const after = unwrap(step(layer(id), input, on)).layer;
    const stddev = Math.sqrt(variance + epsilon);
    const moving = 0.9 * 2 + 0.1 * stddev;
    expect(after.renorm?.state.movingStddev[0]).toBeCloseTo(moving, 10);
    expect(after.movingVariance[0]).toBeCloseTo(moving ** 2 - epsilon, 9);
    expect(after.movingMean[0]).toBeCloseTo(0.9 * 0.5 + 0.1 * mean, 10);
    expect(after.renorm?.state.mean[0]).toBeCloseTo(0.8 * 3 + 0.2 * mean, 10);
    expect(after.renorm?.state.stddev[0]).toBeCloseTo(0.8 * 2 + 0.2 * stddev, 10);
  });

  it('carries its averages from step to step', () => {
    const once = unwrap(step(layer('keras3'), input, on)).layer;
    const twice = unwrap(step(once, input, on)).layer;
    const both = unwrap(step(layer('keras3'), input, on, 2)).layer;
    expect(both.renorm).toEqual(twice.renorm);
    expect(both.movingVariance).toEqual(twice.movingVariance);
  });

  it('neither corrects nor moves anything in inference', () => {
    const before = layer('keras3');
    const { output, layer: after } = unwrap(step(before, input, off));
    expect(output.data[0]).toBeCloseTo((2 * (1 - 0.5)) / Math.sqrt(4 + epsilon) - 1, 10);
    expect(after.renorm).toEqual(before.renorm);
  });

  it('starts where it corrects by the batch itself', () => {
    expect(freshRenormState(Float64Array.of(4, 9))).toEqual({
      movingStddev: Float64Array.of(2, 3),
      mean: Float64Array.of(0, 0),
      stddev: Float64Array.of(1, 1),
    });
  });

  it('is never fused, and refused where the framework has none', () => {
    expect(pathName(layer('tf1'), 4)).toBe('not fused');
    const refused = step(layer('pytorch'), input, on);
    expect(refused.ok ? '' : refused.problem.message).toBe(
      'PyTorch has no batch renormalisation: leave renorm out.',
    );
    const both = step({ ...layer('tf1'), virtualBatchSize: 3 }, input, on);
    expect(both.ok ? '' : both.problem.message).toMatch(/not computed together/);
    expect(convention('keras3').renorm).toMatch(/3\.14/);
  });

  it('is worked out with r and d in it', () => {
    const { trace } = unwrap(step(layer('keras3'), input, on));
    const worked = workedFormula(layer('keras3'), trace, 2, on, { channel: 0, x: 8 });
    expect(worked.lines.map(line => line.symbols)).toEqual([
      'gamma · ((x − batch mean) / √(batch variance + epsilon) · r + d) + beta',
      'momentum · moving mean + (1 − momentum) · batch mean',
      'max((moving deviation after the step)² − epsilon, 0)',
    ]);
    expect(worked.lines[0]?.result).toBe('4');
  });
});
