import { describe, expect, it } from 'vitest';
import {
  movingAfter,
  normalized,
  planChannel,
  planStep,
  refusal,
  stepRules,
  type ChannelInput,
} from '../../../../src/core/batchnorm/plan';
import { step } from '../../../../src/core/batchnorm/step';
import { channelMoments } from '../../../../src/core/statistics/reference';
import { convention, seedImage, seedLayer, tensor, unwrap } from './seed';

const on = { training: true, trainable: true };
const off = { training: false, trainable: true };
const channel: ChannelInput = {
  gamma: 2,
  beta: 1,
  movingMean: 0,
  movingVariance: 1,
  n: 4,
  batchMean: 3.25,
  batchVariance: 6.6875,
};

describe('epsilon', () => {
  it('is raised to the floor of the fused kernel and of no other', () => {
    const at = (id: string, rank: number): number =>
      stepRules(seedLayer(id, { epsilon: 1e-7 }), rank, on).epsilon;
    expect(at('tf1', 4)).toBe(1.001e-5);
    expect(at('tf1-unfused', 4)).toBe(1e-7);
    expect(at('keras2', 4)).toBe(1.001e-5);
    expect(at('keras3', 4)).toBe(1e-7);
    expect(at('pytorch', 4)).toBe(1e-7);
  });

  it('sits inside the root', () => {
    const { scale } = planChannel(stepRules(seedLayer('tf1', { epsilon: 2 }), 4, off), {
      ...channel,
      movingVariance: 7,
    });
    expect(scale).toBeCloseTo(2 / 3, 15);
  });

  it('gives NaN where it does not make the variance positive', () => {
    const rules = stepRules(seedLayer('pytorch'), 4, off);
    expect(planChannel(rules, { ...channel, movingVariance: -1 }).scale).toBeNaN();
  });

  it('of 0 with variance 0 is guarded by PyTorch in training only', () => {
    const scale = (id: string, flags: typeof on): number =>
      planChannel(stepRules(seedLayer(id, { epsilon: 0 }), 4, flags), {
        ...channel,
        movingVariance: 0,
        batchVariance: 0,
      }).scale;
    expect(scale('pytorch', on)).toBe(0);
    expect(scale('pytorch', off)).toBe(Infinity);
    expect(scale('keras3', on)).toBe(Infinity);
  });
});

describe('a stopped update', () => {
  it('leaves the moving statistics exactly as they were, whatever the batch', () => {
    const before = { movingMean: 0.1, movingVariance: 0.30000000000000004 };
    const rules = stepRules(seedLayer('tf1'), 4, off);
    expect(movingAfter(rules, { ...channel, ...before, batchMean: NaN })).toEqual({
      movingMeanAfter: before.movingMean,
      movingVarianceAfter: before.movingVariance,
    });
  });
});

describe('the cumulative average', () => {
  it('weighs the k-th batch 1/k', () => {
    const layer = seedLayer('pytorch', { momentum: null, batchesTracked: 9 });
    const { movingMeanAfter } = movingAfter(stepRules(layer, 4, on), channel);
    expect(movingMeanAfter).toBe(Math.fround(0.325));
  });

  it('counts every step of a run of steps', () => {
    const layer = seedLayer('pytorch', { momentum: null });
    const batch = channelMoments(seedImage.data, { outer: 4, channels: 4, inner: 1 });
    const plan = unwrap(planStep(layer, 4, batch, on, 3));
    expect(plan.batchesTrackedAfter).toBe(3);
    expect(plan.movingMeanAfter[0]).toBe(3.25);
  });
});

describe('several steps over the same batch', () => {
  it.each(['tf1', 'keras3', 'pytorch', 'tfjs'])('%s: equal as many single steps', id => {
    let layer = seedLayer(id);
    for (let k = 0; k < 5; k++) layer = unwrap(step(layer, seedImage, on)).layer;
    expect(unwrap(step(seedLayer(id), seedImage, on, 5)).layer).toEqual(layer);
  });

  it('normalise with the moving statistics of before the last step', () => {
    const twice = unwrap(step(seedLayer('tf1'), seedImage, off, 2));
    expect(twice.output).toEqual(unwrap(step(seedLayer('tf1'), seedImage, off)).output);
  });
});

describe('one value a channel', () => {
  const single = tensor([1, 1, 1, 4], [3, 5, 0, -1]);

  it('is refused by PyTorch in training, and only there', () => {
    const refused = step(seedLayer('pytorch'), single, on);
    expect(refused.ok ? '' : refused.problem.message).toBe(
      'PyTorch refuses one value a channel in training ("Expected more than 1 value per channel when training"): use a larger batch, or turn training off.',
    );
    expect(step(seedLayer('pytorch'), single, off).ok).toBe(true);
    expect(step(seedLayer('pytorch'), tensor([2, 1, 1, 4], [1, 2, 3, 4, 5, 6, 7, 8]), on).ok).toBe(
      true,
    );
  });

  it('is refused without training too where there are no moving statistics', () => {
    const layer = seedLayer('pytorch', { tracking: 'none' });
    expect(refusal(layer, 4, 1, off)?.code).toBe('single-value');
    expect(refusal(layer, 4, 2, off)).toBeUndefined();
  });

  it.each(['tf1', 'tf1-unfused', 'keras2', 'keras3', 'tfjs'])('gives beta in %s', id => {
    const { output, layer } = unwrap(step(seedLayer(id), single, on));
    expect(Array.from(output.data)).toEqual([1, 1, 1, 1]);
    expect(layer.movingVariance[0]).toBeCloseTo(0.99, 6);
  });

  it("is NaN in PyTorch's C++ kernel, which nn.BatchNorm never reaches (torch.batch_norm, run)", () => {
    const rules = stepRules(seedLayer('pytorch', { momentum: 0.1 }), 2, on);
    const one = { ...channel, gamma: 1, beta: 0, n: 1, batchMean: 3, batchVariance: 0 };
    const plan = planChannel(rules, one);
    expect(plan.movingVarianceAfter).toBeNaN();
    expect(plan.movingMeanAfter).toBe(Math.fround(0.3));
    expect(normalized(plan, 3)).toBe(0);
  });
});

