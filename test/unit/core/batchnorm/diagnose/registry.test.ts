import { describe, expect, it } from 'vitest';
import { driftThreshold } from '../../../../../src/core/batchnorm/diagnose/driftedStatistics';
import type { Finding, Known } from '../../../../../src/core/batchnorm/diagnose/finding';
import { diagnose, findingRules } from '../../../../../src/core/batchnorm/diagnose/registry';
import type { Flags } from '../../../../../src/core/batchnorm/flags';
import type { BatchNormLayer } from '../../../../../src/core/batchnorm/layer';
import { step } from '../../../../../src/core/batchnorm/step';
import type { Severity } from '../../../../../src/core/problem';
import { seedLayer, tensor, unwrap } from '../seed';
import { knownScenes, type KnownScenes } from './knownScenes';

const on = { training: true, trainable: true };
const off = { training: false, trainable: true };

interface Scene {
  readonly convention?: string;
  readonly layer?: Partial<BatchNormLayer>;
  /** Values of channel 0; channel 1 alternates 0 and 2. */
  readonly values?: readonly number[];
  readonly flags?: Flags;
}

const vector = (...values: number[]): Float64Array => Float64Array.from(values);

/** 32 values a channel, mean 1 and variance 1, in agreement with the moving statistics. */
const alternating = Array.from({ length: 32 }, (_, i) => 2 * (i % 2));

/** Mean 1e4 and deviation 1e-2. */
const shifted = alternating.map(x => 1e4 + x / 100);

/** Moving statistics like those, in channel 1. */
const far = { movingMean: vector(1, 1e4), movingVariance: vector(1.1, 1e-4) };

/** Two channels in which nothing is wrong but what the scene makes wrong. */
function subject({ convention = 'keras3', layer = {}, values, flags = off }: Scene): Known {
  const sound = seedLayer(convention, {
    gamma: vector(1.5, 0.5),
    beta: vector(0, 1),
    movingMean: vector(1, 1),
    movingVariance: vector(1.1, 1.1),
    channelAxis: 1,
    ...layer,
  });
  const first = values ?? alternating;
  const rows = first.flatMap((x, i) => [x, 2 * (i % 2)]);
  const { trace } = unwrap(step(sound, tensor([first.length, 2], rows), flags));
  return { layer: sound, trace, rank: 2, flags };
}

const found = (scene: Scene, id: string): Finding | undefined =>
  diagnose(subject(scene)).find(finding => finding.id === id);

/** For each rule over one batch: scenes in which it fires, with severity and channels, and ones close by in which it must not. */
const scenes: Readonly<
  Record<
    string,
    {
      readonly fires: readonly (readonly [Scene, Severity, readonly number[]])[];
      readonly silent: readonly Scene[];
    }
  >
