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
    expect(findInPairs([pair]).map(({ id }) => id)).toEqual(['convention-differs']);
  });

  it('differ, and where a number is from is said', () => {
    const pair = pairOf({ convention: 'keras3', momentum: 0.99 }, { convention: 'pytorch' });
    expect(messages(pair)).toEqual([
      "Epsilon is 0.001 in A (the default of Keras 3), and 1e-5 in B (the default of PyTorch). The scale of channel 0 of bn1, whose variance is 1, is 0.0495 % larger in B for that, and no channel's changes more. (bn1)",
      'Momentum is 0.99 in A (Keras 3, the weight of the old value), which is 0.01 in the meaning of B, and 0.1 in B by default (PyTorch, the weight of the new value). (bn1)',
      'A follows Keras 3, and B follows PyTorch. (bn1)',
    ]);
  });

  it('are not compared where nothing tells', () => {
    expect(messages(pairOf({ epsilon: 1e-3 }, {}))).toEqual([]);
  });
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
    expect(finding?.evidence).toEqual({ factor: 0.75, n: 4 });
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
