import { describe, expect, it } from 'vitest';
import { findInPairs } from '../../../../../../src/core/batchnorm/comparing/findings/registry';
import {
  comparedLayer,
  comparePair,
  type ComparedPair,
} from '../../../../../../src/core/batchnorm/comparing/layerPair';
import type { Statement } from '../../../../../../src/core/batchnorm/statement';
import { defaultTolerance } from '../../../../../../src/core/statistics/compare';

const vector = Float64Array.of(1, 2);
const all = { gamma: vector, beta: vector, movingMean: vector, movingVariance: vector };

function pairOf(a: Partial<Statement>, b: Partial<Statement>, name = 'bn1'): ComparedPair {
  const first = comparedLayer(name, { parameters: all, ...a });
  const pair = comparePair(first, comparedLayer(name, { parameters: all, ...b }), defaultTolerance);
  if (!pair.ok) throw new Error(pair.problem.message);
  return pair.value;
}

const messages = (...pairs: ComparedPair[]): string[] =>
  findInPairs(pairs).map(({ message, layers }) => `${message} (${layers.join(', ')})`);

describe('epsilon and momentum', () => {
  it('are the same in another meaning', () => {
    const pair = pairOf(
      { convention: 'keras3', epsilon: 1e-3, momentum: 0.99 },
      { convention: 'pytorch', epsilon: 1e-3, momentum: 0.01 },
    );
    expect(findInPairs([pair]).map(({ id }) => id)).toEqual([
      'axis-differs',
      'variance-rule-differs',
      'convention-differs',
    ]);
  });

  it('differ, and where a number is from is said', () => {
    const pair = pairOf({ convention: 'keras3', momentum: 0.99 }, { convention: 'pytorch' });
    expect(messages(pair)).toEqual([
      "Epsilon is 0.001 in A (the default of Keras 3), and 1e-5 in B (the default of PyTorch). The scale of channel 0 of bn1, whose variance is 1, is 0.0495 % larger in B for that, and no channel's changes more. The output of channel 1 of bn1 differs for that by up to 0.00099 over inputs within 2 moving deviations of its mean, and no channel's differs more. (bn1)",
      'Channels are at axis -1 (the default of Keras 3) in A, and at axis 1 (the default of PyTorch) in B: the same input needs its axes moved, or other numbers are normalised together. (bn1)',
      'Momentum is 0.99 in A (Keras 3, the weight of the old value), which is 0.01 in the meaning of B, and 0.1 in B by default (PyTorch, the weight of the new value). (bn1)',
      "Into the moving variance A takes vB of a batch (Keras 3), and B vB·n/(n−1) (PyTorch): trained on, B's come out 3.23 % larger at 32 values a channel, and 0.392 % at 256. The output of channel 1 of bn1 differs for that by up to 0.0629 over inputs within 2 moving deviations of its mean, and no channel's differs more. (bn1)",
      'A follows Keras 3, and B follows PyTorch. (bn1)',
    ]);
  });

  it('are not compared where nothing tells', () => {
    expect(messages(pairOf({ epsilon: 1e-3 }, {}))).toEqual([]);
  });
});

describe('the channel axis', () => {
  const axes = (a: Partial<Statement>, b: Partial<Statement>): readonly string[] =>
    findInPairs([pairOf(a, b)]).flatMap(({ id, severity, evidence }) =>
      id === 'axis-differs'
        ? [`${severity} ${evidence.channelAxisA} ${evidence.channelAxisB}`]
        : [],
    );

  it('differs by default between frameworks, which is a note', () => {
    expect(axes({ convention: 'keras3' }, { convention: 'pytorch' })).toEqual(['note -1 1']);
  });

  it('differs as stated, which is a warning', () => {
    expect(axes({ convention: 'keras3', channelAxis: 1 }, { convention: 'keras3' })).toEqual([
      'warning 1 -1',
    ]);
  });

  it('is the same, or nobody knows', () => {
    expect(axes({ convention: 'keras3', channelAxis: 1 }, { convention: 'pytorch' })).toEqual([]);
    expect(axes({ channelAxis: 1 }, {})).toEqual([]);
  });
});

it('the variance rule is the same where only one value a channel tells the two apart', () => {
  const pair = pairOf({ convention: 'tf1' }, { convention: 'pytorch' });
  expect(findInPairs([pair]).map(({ id }) => id)).not.toContain('variance-rule-differs');
});

it('what differs alike in many layers is said once', () => {
  const differs = (name: string): ComparedPair => pairOf({ epsilon: 1 }, { epsilon: 2 }, name);
  expect(messages(differs('bn1'), differs('bn2'), pairOf({ epsilon: 1 }, { epsilon: 3 }))).toEqual([
    expect.stringMatching(/^Epsilon is 1 in A, and 2 in B\. .* 18\.4 % smaller .* \(bn1, bn2\)$/),
    expect.stringMatching(/^Epsilon is 1 in A, and 3 in B\. .* \(bn1\)$/),
  ]);
});