describe('rank', () => {
  it('is refused outside what the framework takes', () => {
    const at = (id: string, rank: number): string | undefined =>
      refusal(seedLayer(id), rank, 4, on)?.message;
    expect(at('pytorch', 1)).toBe('PyTorch takes inputs of rank 2 to 5, and this one has rank 1.');
    expect(at('pytorch', 5)).toBeUndefined();
    expect(at('tfjs', 5)).toMatch(/rank 2 to 4/);
    expect(at('keras3', 5)).toBeUndefined();
  });
});

describe('moving statistics that are not the usual', () => {
  const image = seedImage;

  it('normalise but never move when frozen', () => {
    const layer = seedLayer('pytorch', { tracking: 'frozen' });
    const training = unwrap(step(layer, image, on));
    expect(training.trace.normalizedWith).toBe('batch');
    expect(training.layer.movingMean).toEqual(layer.movingMean);
    expect(training.layer.batchesTracked).toBe(0);
    expect(unwrap(step(layer, image, off)).trace.normalizedWith).toBe('moving');
  });

  it('leave the batch to normalise in every mode when there are none', () => {
    const layer = seedLayer('pytorch', { tracking: 'none' });
    for (const flags of [on, off]) {
      const { trace } = unwrap(step(layer, image, flags));
      expect(trace.normalizedWith).toBe('batch');
      expect(trace.updated).toBe(false);
    }
  });
});

describe('an empty batch', () => {
  const empty = tensor([0, 2, 2, 4], []);

  it('leaves the statistics alone in PyTorch, and counts (run with 1.13.1)', () => {
    const { layer, output } = unwrap(step(seedLayer('pytorch'), empty, on));
    expect(output.data.length).toBe(0);
    expect(Array.from(layer.movingVariance)).toEqual([1, 1, 1, 1]);
    expect(layer.batchesTracked).toBe(1);
  });

  it('is a mean of nothing elsewhere', () => {
    expect(unwrap(step(seedLayer('keras3'), empty, on)).layer.movingMean[0]).toBeNaN();
  });
});

describe('a mask', () => {
  const input = tensor([2, 2, 4], [1, 1, 1, 1, 3, 3, 3, 3, 100, 100, 100, 100, 5, 5, 5, 5]);
  const mask = Uint8Array.from([1, 1, 0, 1]);
  const layer = (id: string): ReturnType<typeof seedLayer> => seedLayer(id, { channelAxis: 2 });

  it('takes masked positions out of the statistics, not out of the output', () => {
    const { trace, output } = unwrap(step(layer('keras3'), input, on, 1, mask));
    expect(trace.batch.n[0]).toBe(3);
    expect(trace.batch.mean[0]).toBeCloseTo(3, 5);
    expect(Number.isFinite(output.data[8])).toBe(true);
  });

  it('divides by the count plus 1e-7 in Keras 3 and by the count in tf.keras', () => {
    const mean = (id: string): number =>
      unwrap(step(layer(id), input, on, 1, mask)).trace.batch.mean[0] as number;
    expect(mean('keras3')).toBe(9 / (3 + 1e-7));
    expect(mean('keras2')).toBe(3);
  });

  it('has no effect where the framework has none', () => {
    for (const id of ['tf1', 'pytorch', 'tfjs']) {
      expect(unwrap(step(layer(id), input, on, 1, mask)).trace.batch.n[0]).toBe(4);
    }
  });

  it('of another shape is a problem that gives the right one', () => {
    const refused = step(layer('keras3'), input, on, 1, new Uint8Array(16));
    expect(refused.ok ? '' : refused.problem.message).toBe(
      "The mask has 16 values: it needs 4, one a position, in shape [2,2] (the input's without its last axis).",
    );
  });
});

describe('precision', () => {
  it('of float64 keeps what float32 would round', () => {
    const layer = seedLayer('tf1-unfused', { precision: 'float64' });
    const { output } = unwrap(step(layer, seedImage, on));
    expect(output.data[0]).toBeCloseTo(((4 - 3.25) * 2) / Math.sqrt(6.6875 + 0.001) + 1, 14);
    expect(output.data).toBeInstanceOf(Float64Array);
  });

  it('is float32 by default, and bool input counts as 0 and 1', () => {
    const bools = { shape: [4, 1], dtype: 'bool' as const, data: Uint8Array.from([0, 1, 1, 0]) };
    const one = Float64Array.of(1);
    const layer = seedLayer('keras3', {
      gamma: one,
      beta: one,
      movingMean: one,
      movingVariance: one,
      channelAxis: 1,
    });
    const { trace, output } = unwrap(step(layer, bools, on));
    expect(trace.batch.mean[0]).toBe(0.5);
    expect(output.data).toBeInstanceOf(Float32Array);
    expect(convention('keras3').singleValue.kind).toBe('accepted');
  });
});
