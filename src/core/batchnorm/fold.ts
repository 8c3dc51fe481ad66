import { fail, ok, type Result } from '../problem';
import {
  channelLayout,
  formatShape,
  sizeOf,
  type ChannelLayout,
  type Shape,
} from '../tensor/shape';
import { channelCount, kernelRules, type BatchNormLayer } from './layer';

/** A convolution's or dense layer's weight, and its bias where it has one. */
export interface Linear {
  readonly shape: Shape;
  /** Row-major. */
  readonly weight: ArrayLike<number>;
  readonly bias?: ArrayLike<number> | undefined;
}

/** Where a weight has its output and its input channels. Adding a layout is a value in the list below. */
export interface WeightLayout {
  readonly id: string;
  readonly text: string;
  /** Ranks a weight of this layout can have. */
  readonly ranks: readonly [minimum: number, maximum: number];
  /** The weight seen as `[outer, output channels, inner]`. */
  readonly outputs: (shape: Shape) => ChannelLayout;
  /** The weight seen as `[outer, input channels, inner]`. */
  readonly inputs: (shape: Shape) => ChannelLayout;
  /** Of which side the weight of a grouped convolution names the channels of one group only; absent where there are no groups. */
  readonly perGroup?: 'inputs' | 'outputs';
}

const axis = (at: number) => (shape: Shape) =>
  channelLayout(shape, at < 0 ? shape.length + at : at);

export const weightLayouts = {
  OIHW: {
    id: 'OIHW',
    text: 'a convolution of PyTorch or ONNX, one to three dimensions',
    ranks: [3, 5],
    outputs: axis(0),
    inputs: axis(1),
    perGroup: 'inputs',
  },
  IOHW: {
    id: 'IOHW',
    text: 'a transposed convolution of PyTorch or ONNX',
    ranks: [3, 5],
    outputs: axis(1),
    inputs: axis(0),
    perGroup: 'outputs',
  },
  HWIO: {
    id: 'HWIO',
    text: 'a convolution of TensorFlow, Keras or Flax',
    ranks: [3, 5],
    outputs: axis(-1),
    inputs: axis(-2),
    perGroup: 'inputs',
  },
  HWOI: {
    id: 'HWOI',
    text: 'a transposed convolution of TensorFlow or Keras',
    ranks: [3, 5],
    outputs: axis(-2),
    inputs: axis(-1),
  },
  HWCM: {
    id: 'HWCM',
    text: 'a depthwise convolution of TensorFlow: output c·multiplier + m is of input c',
    ranks: [3, 5],
    // The last two axes lie one after the other, so that together they count the outputs.
    outputs: shape => ({
      outer: sizeOf(shape.slice(0, -2)),
      channels: sizeOf(shape.slice(-2)),
      inner: 1,
    }),
    inputs: axis(-2),
  },
  OI: {
    id: 'OI',
    text: 'a dense layer of PyTorch',
    ranks: [2, 2],
    outputs: axis(0),
    inputs: axis(1),
  },
  IO: {
    id: 'IO',
    text: 'a dense layer of TensorFlow, Keras or Flax',
    ranks: [2, 2],
    outputs: axis(1),
    inputs: axis(0),
  },
} as const satisfies Readonly<Record<string, WeightLayout>>;

/** A linear layer that does what it and a batch norm beside it did, in inference. */
export interface Folded {
  /** As float32 would store them. */
  readonly weight: Float32Array;
  readonly bias: Float32Array;
  readonly error: FoldError;
}

/** How far the stored numbers are from those of exact arithmetic. */
export interface FoldError {
  /** Largest |stored − exact| of a weight, and of a bias. */
  readonly weight: number;
  readonly bias: number;
  /** For any output: at most this times the largest |input|, plus `bias`. */
  readonly perInput: number;
}

/** `y = x·scale + shift` a channel: all that inference is. float64. */
export interface InferenceAffine {
  readonly scale: Float64Array;
  readonly shift: Float64Array;
}

/** @param rank rank of the layer's input, which can decide the kernel and so the epsilon */
export function inferenceAffine(layer: BatchNormLayer, rank: number): InferenceAffine {
  const epsilon = Math.max(layer.epsilon, kernelRules(layer, rank).epsilonFloor);
  const scale = layer.gamma.map(
    (gamma, c) => gamma / Math.sqrt((layer.movingVariance[c] as number) + epsilon),
  );
  const shift = layer.beta.map(
    (beta, c) => beta - (layer.movingMean[c] as number) * (scale[c] as number),
  );
  return { scale, shift };
}

/**
 * Folds a batch norm into the linear layer before it:
 * `W'ₒ = Wₒ·sₒ`, `b'ₒ = betaₒ + (bₒ − meanₒ)·sₒ`, with `s = gamma/√(variance + epsilon)`
 * (`torch/nn/utils/fusion.py:16-33`, tfjs-converter `fold_batch_norms.py:190-216`).
 * @param groups of a grouped convolution
 */
export function foldAfter(
  linear: Linear,
  layout: WeightLayout,
  layer: BatchNormLayer,
  { groups = 1 }: { readonly groups?: number } = {},
): Result<Folded> {
  const { shape, weight, bias } = linear;
  const wires = wiring(shape, layout, groups);
  if (!wires.ok) return wires;
  const { outputs, outputOf } = wires.value;
  const problem = checkCounts(linear, outputs, outputs, layer, 'output');
  if (problem) return problem;
  const { scale, shift } = inferenceAffine(layer, shape.length);
  const exact = Float64Array.from(weight, (w, i) => w * (scale[outputOf(i)] as number));
  const exactBias = shift.map((b, o) => b + (bias?.[o] ?? 0) * (scale[o] as number));
  return ok(stored(exact, exactBias, wires.value));
}