> = {
  'non-finite-input': {
    fires: [
      [{ values: [...alternating, NaN] }, 'error', [0]],
      [{ values: [...alternating, Infinity], flags: on }, 'error', [0]],
      [{ values: [...alternating, Infinity, -Infinity] }, 'error', [0]],
    ],
    silent: [{}, { values: [...alternating, 3e38, -3e38] }, { layer: { gamma: vector(NaN, 1) } }],
  },
  'non-finite-parameters': {
    fires: [
      [{ layer: { gamma: vector(1, NaN) } }, 'error', [1]],
      [{ layer: { beta: vector(-Infinity, Infinity) } }, 'error', [0, 1]],
    ],
    silent: [{}, { layer: { gamma: vector(0, 1e30) } }],
  },
  'non-finite-statistics': {
    fires: [
      [{ layer: { movingMean: vector(NaN, 1) } }, 'error', [0]],
      [{ layer: { movingVariance: vector(1, Infinity) } }, 'error', [1]],
    ],
    silent: [
      {},
      { layer: { movingVariance: vector(0, 1e30) } },
      { layer: { movingMean: vector(NaN, 1), tracking: 'none' } },
    ],
  },
  'negative-variance': {
    fires: [
      [{ layer: { movingVariance: vector(1, -1e-5) } }, 'error', [1]],
      [{ layer: { movingVariance: vector(-1, -2) } }, 'error', [0, 1]],
    ],
    silent: [
      {},
      { layer: { movingVariance: vector(0, 1e-30) } },
      { layer: { movingVariance: vector(NaN, 1) } },
    ],
  },
  'non-finite-output': {
    fires: [
      [{ layer: { movingVariance: vector(0, 1), epsilon: 0 } }, 'error', [0]],
      [{ layer: { gamma: vector(3e38, 1), movingVariance: vector(1e-6, 1) } }, 'error', [0]],
    ],
    silent: [
      {},
      { layer: { movingVariance: vector(-1, 1) } },
      { layer: { movingVariance: vector(0, 1), epsilon: 1e-12 } },
      { values: [...alternating, NaN] },
      { layer: { gamma: vector(NaN, 1) } },
    ],
  },
  'single-value': {
    fires: [[{ values: [3], flags: on }, 'warning', []]],
    silent: [
      { values: [3], flags: off },
      { values: [3, 4], flags: on },
      { values: [3], flags: { training: true, trainable: false } },
    ],
  },
  drift: {
    fires: [
      [{ layer: { movingMean: vector(2.1, 1) } }, 'warning', [0]],
      [{ layer: { movingMean: vector(2.1, -9) }, flags: on }, 'warning', [0, 1]],
      [{ values: [5, 7], layer: { movingMean: vector(0, 1) } }, 'warning', [0]],
    ],
    silent: [
      {},
      { layer: { movingMean: vector(2, 1) } },
      // Two values are too few to call 2.8 standard deviations more than chance.
      { values: [2.8, 4.8], layer: { movingMean: vector(1, 1) } },
      { layer: { movingMean: vector(0, 1), movingVariance: vector(1, 1) }, values: [9, 9, 9, 8] },
      { values: [...alternating, Infinity] },
      { layer: { movingMean: vector(9, 9), tracking: 'none' } },
    ],
  },
  'zero-moving-variance': {
    fires: [[{ layer: { movingVariance: vector(1, 0) } }, 'warning', [1]]],
    silent: [
      {},
      { layer: { movingVariance: vector(1, 1e-38) } },
      { layer: { movingVariance: vector(1, -1e-38) } },
    ],
  },
  'zero-gamma': {
    fires: [[{ layer: { gamma: vector(0, 1) } }, 'warning', [0]]],
    silent: [{}, { layer: { gamma: vector(1e-30, -1) } }],
  },
  'never-updated': {
    fires: [
      [{ layer: { movingMean: vector(0, 0), movingVariance: vector(1, 1) } }, 'note', [0, 1]],
      [
        { layer: { movingMean: vector(0, 5), movingVariance: vector(1, 1), batchesTracked: 9 } },
        'warning',
        [0],
      ],
    ],
    silent: [
      {},
      { layer: { movingMean: vector(0, 0), movingVariance: vector(0.9999999, 1.0000001) } },
      { layer: { movingMean: vector(1e-9, 1), movingVariance: vector(1, 1) } },
    ],
  },
  'few-values': {
    fires: [
      [{ values: [1, 2], flags: on }, 'warning', []],
      [{ values: [1, 2, 3, 4], flags: on }, 'note', []],
      [{ values: alternating.slice(0, 15), flags: on }, 'note', []],
    ],
    silent: [
      { values: alternating.slice(0, 16), flags: on },
      { values: [1, 2, 3, 4], flags: off },
      { values: [1], flags: on },
    ],
  },
  'lost-digits': {
    fires: [
      [{ values: shifted, flags: on }, 'warning', [0]],
      [{ convention: 'flax', values: shifted, flags: on }, 'warning', [0]],
      [{ convention: 'haiku', values: shifted, flags: on }, 'warning', [0]],
      [{ convention: 'tf1', values: shifted, flags: on }, 'warning', [0]],
      [{ convention: 'pytorch', layer: far }, 'warning', [1]],
      [{ convention: 'onnx', layer: far }, 'warning', [1]],
      [{ convention: 'tf1-unfused', layer: far }, 'warning', [1]],
    ],
    silent: [
      {},
      { values: shifted },
      { layer: far },
      { values: alternating.map(x => 100 + x), flags: on },
      { convention: 'tfjs', values: shifted, flags: on },
      { convention: 'pytorch', values: shifted, layer: far, flags: on },
      { convention: 'pytorch', layer: { movingMean: vector(1, 1e4) } },
      { values: [...shifted, NaN], flags: on },
    ],
  },
  'coarse-input': {
    fires: [
      [{ values: shifted }, 'note', [0]],
      [{ values: shifted.map(x => -x), flags: on }, 'note', [0]],
    ],
    silent: [
      {},
      { values: alternating.map(x => 1e3 + x / 100) },
      { values: [1e8, 1e8, 1e8] },
      { values: [0, 0, 0] },
      { values: [...shifted, NaN] },
    ],
  },
  'constant-channel': {
    fires: [
      [{ values: [4, 4, 4] }, 'note', [0]],
      [{ values: Array<number>(32).fill(4), flags: on }, 'note', [0]],
    ],
    silent: [{}, { values: [4], flags: off }, { values: [4, 4, 4.000001] }],
  },
};

