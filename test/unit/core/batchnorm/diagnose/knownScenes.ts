import type {
  Known,
  OtherLayer,
  Transition,
} from '../../../../../src/core/batchnorm/diagnose/finding';
import type { BatchNormLayer } from '../../../../../src/core/batchnorm/layer';
import { step } from '../../../../../src/core/batchnorm/step';
import type { Severity } from '../../../../../src/core/problem';
import type { Tensor } from '../../../../../src/core/tensor/tensor';
import { seedImage, seedLayer, tensor, unwrap } from '../seed';

export interface KnownScenes {
  readonly fires: readonly (readonly [Known, Severity, readonly number[]])[];
  /** Close by. */
  readonly silent: readonly Known[];
}

export const inference = { training: false, trainable: true };
export const training = { training: true, trainable: true };
const frozen = { training: true, trainable: false };

export const vector = (...values: number[]): Float64Array => Float64Array.from(values);

/** A sound layer of four channels, each unlike the others. */
export function layer(change: Partial<BatchNormLayer> = {}, convention = 'keras3'): BatchNormLayer {
  return seedLayer(convention, {
    gamma: vector(1, 1.5, 0.5, 1.2),
    beta: vector(0, 1, -1, 0.5),
    movingMean: vector(1, 2, -3, 4),
    movingVariance: vector(1, 2, 3, 4),
    channelAxis: 1,
    ...change,
  });
}

/** A layer alone. */
export function alone(
  change: Partial<BatchNormLayer> = {},
  convention?: string,
  more: Partial<Known> = {},
): Known {
  return { layer: layer(change, convention), rank: 4, flags: inference, ...more };
}

/** Values of a channel with this mean and (biased) variance, as many as there are signs. */
const signs = Array.from({ length: 32 }, (_, i) => (i % 2 === 0 ? -1 : 1));

/** 32 rows: one of these means and variances a channel. */
export function batchOf(means: readonly number[], variances: readonly number[]): Tensor {
  const rows = signs.flatMap(sign =>
    means.map((mean, c) => mean + sign * Math.sqrt(variances[c] ?? 0)),
  );
  return tensor([signs.length, means.length], rows);
}

/** A layer over a batch. */
export function over(input: Tensor, of: BatchNormLayer, more: Partial<Known> = {}): Known {
  const flags = more.flags ?? inference;
  const { trace } = unwrap(step(of, input, flags));
  return { layer: of, rank: input.shape.length, shape: input.shape, trace, flags, ...more };
}

const sound = batchOf([1, 2, -3, 4], [1, 2, 3, 4]);

/** A new layer after steps over a batch, trained by a convention. */
export function trained(input: Tensor, steps: number, convention = 'keras3'): BatchNormLayer {
  const fresh = layer(
    { movingMean: vector(0, 0, 0, 0), movingVariance: vector(1, 1, 1, 1) },
    convention,
  );
  return unwrap(step({ ...fresh, channelAxis: input.shape.length - 1 }, input, training, steps))
    .layer;
}

/** The seed's image and a layer that a framework stepped over it, then read as another's. */
export function seedAfter(steps: number, by: string, as = by): Known {
  const fresh = seedLayer(by);
  const after = unwrap(step(fresh, seedImage, training, steps)).layer;
  return over(seedImage, { ...seedLayer(as), ...pick(after), batchesTracked: 0 });
}

function pick({ movingMean, movingVariance }: BatchNormLayer): Partial<BatchNormLayer> {
  return { movingMean, movingVariance };
}

/** Updates as a framework does them, of random batches of n values. */
export function transitions(convention: string, n: number, count = 6): Transition[] {
  let state = layer({ channelAxis: 3, batchesTracked: 0 }, convention);
  const random = mulberry(7);
  return Array.from({ length: count }, (_, at) => {
    const values = Array.from({ length: n * 4 }, () => Math.fround(3 * random() - 1));
    const next = unwrap(step(state, tensor([1, 1, n, 4], values), training));
    const { batch } = next.trace;
    const transition = {
      step: at,
      n,
      batch,
      before: { mean: state.movingMean, variance: state.movingVariance },
      after: { mean: next.layer.movingMean, variance: next.layer.movingVariance },
    };
    state = next.layer;
    return transition;
  });
}

