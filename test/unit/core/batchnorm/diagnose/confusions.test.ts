import { describe, expect, it } from 'vitest';
import type { Finding, Known } from '../../../../../src/core/batchnorm/diagnose/finding';
import { diagnose } from '../../../../../src/core/batchnorm/diagnose/registry';
import { seedImage, seedLayer, tensor } from '../seed';
import {
  alone,
  batchOf,
  inference,
  layer,
  over,
  seedAfter,
  trained,
  training,
  transitions,
  vector,
} from './knownScenes';

// The fifteen confusions of users' threads, each with the numbers that people posted or that a framework printed.

const found = (known: Known, id: string): Finding => {
  const finding = diagnose(known).find(one => one.id === id);
  if (!finding)
    throw new Error(
      `${id} does not fire: ${diagnose(known)
        .map(one => one.id)
        .join()}`,
    );
  return finding;
};

const evidence = (known: Known, id: string): Finding['evidence'] => found(known, id).evidence;

describe('eval() gives other results (1)', () => {
  const sound = batchOf([1, 2, -3, 4], [1, 2, 3, 4]);

  it('names the channel, the error of the output, and that steps are lacking', () => {
    const finding = found(over(sound, trained(sound, 30)), 'drift');
    expect(finding.evidence.cause).toBe('too few steps');
    expect(finding.message).toMatch(/All channels are 26 % of the way from a new layer/);
    expect(finding.table?.channels[0]).toBe(finding.evidence.channel);
  });

  it('tells another preprocessing from another domain', () => {
    const scaled = batchOf(
      [255, 510, -765, 1020],
      [255 ** 2, 2 * 255 ** 2, 3 * 255 ** 2, 4 * 255 ** 2],
    );
    const preprocessing = found(over(scaled, layer()), 'drift');
    expect(preprocessing.evidence.cause).toBe('another preprocessing');
    expect(preprocessing.message).toMatch(/All channels are 255 times what they were/);
    const shifted = batchOf([11, 12, 7, 14], [1, 2, 3, 4]);
    expect(found(over(shifted, layer()), 'drift').message).toMatch(/are what they were plus 10/);
    const other = batchOf([9, 2, -3, -20], [1, 8, 3, 4]);
    expect(evidence(over(other, layer()), 'drift')).toMatchObject({
      cause: 'another domain',
      channel: 3,
    });
  });

  it('gives the error of typical outputs: |gamma| times the drift where variances agree', () => {
    const known = over(batchOf([3, 2, -3, 4], [1, 2, 3, 4]), layer({ gamma: vector(2, 1, 1, 1) }));
    const { outputError, drift } = evidence(known, 'drift');
    expect(drift).toBeCloseTo(2 / Math.sqrt(1.001), 6);
    expect(outputError).toBeCloseTo(2 * (2 / Math.sqrt(1.001)), 6);
  });

  it('fires on variances alone', () => {
    const finding = found(over(batchOf([1, 2, -3, 4], [1, 2, 3, 40]), layer()), 'drift');
    expect(finding.channels).toEqual([3]);
    expect(finding.message).toMatch(
      /^The variance of this batch is 10 times the moving one in channel 3/,
    );
  });
});

