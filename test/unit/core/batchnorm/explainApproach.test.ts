import { describe, expect, it } from 'vitest';
import { approachOf } from '../../../../src/core/batchnorm/approach';
import { approachMarks, explainApproach } from '../../../../src/core/batchnorm/explainApproach';
import type { BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import { makeLayer } from '../../engine/support';
import { convention } from './seed';

const batch = {
  n: Float64Array.of(4),
  mean: Float64Array.of(3.25),
  variance: Float64Array.of(6.6875),
};
const on = { training: true, trainable: true };

function explained(id: string, change: Partial<BatchNormLayer> = {}, flags = on): string {
  const layer = makeLayer(convention(id), [4, 1], 1, change);
  return explainApproach(
    approachOf(layer, 2, batch, flags, 0),
    layer.convention.movingVariance.text,
  );
}

describe('what becomes of the moving statistics', () => {
  it('is said with the steps that it takes', () => {
    expect(explained('keras3')).toBe(
      "At momentum 0.99, the moving mean goes from 0 to the batch's 3.25 and the moving variance from 1 to 6.6875: both are half way after 69 steps, within 1 % after 459.",
    );
  });

  it('names the variance that is remembered', () => {
    expect(explained('pytorch', { momentum: 0.001 })).toContain(
      'from 1 to 8.91667 (vB·n/(n−1)): both are half way after 693 steps, within 1 % after 4,603.',
    );
  });

  it('says why nothing moves', () => {
    expect(explained('pytorch', {}, { training: false, trainable: true })).toBe(
      'The moving statistics stay as they are, because the PyTorch module is in evaluation mode (model.eval()).',
    );
  });

  it.each([
    [{ movingMean: Float64Array.of(3.25) }, 'it is there already'],
    [{ movingMean: Float64Array.of(NaN) }, 'it is on no way that can be measured'],
    [{ momentum: 0 }, 'both are half way after 1 step, within 1 % after 1.'],
  ])('%j: %s', (change, text) => {
    expect(explained('keras3', change)).toContain(text);
  });

  it('knows the cumulative average', () => {
    expect(explained('pytorch', { momentum: null, batchesTracked: 10 })).toMatch(
      /^As a cumulative average, .* half way after 10 steps, within 1 % after 990\.$/,
    );
  });

  it('has no marks where there is no way to go', () => {
    const layer = makeLayer(convention('keras3'), [4, 1], 1, { movingMean: Float64Array.of(3.25) });
    const { mean, variance } = approachOf(layer, 2, batch, on, 0);
    expect(approachMarks(mean)).toEqual({ halfWay: undefined, withinOnePercent: undefined });
    expect(approachMarks(variance)).toEqual({ halfWay: 69, withinOnePercent: 459 });
  });
});