function mulberry(seed: number): () => number {
  let a = seed;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const file = { counted: true, layers: 2, layersCounted: 2 };
const stated = { parameters: {} };
const other = (change: Partial<BatchNormLayer>, counted = true): OtherLayer => ({
  label: 'step-100.pt',
  layer: layer(change, 'pytorch'),
  counted,
});
const moved = { movingMean: vector(1, 2, -3, 4.5), batchesTracked: 200 };

/** For the rules that need more than one batch, or none. */
export const knownScenes: Readonly<Record<string, KnownScenes>> = {
  'few-updates': {
    fires: [
      [alone({ momentum: 0.99, batchesTracked: 100 }), 'warning', []],
      [alone({ momentum: 0.99, batchesTracked: 400 }), 'note', []],
      [seedAfter(1, 'tf1'), 'warning', []],
      [over(sound, trained(sound, 30)), 'warning', []],
    ],
    silent: [
      alone({ momentum: 0.99, batchesTracked: 1000 }),
      alone({ momentum: 0.99, batchesTracked: 0 }),
      // 0.99^100 is 0.37: a variance below that says that the count is not the whole story.
      alone({ momentum: 0.99, batchesTracked: 100, movingVariance: vector(0.3, 2, 3, 4) }),
      alone({ momentum: 1, batchesTracked: 100 }),
      over(sound, trained(sound, 900)),
      over(sound, layer({ movingMean: vector(0.3, 0.9, -0.9, 1) })),
    ],
  },
  'momentum-meaning': {
    fires: [
      [alone({ momentum: 0.9 }, 'pytorch'), 'warning', []],
      [alone({ momentum: 0.1 }, 'keras3'), 'warning', []],
      [alone({ momentum: 0 }, 'pytorch'), 'warning', []],
      [alone({ momentum: 1 }, 'tf1'), 'warning', []],
      [alone({ momentum: 1 }, 'pytorch'), 'warning', []],
    ],
    silent: [
      // Half is the same both ways.
      alone({ momentum: 0.5 }, 'pytorch'),
      alone({ momentum: 0.5 }, 'keras3'),
      alone({ momentum: 0.1 }, 'pytorch'),
      alone({ momentum: 0.9 }, 'keras3'),
      alone({ momentum: null }, 'pytorch'),
      alone({ momentum: 0.9, tracking: 'none' }, 'pytorch'),
    ],
  },
  'epsilon-matters': {
    fires: [[alone({ movingVariance: vector(1, 1e-4, 3, 4e-3) }), 'note', [1, 3]]],
    silent: [
      alone({ movingVariance: vector(1, 5e-3, 3, 4) }),
      // Of a variance of 0 there is a finding already.
      alone({ movingVariance: vector(1, 0, 3, 1e-9) }),
      alone({ movingVariance: vector(1, 1e-4, 3, 4), gamma: vector(1, 0, 1, 1) }),
    ],
  },
  'flags-meaning': {
    fires: [
      [over(sound, layer(), { flags: frozen }), 'note', []],
      [over(sound, layer({}, 'pytorch'), { flags: frozen }), 'note', []],
    ],
    silent: [
      over(sound, layer(), { flags: training }),
      over(sound, layer(), { flags: { training: false, trainable: false } }),
      alone({}, 'keras3', { flags: frozen }),
    ],
  },
  'frozen-moved': {
    fires: [
      [alone(moved, 'pytorch', { earlier: other({ batchesTracked: 100 }) }), 'warning', [3]],
      [
        alone({ movingVariance: vector(9, 2, 3, 4) }, 'keras3', { earlier: other({}, false) }),
        'warning',
        [0],
      ],
    ],
    silent: [
      alone(moved, 'pytorch', { earlier: other({ gamma: vector(1, 1.5, 0.5, 1.21) }) }),
      alone({}, 'pytorch', { earlier: other({}) }),
      alone(moved, 'pytorch'),
      // Gamma 1 and beta 0 are what a layer without them has.
      alone({ ...moved, gamma: vector(1, 1, 1, 1), beta: vector(0, 0, 0, 0) }, 'pytorch', {
        earlier: other({ gamma: vector(1, 1, 1, 1), beta: vector(0, 0, 0, 0) }),
      }),
    ],
  },
  'ranks-differ': {
    fires: [[alone({}, 'pytorch', { ranks: [other({}), other(moved)] }), 'warning', [3]]],
    silent: [
      alone({}, 'pytorch', { ranks: [other({}), other({})] }),
      alone({}, 'pytorch', { ranks: [other({})] }),
      alone({}, 'pytorch', { ranks: [other({}), other({ movingMean: vector(1, 2, -3, 4.0001) })] }),
    ],
  },
  'variance-rule': {
    fires: [
      [seedAfter(1, 'tf1', 'tfjs'), 'warning', []],
      [seedAfter(3, 'tfjs', 'tf1'), 'warning', []],
      [alone({}, 'keras3', { transitions: transitions('pytorch', 64) }), 'warning', []],
      [alone({}, 'pytorch', { transitions: transitions('keras3', 64) }), 'warning', []],
    ],
    silent: [
      seedAfter(1, 'tf1'),
      seedAfter(3, 'tfjs'),
      alone({}, 'pytorch', { transitions: transitions('pytorch', 64) }),
      alone({}, 'keras3', { transitions: transitions('keras3', 64) }),
      over(sound, layer()),
      over(batchOf([1.1, 2.3, -3.1, 4], [1, 2, 3, 4]), layer()),
    ],
  },
  'undivided-sums': {
    fires: [
      [
        over(
          sound,
          layer(
            {
              movingMean: vector(1000, 1990, -3020, 4100),
              movingVariance: vector(990, 2100, 2950, 4000),
            },
            'caffe',
          ),
        ),
        'error',
        [],
      ],
    ],
    silent: [
      over(sound, layer({}, 'caffe')),
      // A scaled input: its variance has the square of the factor.
      over(
        sound,
        layer({
          movingMean: vector(255, 510, -765, 1020),
          movingVariance: vector(65025, 130050, 195075, 260100),
        }),
      ),
      alone({ movingMean: vector(1000, 2000, -3000, 4000) }, 'caffe'),
    ],
  },
  'wrong-axis': {
    fires: [[alone({ channelAxis: 1 }, 'keras3', { shape: [2, 4, 8, 8], stated }), 'error', []]],
    silent: [
      alone({ channelAxis: 3 }, 'keras3', { shape: [2, 8, 8, 4], stated }),
      alone({ channelAxis: 1 }, 'keras3', {
        shape: [2, 4, 8, 8],
        stated: { ...stated, channelAxis: 1 },
      }),
      alone({ channelAxis: 1 }, 'pytorch', { shape: [2, 4, 8, 8], stated }),
      alone({ channelAxis: 1 }, 'keras3'),
    ],
  },
  'ambiguous-axis': {
    fires: [
      [alone({ channelAxis: 3 }, 'keras3', { shape: [2, 4, 8, 4], stated }), 'note', []],
      [alone({ channelAxis: 1 }, 'pytorch', { shape: [2, 4, 4, 8], stated }), 'note', []],
    ],
    silent: [
      alone({ channelAxis: 3 }, 'keras3', { shape: [4, 8, 8, 4], stated }),
      alone({ channelAxis: 3 }, 'keras3', {
        shape: [2, 4, 8, 4],
        stated: { ...stated, channelAxis: 3 },
      }),
      alone({ channelAxis: 1 }, 'keras3', { shape: [4, 4], stated }),
    ],
  },
  'exploding-gamma': {
    fires: [[alone({ gamma: vector(1, -200, 0.5, 1.2) }), 'warning', [1]]],
    silent: [
      alone({ gamma: vector(1, 90, 0.5, 1.2) }),
      alone({ gamma: vector(0, 0, 0, 5) }),
      alone({ gamma: vector(1, Infinity, 0.5, 1.2) }),
    ],
  },
  'dead-gamma': {
    fires: [[alone({ gamma: vector(1, 1e-9, 0.5, -1e-38) }), 'note', [1, 3]]],
    silent: [alone({ gamma: vector(1, 1e-3, 0.5, 1) }), alone({ gamma: vector(1, 0, 0.5, 1) })],
  },
  'tiny-moving-variance': {
    fires: [
      [alone({ movingVariance: vector(1, 5.6e-45, 3, 4) }), 'note', [1]],
      [alone({ movingVariance: vector(1, 9e-7, 3, 4) }), 'note', [1]],
    ],
    silent: [
      alone({ movingVariance: vector(1, 2e-6, 3, 4) }),
      alone({ movingVariance: vector(1, 0, 3, 4) }),
      alone({ movingVariance: vector(1, -1e-9, 3, 4) }),
    ],
  },
  'training-mode-export': {
    fires: [
      [
        alone({}, 'onnx', { checkpoint: file, stated: { ...stated, training: true } }),
        'warning',
        [],
      ],
    ],
    silent: [
      alone({}, 'onnx', { checkpoint: file, stated: { ...stated, training: false } }),
      alone({}, 'onnx', { checkpoint: file, stated }),
      // A run file states it to be run so.
      alone({}, 'onnx', { stated: { ...stated, training: true } }),
    ],
  },
  'count-missing': {
    fires: [[alone({}, 'pytorch', { checkpoint: { ...file, counted: false } }), 'note', []]],
    silent: [
      alone({}, 'pytorch', { checkpoint: file }),
      alone({}, 'keras3', { checkpoint: { ...file, counted: false } }),
      alone({}, 'pytorch'),
    ],
  },
  'fix-gamma': {
    fires: [[alone({ gamma: vector(1, 0.5, 1, 1) }, 'mxnet'), 'note', [1]]],
    silent: [
      alone({ gamma: vector(1, 1, 1, 1) }, 'mxnet'),
      alone({ gamma: vector(1, 0.5, 1, 1) }, 'onnx'),
    ],
  },
};