const rules: Readonly<Record<string, KnownScenes>> = {
  ...knownScenes,
  ...Object.fromEntries(
    Object.entries(scenes).map(([id, { fires, silent }]): [string, KnownScenes] => [
      id,
      {
        fires: fires.map(([scene, severity, channels]) => [subject(scene), severity, channels]),
        silent: silent.map(subject),
      },
    ]),
  ),
};

const foundIn = (known: Known, id: string): Finding | undefined =>
  diagnose(known).find(finding => finding.id === id);

describe('each finding', () => {
  it('is tested where it fires and where it must not', () => {
    expect(Object.keys(rules).sort()).toEqual(findingRules.map(rule => rule.id).sort());
    for (const { fires, silent } of Object.values(rules)) {
      expect(fires.length).toBeGreaterThan(0);
      expect(silent.length).toBeGreaterThan(0);
    }
  });

  for (const [id, { fires, silent }] of Object.entries(rules)) {
    it(`${id} fires`, () => {
      for (const [i, [known, severity, channels]] of fires.entries()) {
        expect(foundIn(known, id), `scene ${i}`).toMatchObject({ id, severity, channels });
      }
    });

    it(`${id} is silent close by`, () => {
      for (const [i, known] of silent.entries()) {
        expect(foundIn(known, id), `scene ${i}`).toBeUndefined();
      }
    });

    it(`${id} says what, why and what to do`, () => {
      for (const [known] of fires) {
        const finding = foundIn(known, id);
        expect(finding?.message).toMatch(/\.$/);
        expect(JSON.stringify(finding)).not.toMatch(/undefined|\[object|function/);
        expect(finding?.fix).toMatch(/\.$/);
        expect(finding?.source).not.toBe('');
        expect(Object.keys(finding?.evidence ?? {})).not.toEqual([]);
      }
    });
  }
});

describe('diagnose', () => {
  it('finds nothing wrong with a sound layer', () => {
    expect(diagnose(subject({}))).toEqual([]);
    expect(diagnose(subject({ flags: on }))).toEqual([]);
  });

  it('puts the worst first', () => {
    const layer = { gamma: vector(0, 1), beta: vector(NaN, 1), batchesTracked: 0 };
    const ids = diagnose(subject({ layer, values: [1, 2, 1, 3], flags: on })).map(f => f.severity);
    expect(ids).toEqual(['error', 'warning', 'note']);
  });

  it('looks at a layer alone where there is no input', () => {
    const { layer, rank, flags } = subject({ layer: { movingVariance: vector(-1, 1) } });
    const ids = diagnose({ layer, rank, flags }).map(finding => finding.id);
    expect(ids).toEqual(['negative-variance']);
  });
});

describe('what findings say', () => {
  it('calls a fresh layer fresh', () => {
    const fresh = { movingMean: vector(0, 0), movingVariance: vector(1, 1) };
    expect(found({ convention: 'tf1', layer: fresh, flags: on }, 'never-updated')).toMatchObject({
      severity: 'note',
      message:
        'The moving mean and variance of all 2 channels are exactly 0 and 1, as in a layer that has just been made: until a batch enters them, inference gives about gamma·x + beta and normalises nothing.',
      fix: 'If the layer was trained, its statistics were not: run the UPDATE_OPS collection together with the training op, with training=True and trainable=True.',
    });
  });

  it('recognises an epsilon taken off on export', () => {
    const scene = { layer: { movingVariance: vector(1, -9.99989e-4), epsilon: 1e-3 } };
    expect(found(scene, 'negative-variance')?.fix).toMatch(/about −epsilon/);
  });

  it('gives the amplification of a variance of 0', () => {
    const scene = { layer: { movingVariance: vector(1, 0), epsilon: 1e-5 } };
    expect(found(scene, 'zero-moving-variance')?.message).toMatch(/1\/√epsilon = 316\.2/);
  });

  it('tells what a NaN in the input costs under the flags', () => {
    const message = (flags: Flags): string | undefined =>
      found({ values: [...alternating, NaN], flags }, 'non-finite-input')?.message;
    expect(message(off)).toMatch(/only those elements are lost/);
    expect(message(on)).toMatch(/its moving statistics are poisoned for good/);
  });

  it('says how much a framework would lose, and that these numbers have not', () => {
    expect(found({ values: shifted, flags: on }, 'lost-digits')?.message).toMatch(
      /^The mean of channel 0 is up to .* deviations from 0 \(channel 0\)\. Keras 3 on numpy, PyTorch or OpenVINO takes the variance as E\[x²\] − E\[x\]²/,
    );
    expect(found({ values: shifted }, 'coarse-input')?.message).toMatch(
      /^Around 10000 float32 has a value every 0\.000977: one deviation of channel 0 spans as few as 10 of them/,
    );
  });

  it('says how many steps halve a drift', () => {
    const fix = (layer: Partial<BatchNormLayer>, convention = 'keras3'): string | undefined =>
      found({ convention, layer: { movingMean: vector(9, 9), ...layer } }, 'drift')?.fix;
    expect(fix({ momentum: 0.99 })).toMatch(/69 halve the gap/);
    expect(fix({ momentum: 0.1 }, 'pytorch')).toMatch(/7 halve the gap/);
    expect(fix({ momentum: 1 })).toMatch(/a momentum that gives the batch weight/);
    expect(fix({ momentum: null }, 'pytorch')).toMatch(/run more training steps\.$/);
  });

  it('names the factor of the moving variance when values are few', () => {
    const few = { values: [1, 2, 3, 4], flags: on };
    expect(found({ ...few, convention: 'pytorch' }, 'few-values')?.message).toMatch(
      /takes in 1\.333 times the variance that normalises/,
    );
    expect(found(few, 'few-values')?.message).not.toMatch(/times the variance/);
  });

  it('passes on what each framework does with one value', () => {
    const single = { values: [3], flags: on };
    expect(found(single, 'single-value')?.message).toMatch(
      /^Each channel has one value .* Keras accepts/,
    );
    // Rank 2 is not fused, so that nothing is said about its GPU kernel.
    expect(found({ ...single, convention: 'tf1' }, 'single-value')?.message).not.toMatch(/GPU/);
  });
});

describe('the drift threshold', () => {
  it('is one standard deviation, or four standard errors of a small batch', () => {
    expect(driftThreshold(4096)).toBe(1);
    expect(driftThreshold(16)).toBe(1);
    expect(driftThreshold(4)).toBe(2);
    expect(driftThreshold(1)).toBe(4);
  });
});
