import { describe, expect, it } from 'vitest';
import { conventions } from '../../../../src/core/batchnorm/conventions/registry';
import { flagCombinations, type Flags } from '../../../../src/core/batchnorm/flags';
import { gradients, type Gradients } from '../../../../src/core/batchnorm/gradients';
import type { BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import { step } from '../../../../src/core/batchnorm/step';
import type { Tensor } from '../../../../src/core/tensor/tensor';
import { seedLayer, unwrap } from './seed';

const on = { training: true, trainable: true };
const frozen = { training: true, trainable: false };
const off = { training: false, trainable: true };

const input: Tensor = {
  shape: [2, 2, 1, 3],
  dtype: 'float64',
  data: Float64Array.of(0.3, -1.2, 2.5, 1.7, 0.4, -0.9, -2.2, 3.1, 0.6, 1.1, -0.5, 0.2),
};
const dy = Float64Array.of(0.7, -0.4, 1.3, -1.1, 0.9, 0.2, 0.5, -0.8, 1.6, -0.3, 0.1, 2.4);

function layer(id: string, change: Partial<BatchNormLayer> = {}): BatchNormLayer {
  return seedLayer(id, {
    gamma: Float64Array.of(1.5, -0.5, 2),
    beta: Float64Array.of(0.25, -1, 3),
    movingMean: Float64Array.of(0.1, -0.2, 0.3),
    movingVariance: Float64Array.of(0.9, 1.2, 0.4),
    channelAxis: 3,
    precision: 'float64',
    ...change,
  });
}

const all = (of: BatchNormLayer, flags: Flags, mask?: Uint8Array): Gradients =>
  unwrap(gradients(of, input, dy, flags, mask));

/** The loss Σ dy·y of the forward step: what the gradients are derivatives of. */
function loss(of: BatchNormLayer, x: Tensor, flags: Flags, mask?: Uint8Array): number {
  const { output } = unwrap(step(of, x, flags, 1, mask));
  return dy.reduce((sum, weight, i) => sum + weight * (output.data[i] as number), 0);
}

/** Central differences of the loss along every entry of a vector. */
function differences(
  values: Float64Array,
  lossAt: (changed: Float64Array) => number,
): Float64Array {
  const h = 1e-5;
  return values.map((_, i) => {
    const at = (offset: number): number =>
      lossAt(values.map((value, j) => (i === j ? value + offset : value)));
    return (at(h) - at(-h)) / (2 * h);
  });
}

function expectNear(actual: Float64Array | null, expected: Float64Array): void {
  expected.forEach((value, i) => {
    expect(actual?.[i]).toBeCloseTo(value, 6);
  });
}

/** The layer with its last channel alone: what fits an axis of one. */
function lonelyChannel(of: BatchNormLayer): BatchNormLayer {
  const last = (values: Float64Array): Float64Array => values.slice(-1);
  const { gamma, beta, movingMean, movingVariance } = of;
  return {
    ...of,
    gamma: last(gamma),
    beta: last(beta),
    movingMean: last(movingMean),
    movingVariance: last(movingVariance),
  };
}

/** What the batch's statistics under a mask would be as moving ones. */
function statisticsOf(of: BatchNormLayer, mask: Uint8Array): Partial<BatchNormLayer> {
  const { batch } = unwrap(step(of, input, on, 1, mask)).trace;
  return { movingMean: batch.mean, movingVariance: batch.variance };
}

describe('gradients', () => {
  for (const { id } of conventions) {
    it.each(flagCombinations)(`are the derivatives of the step, ${id}, %o`, flags => {
      const of = layer(id);
      const { x, gamma, beta, movingMean, movingVariance } = all(of, flags);
      const data = input.data as Float64Array;
      expectNear(
        x,
        differences(data, changed => loss(of, { ...input, data: changed }, flags)),
      );
      const along = (name: 'gamma' | 'beta' | 'movingMean' | 'movingVariance'): Float64Array =>
        differences(of[name], changed => loss({ ...of, [name]: changed }, input, flags));
      expectNear(gamma, along('gamma'));
      expectNear(beta, along('beta'));
      if (movingMean !== null) expectNear(movingMean, along('movingMean'));
      if (movingVariance !== null) expectNear(movingVariance, along('movingVariance'));
    });
  }

  /** Every gradient of a layer, held to differences of its own step. */
  function holdToDifferences(of: BatchNormLayer, flags: Flags, mask?: Uint8Array): Gradients {
    const got = all(of, flags, mask);
    const data = input.data as Float64Array;
    expectNear(
      got.x,
      differences(data, changed => loss(of, { ...input, data: changed }, flags, mask)),
    );
    for (const name of ['gamma', 'beta'] as const) {
      const along = differences(of[name], changed =>
        loss({ ...of, [name]: changed }, input, flags, mask),
      );
      expectNear(got[name], along);
    }
    return got;
  }

  it.each(['keras2', 'keras3'])('under a mask are the derivatives of the step, %s', id => {
    const mask = Uint8Array.of(1, 0, 1, 1);
    // Rank 4 over axis 2 is not fused in Keras 2, which is where it has masks.
    const of = layer(id, { channelAxis: id === 'keras2' ? 2 : 3 });
    const one = id === 'keras2' ? lonelyChannel(of) : of;
    const masked = holdToDifferences(one, on, mask);
    const plain = holdToDifferences(one, on);
    expect(Array.from(masked.x)).not.toEqual(Array.from(plain.x));
    // A position that does not count is normalised like the others, as by constants.
    const constant = all({ ...one, ...statisticsOf(one, mask) }, off);
    for (const at of [3, 4, 5]) expect(masked.x[at]).toBeCloseTo(constant.x[at] as number, 12);
    holdToDifferences(one, off, mask);
    // Where the mask has no effect, none is applied.
    expect(all(layer('pytorch'), on, mask)).toEqual(all(layer('pytorch'), on));
  });

  it('under a mask that Keras 3 divides by more than its count, to the last term', () => {
    // With one position left the mean is x·1/(1 + 1e-7), so that Σ(x − m) is not 0.
    const of = layer('keras3', { epsilon: 1e-9 });
    const far = { ...input, data: input.data.map(x => x + 1000) };
    const mask = Uint8Array.of(0, 0, 1, 0);
    const got = unwrap(gradients(of, far, dy, on, mask)).x;
    const h = 1e-4;
    const at = (offset: number): number =>
      loss(of, { ...far, data: far.data.map((x, i) => (i === 6 ? x + offset : x)) }, on, mask);
    const difference = (at(h) - at(-h)) / (2 * h);
    // Two terms 10⁸ times as large cancel here: without the second nothing would be right.
    expect((got[6] as number) / difference).toBeCloseTo(1, 3);
  });

  it.each([1, 2])('through virtual batches of %i are the derivatives of the step', size => {
    const four: Tensor = { ...input, shape: [4, 1, 1, 3] };
    for (const id of ['tf1', 'keras2']) {
      const of = layer(id, { virtualBatchSize: size });
      const got = unwrap(gradients(of, four, dy, on));
      const data = four.data as Float64Array;
      expectNear(
        got.x,
        differences(data, changed => loss(of, { ...four, data: changed }, on)),
      );
      for (const name of ['gamma', 'beta'] as const) {
        const along = differences(of[name], changed => loss({ ...of, [name]: changed }, four, on));
        expectNear(got[name], along);
      }
      expect(got.movingMean).toBeNull();
    }
  });

  it('sum to 0 in each channel where the batch normalises', () => {
    const { x } = all(layer('tf1'), on);
    const sums = [0, 1, 2].map(c => x.filter((_, i) => i % 3 === c).reduce((a, b) => a + b, 0));
    for (const sum of sums) expect(sum).toBeCloseTo(0, 12);
  });

  it('of a frozen layer run through the batch in TensorFlow 1, and not in Keras 3', () => {
    expect(all(layer('tf1'), frozen).x).toEqual(all(layer('tf1'), on).x);
    expect(all(layer('keras3'), frozen).x).toEqual(all(layer('keras3'), off).x);
    expect(all(layer('tf1'), frozen).parametersLearn).toBe(false);
    expect(all(layer('keras3'), frozen).parametersLearn).toBe(false);
    expect(all(layer('pytorch'), on).parametersLearn).toBe(true);
  });

  it('with renormalisation take r and d as constants', () => {
    const fixed = { rmin: 0.5, rmax: 0.5, dmax: 0 };
    const state = {
      movingStddev: Float64Array.of(1, 1, 1),
      mean: new Float64Array(3),
      stddev: Float64Array.of(1, 1, 1),
    };
    const of = layer('keras3', { renorm: { momentum: 0.9, clipping: fixed, state } });
    const plain = all(layer('keras3'), on);
    // Here the clip makes r the constant 0.5 and d 0, so that differences see it too.
    expectNear(
      all(of, on).x,
      plain.x.map(g => g / 2),
    );
    expectNear(
      all(of, on).gamma,
      plain.gamma.map(g => g / 2),
    );
    const free = { ...of, renorm: { momentum: 0.9, clipping: {}, state } };
    const { trace } = unwrap(step(free, input, on));
    const dgamma = all(free, on).gamma;
    [0, 1, 2].forEach(c => {
      // r·xhat + d is x itself where the slow averages are 0 and 1.
      const direct = dy
        .filter((_, i) => i % 3 === c)
        .reduce((sum, g, k) => sum + g * (input.data[3 * k + c] as number), 0);
      expect(dgamma[c]).toBeCloseTo(direct, 10);
      expect(trace.batch.n[c]).toBe(4);
    });
  });

  it('say what does not fit', () => {
    const short = gradients(layer('tf1'), input, dy.slice(1), on);
    expect(short.ok ? '' : short.problem.message).toBe(
      "The output's gradient has 11 values: it needs 12, one an output.",
    );
    const ghost = gradients(layer('tf1', { virtualBatchSize: 3 }), input, dy, on);
    expect(ghost.ok ? '' : ghost.problem.code).toBe('virtual-batch');
    const masked = gradients(layer('keras3'), input, dy, on, Uint8Array.of(1, 0));
    expect(masked.ok ? '' : masked.problem.message).toBe(
      "The mask has 2 values: it needs 4, one a position, in shape [2,2,1] (the input's without its last axis).",
    );
    const both = layer('keras2', { virtualBatchSize: 1 });
    const twice = gradients(both, input, dy, on, Uint8Array.of(1, 0, 1, 1));
    expect(twice.ok ? '' : twice.problem.code).toBe('mask-with-virtual-batches');
  });
});