describe('updates that did not happen (2, 3)', () => {
  it('counts the one update of the seed, by its digits', () => {
    // 0.03249997 of 3.25 is 0.00999999: TF 1.8 to 1.15, fused.
    const finding = found(seedAfter(1, 'tf1'), 'few-updates');
    expect(finding.evidence.updates).toBe(1);
    expect(finding.message).toMatch(
      /exactly those of 1 update over this batch: at momentum 0.99 99 %/,
    );
    expect(finding.fix).toMatch(/69 steps halve what is left, 459 leave 1 % of it/);
    expect(finding.fix).toMatch(/UPDATE_OPS/);
  });

  it('counts 30 of batches alike, and believes the count of the file', () => {
    const sound = batchOf([1, 2, -3, 4], [1, 2, 3, 4]);
    expect(evidence(over(sound, trained(sound, 30)), 'few-updates').updates).toBe(30);
    const counted = evidence(
      alone({ momentum: 0.1, batchesTracked: 20 }, 'pytorch'),
      'few-updates',
    );
    expect(counted.initialLeft).toBeCloseTo(0.9 ** 20, 10);
  });

  it('is only a note where the file holds no momentum', () => {
    const change = { momentum: 0.1, batchesTracked: 2 };
    const assumed = found(alone(change, 'pytorch', { stated: { parameters: {} } }), 'few-updates');
    expect(assumed.severity).toBe('note');
    expect(assumed.message).toMatch(
      /if momentum was the default 0\.1, 81 % .*; with momentum=None \(SWA's update_bn\) nothing of the initial value is left\.$/,
    );
    const stated = { parameters: {}, momentum: 0.1 };
    const known = found(alone(change, 'pytorch', { stated }), 'few-updates');
    expect(known.severity).toBe('warning');
    expect(known.message).toMatch(/at momentum 0\.1 81 %/);
    // Keras has no cumulative average.
    const keras = { momentum: 0.99, batchesTracked: 2 };
    const { message } = found(
      alone(keras, 'keras3', { stated: { parameters: {} } }),
      'few-updates',
    );
    expect(message).not.toContain('None');
  });
});

describe('momentum (4)', () => {
  it('is said in both conventions, with the window', () => {
    const finding = found(alone({ momentum: 0.99 }, 'pytorch'), 'momentum-meaning');
    expect(finding.evidence).toMatchObject({ weightOfBatch: 0.99, otherConvention: 0.01 });
    expect(finding.whatIf).toEqual({ kind: 'momentum', momentum: 0.01 });
    expect(found(alone({ momentum: 0.1 }, 'keras3'), 'momentum-meaning').whatIf).toEqual({
      kind: 'momentum',
      momentum: 0.9,
    });
    // Cadene#5: momentum 0 in PyTorch.
    expect(found(alone({ momentum: 0 }, 'pytorch'), 'momentum-meaning').message).toMatch(
      /never move/,
    );
  });

  it('is the default where each batch replaces the statistics', () => {
    for (const [momentum, convention, usual] of [
      [1, 'pytorch', 0.1],
      [0, 'keras3', 0.99],
    ] as const) {
      const finding = found(alone({ momentum }, convention), 'momentum-meaning');
      expect(finding.message).toMatch(/each batch replaces the statistics/);
      expect(finding.whatIf).toEqual({ kind: 'momentum', momentum: usual });
      expect(finding.fix).toContain(`Set momentum ${usual} `);
    }
  });
});

describe('epsilon (5)', () => {
  it('is 3.16 times the scale at variance 1e-4: 315 where it is 997', () => {
    const known = alone({ gamma: vector(10.45, 1, 1, 1), movingVariance: vector(1e-4, 1, 1, 1) });
    const { scaleAt1e3, scaleAt1e5, channel, relativeChange } = evidence(known, 'epsilon-matters');
    expect(channel).toBe(0);
    expect(scaleAt1e3).toBeCloseTo(315.08, 1);
    expect(scaleAt1e5).toBeCloseTo(996.4, 1);
    expect(relativeChange).toBeCloseTo(2.162, 3);
    expect(found(known, 'epsilon-matters').whatIf).toEqual({ kind: 'epsilon', epsilon: 1e-5 });
  });
});

describe('training and trainable (6)', () => {
  it('has the two outputs of the seed: 1.580 by the batch, 8.996 by the moving statistics', () => {
    const flags = { training: true, trainable: false };
    const known = over(seedImage, { ...seedLayer('tf1') }, { flags });
    const { message } = found(known, 'flags-meaning');
    expect(message).toMatch(
      /TensorFlow 1, fused normalises with the batch and leaves the moving statistics here/,
    );
    expect(message).toMatch(/tf\.keras|Keras 3/);
    const { byMoving, byBatch, channel } = evidence(known, 'flags-meaning');
    // Channel 2 has the largest mean, 6.5: 2·6.5/√1.001 + 1.
    expect([channel, byBatch]).toEqual([2, 1]);
    expect(byMoving).toBeCloseTo((2 * 6.5) / Math.sqrt(1.001) + 1, 6);
  });
});

describe('frozen layers and ranks (7, 14)', () => {
  const other = {
    label: 'before.pt',
    layer: layer({ batchesTracked: 100 }, 'pytorch'),
    counted: true,
  };

  it('says which moved, by how much, and over how many batches', () => {
    const now = { movingMean: vector(1, 2, -3, 6), batchesTracked: 150 };
    const finding = found(alone(now, 'pytorch', { earlier: other }), 'frozen-moved');
    expect(finding.channels).toEqual([3]);
    expect(finding.message).toMatch(/over 50 more batches: by up to 1 deviations \(channel 3\)/);
    expect(finding.fix).toMatch(/move when training/);
  });

  it('pools variances within and between', () => {
    const second = { ...other, layer: layer({ movingMean: vector(1, 2, -3, 8) }, 'pytorch') };
    const known = alone({}, 'pytorch', { ranks: [other, second] });
    expect(evidence(known, 'ranks-differ')).toMatchObject({
      channel: 3,
      pooledMean: 6,
      pooledVariance: 8,
      averageOfVariances: 4,
    });
  });
});

describe('a batch of one (8)', () => {
  it('has the outcome in each framework', () => {
    const image = tensor([1, 1, 1, 4], [1, 2, 3, 4]);
    const known = over(image, seedLayer('keras-standalone'), { flags: training });
    const outcomes = evidence(known, 'single-value');
    expect(outcomes.PyTorch).toBe('refused');
    // n/(n − (1 + 0.001)) at n = 1.
    expect(Object.values(outcomes)).toContain('beta; the moving variance takes in -1000 times 0');
  });

  it('is an error where the framework refuses, without any step', () => {
    const known: Known = {
      ...alone({ channelAxis: 1 }, 'pytorch'),
      flags: training,
      shape: [1, 4, 1, 1],
    };
    expect(found(known, 'single-value')).toMatchObject({ severity: 'error' });
    expect(found(known, 'single-value').message).toMatch(/Expected more than 1 value per channel/);
    expect(diagnose({ ...known, shape: [2, 4, 1, 1] }).map(({ id }) => id)).not.toContain(
      'single-value',
    );
  });
});

describe('variances that cannot be (9, 10)', () => {
  it('recognises −9.99989e-06 as −epsilon, under another default too', () => {
    const known = alone({ movingVariance: vector(1, -9.99989e-6, 1, 1), epsilon: 1e-3 });
    expect(found(known, 'negative-variance').fix).toMatch(/about −epsilon \(1e-5\)/);
    expect(found(known, 'negative-variance').channels).toEqual([1]);
    expect(evidence(known, 'negative-variance').epsilonTakenOff).toBe(1e-5);
  });

  it('recognises a mean in the place of the variance', () => {
    const swapped = { movingMean: vector(1, 2, 3, 4), movingVariance: vector(1, 2, -3, 4) };
    expect(found(alone(swapped), 'negative-variance').fix).toMatch(/likely swapped/);
  });

  it('says where the NaN that poisons is', () => {
    const poisoned = tensor([2, 1, 1, 4], [1, 2, 3, 4, 5, NaN, 7, 8]);
    const known = over(poisoned, seedLayer('keras3'), { flags: training });
    expect(found(known, 'non-finite-input').message).toMatch(/element 5, \[1,0,0,1\]/);
  });
});

describe('biased or Bessel (11)', () => {
  it('tells 1.6672224 of [1,2,3,4] at momentum 0 as stand-alone Keras’ rule', () => {
    const input = tensor([4, 1], [1, 2, 3, 4]);
    const one = { gamma: vector(1), beta: vector(0), channelAxis: 1, momentum: 0, epsilon: 1e-3 };
    const of = seedLayer('keras2', {
      ...one,
      movingMean: vector(2.5),
      movingVariance: vector(1.6672224),
    });
    const finding = found(over(input, of), 'variance-rule');
    expect(finding.evidence.rule).toBe('bessel-with-epsilon');
    expect(finding.evidence.factor).toBeCloseTo(1.6672224 / 1.25, 6);
    const bessel = { ...of, movingVariance: vector(5 / 3) };
    expect(evidence(over(input, bessel), 'variance-rule').rule).toBe('bessel');
    expect(
      diagnose(over(input, { ...of, movingVariance: vector(1.25) })).map(({ id }) => id),
    ).not.toContain('variance-rule');
  });

  it('tells the seed’s 1.0791667 from 1.056875', () => {
    const finding = found(seedAfter(1, 'tf1', 'tfjs'), 'variance-rule');
    expect(finding.evidence).toMatchObject({ rule: 'bessel', conventionRule: 'biased', n: 4 });
    expect(finding.evidence.factor).toBeCloseTo(4 / 3, 3);
    expect(found(seedAfter(1, 'tfjs', 'tf1'), 'variance-rule').evidence.rule).toBe('biased');
  });

  it('measures it in a recording', () => {
    const known = alone({}, 'keras3', { transitions: transitions('pytorch', 256, 20) });
    expect(evidence(known, 'variance-rule').factor).toBeCloseTo(256 / 255, 4);
  });
});

describe('axes (12)', () => {
  it('offers the other axis', () => {
    const stated = { parameters: {} };
    const known = alone({ channelAxis: 1 }, 'keras3', { shape: [2, 4, 8, 8], stated });
    expect(found(known, 'wrong-axis').whatIf).toEqual({ kind: 'axis', axis: 1 });
    const square = alone({ channelAxis: 1 }, 'pytorch', { shape: [2, 4, 4, 8], stated });
    expect(found(square, 'ambiguous-axis').whatIf).toEqual({ kind: 'axis', axis: 2 });
  });
});

describe('names and modes as exported (15)', () => {
  it('has the factor of Caffe’s third blob', () => {
    const sound = batchOf([1, 2, -3, 4], [1, 2, 3, 4]);
    const sums = {
      movingMean: vector(999.98, 1999.96, -2999.94, 3999.92),
      movingVariance: vector(999.98, 1999.96, 2999.94, 3999.92),
    };
    expect(evidence(over(sound, layer(sums, 'caffe')), 'undivided-sums').factor).toBeCloseTo(
      999.98,
      2,
    );
  });

  it('counts the layers that have what this one lacks', () => {
    const checkpoint = { counted: false, layers: 25, layersCounted: 24 };
    expect(found(alone({}, 'pytorch', { checkpoint }), 'count-missing').message).toMatch(
      /24 of the 25 layers have one/,
    );
  });
});

describe('cancellation in float32', () => {
  it('is found in a layer alone where inference cancels', () => {
    const far = { movingMean: vector(1, 1e4, -3, 4), movingVariance: vector(1, 1e-4, 3, 4) };
    expect(found(alone(far, 'pytorch', { flags: inference }), 'lost-digits').channels).toEqual([1]);
  });
});