/**
 * Folds a batch norm into the linear layer after it: `W' = W·s` along the inputs, and
 * `b'ₒ = bₒ + Σ W·(beta − mean·s)`. A convolution that pads with zeros sees 0 outside the image where
 * the batch norm would have given its shift, so that this is exact only without padding.
 * @param padding whether the linear layer pads its input with zeros
 * @param groups of a grouped convolution
 */
export function foldBefore(
  linear: Linear,
  layout: WeightLayout,
  layer: BatchNormLayer,
  { padding, groups = 1 }: { readonly padding: boolean; readonly groups?: number },
): Result<Folded> {
  const { shape, weight, bias } = linear;
  const wires = wiring(shape, layout, groups);
  if (!wires.ok) return wires;
  const { outputs, inputs, outputOf, inputOf } = wires.value;
  const problem = checkCounts(linear, outputs, inputs, layer, 'input');
  if (problem) return problem;
  const { scale, shift } = inferenceAffine(layer, shape.length);
  if (padding && shift.some(b => b !== 0)) {
    return fail(
      'fold-padding',
      'A batch norm before a convolution that pads with zeros cannot be folded exactly: its shift is missing at the border. Fold it into the layer before it, or pad before the batch norm.',
    );
  }
  const exactBias = Float64Array.from({ length: outputs }, (_, o) => bias?.[o] ?? 0);
  const exact = Float64Array.from(weight, (w, i) => {
    const [o, c] = [outputOf(i), inputOf(i)];
    exactBias[o] = (exactBias[o] as number) + w * (shift[c] as number);
    return w * (scale[c] as number);
  });
  return ok(stored(exact, exactBias, wires.value));
}

/** Which output and which input each number of a weight connects. */
interface Wiring {
  readonly outputs: number;
  readonly inputs: number;
  readonly outputOf: (index: number) => number;
  readonly inputOf: (index: number) => number;
}

function wiring(shape: Shape, layout: WeightLayout, groups: number): Result<Wiring> {
  const [low, high] = layout.ranks;
  if (shape.length < low || shape.length > high) {
    const ranks = low === high ? String(low) : `${low} to ${high}`;
    return fail(
      'fold-shape',
      `A weight of layout ${layout.id} has rank ${ranks}, and this one has shape ${formatShape(shape)}.`,
    );
  }
  const [to, from] = [layout.outputs(shape), layout.inputs(shape)];
  const { perGroup } = layout;
  const outputAt = (index: number): number => at(index, to);
  const inputAt = (index: number): number => at(index, from);
  if (groups === 1) {
    const counts = { outputs: to.channels, inputs: from.channels };
    return ok({ ...counts, outputOf: outputAt, inputOf: inputAt });
  }
  const all = perGroup === 'inputs' ? to.channels : from.channels;
  if (perGroup === undefined || !Number.isInteger(groups) || groups < 1 || all % groups !== 0) {
    return fail(
      'fold-groups',
      `A weight of layout ${layout.id} and shape ${formatShape(shape)} does not divide into ${groups} groups.`,
    );
  }
  const each = all / groups;
  return ok(
    perGroup === 'inputs'
      ? {
          outputs: to.channels,
          inputs: from.channels * groups,
          outputOf: outputAt,
          inputOf: i => Math.floor(outputAt(i) / each) * from.channels + inputAt(i),
        }
      : {
          outputs: to.channels * groups,
          inputs: from.channels,
          outputOf: i => Math.floor(inputAt(i) / each) * to.channels + outputAt(i),
          inputOf: inputAt,
        },
  );
}

/** Channel of a flat index. */
function at(index: number, { inner, channels }: ChannelLayout): number {
  return Math.floor(index / inner) % channels;
}

/** Rounds to float32, and says what that cost. */
function stored(exact: Float64Array, exactBias: Float64Array, wires: Wiring): Folded {
  const weight = Float32Array.from(exact);
  const bias = Float32Array.from(exactBias);
  const perOutput = new Float64Array(wires.outputs);
  let worst = 0;
  for (let i = 0; i < exact.length; i++) {
    const off = Math.abs((weight[i] as number) - (exact[i] as number));
    const o = wires.outputOf(i);
    perOutput[o] = (perOutput[o] as number) + off;
    worst = Math.max(worst, off);
  }
  const biasOff = exactBias.map((b, o) => Math.abs((bias[o] as number) - b));
  return {
    weight,
    bias,
    error: { weight: worst, bias: largest(biasOff), perInput: largest(perOutput) },
  };
}

function largest(values: Float64Array): number {
  return values.reduce((worst, value) => Math.max(worst, value), 0);
}

function checkCounts(
  { shape, weight, bias }: Linear,
  outputs: number,
  channels: number,
  layer: BatchNormLayer,
  side: 'output' | 'input',
): Result<never> | undefined {
  if (weight.length !== sizeOf(shape)) {
    return fail(
      'fold-shape',
      `The weight has ${weight.length} values, and shape ${formatShape(shape)} needs ${sizeOf(shape)}.`,
    );
  }
  if (bias !== undefined && bias.length !== outputs) {
    return fail(
      'fold-shape',
      `The bias has ${bias.length} values, and the weight has ${outputs} outputs.`,
    );
  }
  if (channelCount(layer) === channels) return undefined;
  return fail(
    'fold-shape',
    `The batch norm has ${channelCount(layer)} channels, and the weight of shape ${formatShape(shape)} has ${channels} ${side} channels: is the layout another one?`,
  );
}