describe('a parameter that one layer lacks', () => {
  it('is compared as that of a new layer, which is said', () => {
    const { gamma: _, ...withoutGamma } = all;
    const pair = pairOf({ parameters: withoutGamma }, {});
    expect(pair.parameters.gamma).toMatchObject({ maxAbs: 1, outside: 1 });
    expect(messages(pair)[0]).toMatch(/^A has no gamma: it is compared as that of a new layer/);
    // y is 2 more where gamma is 2 and not 1, two deviations from the mean.
    expect(findInPairs([pair])[0]).toMatchObject({
      severity: 'warning',
      evidence: { channel: 1, outputChange: expect.closeTo(2, 4) as number },
    });
  });

  it('is not compared where both lack it', () => {
    const parameters = { movingMean: vector, movingVariance: vector };
    const pair = pairOf({ parameters }, { parameters });
    expect(Object.keys(pair.parameters)).toEqual(['movingMean', 'movingVariance']);
    expect(messages(pair)).toEqual([]);
  });
});

it('layers of other numbers of channels are refused, by name and count', () => {
  const [a, b] = [
    comparedLayer('bn1', { parameters: all }),
    comparedLayer('y', { parameters: {} }, 5),
  ];
  const refused = comparePair(a, b, defaultTolerance);
  expect(refused.ok ? '' : refused.problem.message).toMatch(
    /^"bn1" has 2 channels, and "y" has 5: layers are compared channel by channel/,
  );
});

describe('what was done to moving statistics on the way', () => {
  const mean = Float64Array.of(3, -1, 2);
  const variance = Float64Array.of(1, 2, 4);
  const sound = { movingMean: mean, movingVariance: variance };
  const found = (parameters: Statement['parameters']): (readonly [string, string])[] =>
    findInPairs([pairOf({ parameters: sound }, { parameters })]).map(
      ({ id, severity }) => [id, severity] as const,
    );

  it('is recognised: swapped, scaled, with epsilon in the variance', () => {
    expect(found({ movingMean: variance, movingVariance: mean })).toEqual([
      ['statistics-swapped', 'error'],
    ]);
    const sums = {
      movingMean: mean.map(x => 999.98 * x),
      movingVariance: variance.map(x => 999.98 * x),
    };
    expect(found(sums)).toEqual([['statistics-scaled', 'error']]);
    expect(found({ movingMean: mean, movingVariance: variance.map(x => (4 / 3) * x) })).toEqual([
      ['statistics-scaled', 'warning'],
    ]);
    expect(found({ movingMean: mean, movingVariance: variance.map(x => x - 1e-3) })).toEqual([
      ['epsilon-in-variance', 'warning'],
    ]);
  });

  it('names n of Bessel’s correction, and who has the unbiased one', () => {
    const [finding] = findInPairs([
      pairOf(
        { parameters: sound },
        { parameters: { movingMean: mean, movingVariance: variance.map(x => 0.75 * x) } },
      ),
    ]);
    expect(finding?.message).toMatch(
      /0\.75 times A's .* n\/\(n − 1\) at n = 4: A has the unbiased one, B the biased/,
    );
    expect(finding?.evidence).toEqual({
      factor: 0.75,
      n: 4,
      channel: 2,
      outputChange: expect.closeTo(2 / Math.sqrt(0.75) - 2, 4) as number,
    });
    expect(finding?.table?.channels[0]).toBe(2);
  });

  it('is recognised: standard deviations, whoever has them', () => {
    const deviations = { movingMean: mean, movingVariance: Float64Array.of(3, 2, 4) };
    const variances = { movingMean: mean, movingVariance: Float64Array.of(9, 4, 16) };
    const [inB] = findInPairs([pairOf({ parameters: variances }, { parameters: deviations })]);
    expect(inB).toMatchObject({
      id: 'variance-as-deviation',
      severity: 'error',
      evidence: { movingVarianceA: 9, movingVarianceB: 3, channel: 2 },
    });
    expect(inB?.message).toMatch(/^B's moving variances are the square roots of A's/);
    const [inA] = findInPairs([pairOf({ parameters: deviations }, { parameters: variances })]);
    expect(inA?.message).toMatch(/^A's moving variances are the square roots of B's/);
    const ones = { movingMean: mean, movingVariance: Float64Array.of(1, 1, 1) };
    expect(findInPairs([pairOf({ parameters: ones }, { parameters: ones })])).toEqual([]);
  });

  it('is not made up of numbers that merely differ', () => {
    expect(found(sound)).toEqual([]);
    expect(found({ movingMean: mean, movingVariance: Float64Array.of(1.1, 2, 4) })).toEqual([]);
    expect(
      found({ movingMean: mean.map(x => x + 1), movingVariance: variance.map(x => 2 * x) }),
    ).toEqual([]);
    expect(found({ movingMean: variance, movingVariance: variance })).toEqual([]);
  });
});
