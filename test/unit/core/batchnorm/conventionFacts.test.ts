import { describe, expect, it } from 'vitest';
import type { Convention } from '../../../../src/core/batchnorm/convention';
import { conventions } from '../../../../src/core/batchnorm/conventions/registry';

/** Of the published facts, what a convention that is copied from another is most easily wrong in. */
interface Facts {
  readonly epsilon: number;
  readonly momentum: number;
  readonly weighs: 'old' | 'new';
  readonly axis: number;
  readonly training: boolean;
  readonly ranks: readonly [number, number];
  /** The flags that choose the batch, and those that move the statistics. */
  readonly batch: string;
  readonly moves: string;
  readonly variance: string;
  readonly run: boolean;
  readonly names: readonly [string, string, string, string];
}

const both = 'training and trainable';
const keras = {
  epsilon: 1e-3,
  momentum: 0.99,
  weighs: 'old',
  axis: -1,
  training: false,
  ranks: [1, 8],
  names: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
} as const;
const torch = {
  epsilon: 1e-5,
  weighs: 'old',
  axis: 1,
  batch: 'training',
  moves: 'training',
} as const;

/** Once more, as the frameworks' documentation and sources have them. */
const facts: Readonly<Record<string, Facts>> = {
  tf1: { ...keras, batch: 'training', moves: both, variance: 'bessel-guarded', run: false },
  'tf1-unfused': { ...keras, batch: 'training', moves: both, variance: 'biased', run: false },
  keras2: { ...keras, batch: both, moves: both, variance: 'bessel-guarded', run: false },
  'keras-standalone': {
    ...keras,
    batch: 'training',
    moves: both,
    variance: 'bessel-with-epsilon',
    run: false,
  },
  keras3: { ...keras, batch: both, moves: both, variance: 'biased', run: true },
  pytorch: {
    ...torch,
    momentum: 0.1,
    weighs: 'new',
    training: true,
    ranks: [2, 5],
    variance: 'bessel',
    run: true,
    names: ['weight', 'bias', 'running_mean', 'running_var'],
  },
  onnx: {
    ...torch,
    momentum: 0.9,
    training: false,
    ranks: [2, 8],
    variance: 'biased',
    run: true,
    names: ['scale', 'B', 'input_mean', 'input_var'],
  },
  flax: {
    ...torch,
    momentum: 0.99,
    axis: -1,
    training: true,
    ranks: [1, 8],
    variance: 'biased',
    run: true,
    names: ['scale', 'bias', 'mean', 'var'],
  },
  haiku: {
    ...torch,
    momentum: 0.9,
    axis: -1,
    training: false,
    ranks: [1, 8],
    variance: 'biased',
    run: false,
    names: ['scale', 'offset', 'mean_ema/average', 'var_ema/average'],
  },
  tfjs: {
    ...keras,
    ranks: [2, 4],
    batch: 'training',
    moves: 'training',
    variance: 'biased',
    run: true,
  },
  caffe: {
    ...torch,
    momentum: 0.999,
    training: false,
    ranks: [2, 8],
    variance: 'bessel-guarded',
    run: false,
    names: ['Scale blobs[0]', 'Scale blobs[1]', 'blobs[0]/blobs[2]', 'blobs[1]/blobs[2]'],
  },
  mxnet: {
    ...torch,
    epsilon: 1e-3,
    momentum: 0.9,
    training: false,
    ranks: [2, 8],
    variance: 'biased',
    run: false,
    names: ['gamma', 'beta', 'moving_mean', 'moving_var'],
  },
  paddle: {
    ...torch,
    momentum: 0.9,
    training: true,
    ranks: [2, 5],
    variance: 'biased',
    run: false,
    names: ['weight', 'bias', '_mean', '_variance'],
  },
};

function factsOf(convention: Convention): Facts {
  const { defaults, momentum, movingVariance, parameterNames: names } = convention;
  return {
    epsilon: defaults.epsilon,
    momentum: defaults.momentum ?? NaN,
    weighs: momentum.weighs,
    axis: defaults.channelAxis,
    training: defaults.training,
    ranks: convention.ranks,
    batch: convention.usesBatchStatistics.text,
    moves: convention.updatesMoving.text,
    variance: movingVariance.id,
    run: convention.verifiedByRunning,
    names: [names.gamma, names.beta, names.movingMean, names.movingVariance],
  };
}

describe('the conventions of the command line’s contract', () => {
  it('are all there, in its order, and no others', () => {
    expect(conventions.map(({ id }) => id)).toEqual(Object.keys(facts));
  });

  it.each(conventions)('$id has the published defaults and rules', convention => {
    expect(factsOf(convention)).toEqual(facts[convention.id]);
    expect(convention.defaults.trainable).toBe(true);
    expect(convention.updatesParameters.text).toBe('trainable');
  });

  it('have the five rules of the moving variance between them', () => {
    const rules = new Set(
      conventions.map(({ movingVariance, momentum }) => `${movingVariance.id} ${momentum.text}`),
    );
    const variances = new Set(conventions.map(({ movingVariance }) => movingVariance.id));
    expect([...variances].sort()).toEqual([
      'bessel',
      'bessel-guarded',
      'bessel-with-epsilon',
      'biased',
    ]);
    // The fifth is Caffe's: corrected variances, summed and divided by how many there are.
    const caffe = [...rules].filter(rule => /^bessel-guarded .*momentum\^k/.test(rule));
    expect(caffe).toHaveLength(1);
  });

  it.each(conventions)('$id says everything that a user may ask of it', convention => {
    const sentence = /^[^\s].{10,}[.]$/s;
    expect(convention.badInput).toMatch(sentence);
    expect(convention.execution).toMatch(sentence);
    expect(convention.updateAdvice).toMatch(sentence);
    const { singleValue } = convention;
    expect(singleValue.kind === 'accepted' ? singleValue.note : singleValue.message).not.toBe('');
    expect(convention.momentum.rounding).toContain('float32');
    expect(convention.source).toMatch(/\d/);
    expect(convention.versions).not.toBe('');
    for (const { text } of convention.changes) expect(text).toMatch(sentence);
  });

  it.each(conventions)('$id is marked as run where it was, and only there', convention => {
    const start = convention.verifiedByRunning ? /^Run: / : /never executed/i;
    expect(convention.execution).toMatch(start);
  });

  it('tell whose float32 cancels, in which mode', () => {
    const rules = conventions.flatMap(({ id, cancellation, otherPath }) =>
      [cancellation, otherPath?.cancellation].flatMap(rule =>
        rule ? [`${id} ${rule.loses} ${rule.when}`] : [],
      ),
    );
    expect(rules).toEqual([
      'tf1 output always',
      'tf1-unfused output always',
      'keras3 variance batch',
      'pytorch output moving',
      'onnx output moving',
      'flax variance batch',
      'haiku variance batch',
    ]);
  });

  it('tell the versions that changed a rule', () => {
    const changed = (id: string): readonly string[] =>
      (conventions.find(known => known.id === id)?.changes ?? []).map(({ version }) => version);
    expect(changed('tf1')).toEqual(['TF 1.3', 'TF 1.4', 'TF 1.6', 'TF 1.8', 'TF 2.0']);
    expect(changed('tf1-unfused')).toEqual(['TF 1.4', 'TF 1.6']);
    expect(changed('keras2')).toContain('TF 2.0');
    expect(changed('keras-standalone')).toContain('Keras 2.1.4');
    expect(changed('keras3')).toContain('Keras 3.0');
    expect(changed('onnx')).toEqual(['opset 7', 'opset 9', 'opset 14', 'opset 15']);
  });
});
