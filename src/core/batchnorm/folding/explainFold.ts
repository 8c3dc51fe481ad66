import { thresholds } from '../diagnose/thresholds';
import type { LayerParameters } from '../layer';

/** A batch norm, and what became of the layer before it when it was folded. One value a channel. */
export interface FoldToExplain extends LayerParameters {
  readonly epsilon: number;
  /** Of the linear layer before; undefined where it has none. */
  readonly bias: Float64Array | undefined;
  /** What its weight was multiplied by; NaN in a channel whose weight is 0. */
  readonly foundScale: Float64Array;
  /** Undefined where the folded layer has none. */
  readonly foundBias: Float64Array | undefined;
}

/** Numbers that a fold should have, and those that it has. */
export interface ExplainedTerm {
  /** By the formula. */
  readonly exact: Float64Array;
  readonly found: Float64Array;
  /** |found − exact| beside the largest term of the exact value, a channel. */
  readonly error: Float64Array;
  /** The largest of those. */
  readonly worst: number;
  /** What is left of that when the mistake is taken for done on purpose. */
  readonly left: number;
  /** What was done wrong, as a clause; undefined where it is right, or no known mistake gives these numbers. */
  readonly mistake: Mistake | undefined;
}

export interface Mistake {
  readonly id: string;
  /** Completes "Folding went wrong: …". */
  readonly text: string;
  readonly fix: string;
}

export interface ExplainedFold {
  readonly scale: ExplainedTerm;
  readonly bias: ExplainedTerm;
}

/** A way to get a number wrong. */
interface Hypothesis extends Mistake {
  readonly value: (channel: Channel) => number;
}

interface Channel {
  readonly gamma: number;
  readonly beta: number;
  readonly mean: number;
  readonly variance: number;
  readonly epsilon: number;
  readonly bias: number;
  readonly scale: number;
}

const exactScale = ({ gamma, variance, epsilon }: Channel): number =>
  gamma / Math.sqrt(variance + epsilon);

const exactBias = ({ beta, bias, mean, scale }: Channel): number => beta + (bias - mean) * scale;

const scaleMistakes: readonly Hypothesis[] = [
  {
    id: 'weight-not-scaled',
    text: 'the weight was not multiplied at all',
    fix: 'Multiply the weight by gamma/√(variance + epsilon), output channel by output channel.',
    value: () => 1,
  },
  {
    id: 'gamma-missing',
    text: 'gamma is missing from the scale',
    fix: 'Multiply by gamma/√(variance + epsilon), and not by 1/√(variance + epsilon).',
    value: ({ variance, epsilon }) => 1 / Math.sqrt(variance + epsilon),
  },
  {
    id: 'epsilon-missing',
    text: 'epsilon was not added to the variance',
    fix: 'Divide by √(variance + epsilon).',
    value: ({ gamma, variance }) => gamma / Math.sqrt(variance),
  },
  ...[1e-3, 1e-5, 1e-4, 1e-6].map(epsilon => ({
    id: 'epsilon-other',
    text: `epsilon ${epsilon} was taken`,
    fix: 'Take the epsilon that the layer was trained with.',
    value: ({ gamma, variance }: Channel) => gamma / Math.sqrt(variance + epsilon),
  })),
  {
    id: 'root-missing',
    text: 'it was divided by the variance, and not by its root',
    fix: 'Divide by √(variance + epsilon).',
    value: ({ gamma, variance, epsilon }) => gamma / (variance + epsilon),
  },
  {
    id: 'variance-as-deviation',
    text: 'the standard deviation was taken for the variance, so that the root was taken twice',
    fix: 'Take the root of variance + epsilon once.',
    value: ({ gamma, variance, epsilon }) => gamma / Math.sqrt(Math.sqrt(variance) + epsilon),
  },
  {
    id: 'scale-inverted',
    text: 'it was multiplied by √(variance + epsilon) where it is to be divided',
    fix: 'Divide by √(variance + epsilon).',
    value: ({ gamma, variance, epsilon }) => gamma * Math.sqrt(variance + epsilon),
  },
];

const biasMistakes: readonly Hypothesis[] = [
  {
    id: 'bias-not-scaled',
    text: 'the bias of the layer before was not multiplied by the scale',
    fix: 'b′ = beta + (b − mean)·scale: the bias goes through the batch norm as the weight does.',
    value: ({ beta, bias, mean, scale }) => beta + bias - mean * scale,
  },
  {
    id: 'bias-dropped',
    text: 'the bias of the layer before was dropped',
    fix: 'b′ = beta + (b − mean)·scale.',
    value: ({ beta, mean, scale }) => beta - mean * scale,
  },
  {
    id: 'mean-and-beta-missing',
    text: 'mean and beta are missing from the bias',
    fix: 'b′ = beta + (b − mean)·scale also where the layer before has no bias: it gets one.',
    value: ({ bias, scale }) => bias * scale,
  },
  {
    id: 'bias-untouched',
    text: 'the bias was left as it was',
    fix: 'b′ = beta + (b − mean)·scale also where the layer before has no bias: it gets one.',
    value: ({ bias }) => bias,
  },
  {
    id: 'bias-absent',
    text: 'there is no bias, or one of 0: mean, beta and the bias of the layer before are missing',
    fix: 'Give it the bias b′ = beta + (b − mean)·scale.',
    value: () => 0,
  },
  {
    id: 'beta-alone',
    text: 'the bias is beta alone: the moving mean and the bias of the layer before are missing',
    fix: 'b′ = beta + (b − mean)·scale.',
    value: ({ beta }) => beta,
  },
  {
    id: 'mean-missing',
    text: 'the moving mean is missing from the bias',
    fix: 'b′ = beta + (b − mean)·scale.',
    value: ({ beta, bias, scale }) => beta + bias * scale,
  },
  {
    id: 'beta-missing',
    text: 'beta is missing from the bias',
    fix: 'b′ = beta + (b − mean)·scale.',
    value: ({ bias, mean, scale }) => (bias - mean) * scale,
  },
  {
    id: 'mean-not-scaled',
    text: 'the moving mean was not multiplied by the scale',
    fix: 'b′ = beta + (b − mean)·scale.',
    value: ({ beta, bias, mean, scale }) => beta + bias * scale - mean,
  },
  {
    id: 'mean-added',
    text: 'the moving mean was added where it is to be taken off',
    fix: 'b′ = beta + (b − mean)·scale.',
    value: ({ beta, bias, mean, scale }) => beta + (bias + mean) * scale,
  },
];

/** Of scales with the right signs some variance always gives them: it is a way to look, and no proof. */
const otherStatistics: Mistake = {
  id: 'other-statistics',
  text: 'no known mistake gives these numbers, but other moving statistics would, such as those of one batch (training mode) or of another checkpoint',
  fix: 'Fold the moving statistics of this checkpoint, after model.eval().',
};

/** What float16 resolves, relative: half a step of it. */
const float16 = 2 ** -11;

/** As float16 rounds a sum of three terms. */
const roundedHalf: Mistake = {
  id: 'rounded-to-half',
  text: 'the numbers are those of the formula but for the rounding of float16',
  fix: 'Fold in float32, and round to float16 at the end.',
};

/** Mistakes are told by this much of the largest term: float16 keeps a thousandth. */
const explains = 4 * float16;

/**
 * Holds a fold against the formula, `W' = W·s` and `b' = beta + (b − mean)·s` with `s = gamma/√(variance + epsilon)`
 * (`torch/nn/utils/fusion.py:16-33`), and finds the mistake that gives its numbers in all channels.
 */
export function explainFold(fold: FoldToExplain): ExplainedFold {
  const { foundScale } = fold;
  const channelOf = (_: number, c: number): Channel => ({
    gamma: fold.gamma[c] as number,
    beta: fold.beta[c] as number,
    mean: fold.movingMean[c] as number,
    variance: fold.movingVariance[c] as number,
    epsilon: fold.epsilon,
    bias: fold.bias?.[c] ?? 0,
    scale: NaN,
  });
  const channels = Array.from(fold.gamma, channelOf);
  const scale = explainTerm(channels, foundScale, exactScale, scaleMistakes, one =>
    Math.abs(exactScale(one)),
  );
  const exact = explainBias(channels, scale.exact, fold.foundBias);
  if (exact.worst <= thresholds.foldError) return { scale, bias: exact };
  // A scale that is wrong is not said again of the bias that went by it.
  const consistent = explainBias(channels, foundScale, fold.foundBias);
  const bias = consistent.worst < exact.worst ? consistent : exact;
  return isOfOtherStatistics(fold, scale) && !bias.mistake
    ? { scale: { ...scale, mistake: otherStatistics }, bias: { ...bias, mistake: otherStatistics } }
    : { scale, bias };
}

/** The moving statistics of which a fold without a mistake gives the numbers found in a channel. */
export function statisticsFolded(
  { gamma, beta, epsilon, bias, foundScale, foundBias }: FoldToExplain,
  c: number,
): { readonly mean: number; readonly variance: number } {
  const scale = foundScale[c] as number;
  return {
    mean: (bias?.[c] ?? 0) + ((beta[c] as number) - (foundBias?.[c] ?? 0)) / scale,
    variance: ((gamma[c] as number) / scale) ** 2 - epsilon,
  };
}

/** Whether most scales are off, and all are those of some variance: two batches differ in nearly every channel. */
function isOfOtherStatistics(fold: FoldToExplain, { error, mistake }: ExplainedTerm): boolean {
  const { gamma, foundScale } = fold;
  const told = [...gamma.keys()].filter(c => gamma[c] !== 0 && !Number.isNaN(foundScale[c]));
  const off = told.filter(c => (error[c] as number) > thresholds.foldError);
  return (
    mistake === undefined &&
    told.length > 1 &&
    off.length > told.length / 2 &&
    told.every(c => (gamma[c] as number) * (foundScale[c] as number) > 0) &&
    told.every(c => statisticsFolded(fold, c).variance > 0)
  );
}

function explainBias(
  channels: readonly Channel[],
  scales: Float64Array,
  found: Float64Array | undefined,
): ExplainedTerm {
  return explainTerm(
    channels.map((channel, c) => ({ ...channel, scale: scales[c] as number })),
    found ?? new Float64Array(channels.length),
    exactBias,
    biasMistakes,
    ({ beta, bias, mean, scale }) =>
      Math.max(Math.abs(beta), Math.abs(bias * scale), Math.abs(mean * scale)),
  );
}

/** @param size the largest term of a value: what rounding goes by */
function explainTerm(
  channels: readonly Channel[],
  found: Float64Array,
  formula: (channel: Channel) => number,
  hypotheses: readonly Hypothesis[],
  size: (channel: Channel) => number,
): ExplainedTerm {
  const errorsOf = (value: (channel: Channel) => number): Float64Array =>
    Float64Array.from(channels, (channel, c) => {
      const own = found[c] as number;
      const wanted = value(channel);
      // A weight of 0 tells nothing of its scale.
      if (Number.isNaN(own) || own === wanted) return 0;
      const largest = Math.max(size(channel), Math.abs(wanted));
      return largest === 0 ? Infinity : Math.abs(own - wanted) / largest;
    });
  const exact = Float64Array.from(channels, formula);
  const error = errorsOf(formula);
  const worst = largestOf(error);
  const right = { exact, found, error, worst, left: worst, mistake: undefined };
  if (worst <= thresholds.foldError) return right;
  const [best] = hypotheses
    .map(mistake => ({ mistake, left: largestOf(errorsOf(mistake.value)) }))
    .sort((p, q) => p.left - q.left);
  // What rounding explains is a mistake only where a mistake explains it much better.
  if (worst <= explains && !(best && best.left < worst / 10)) {
    return { ...right, mistake: roundedHalf };
  }
  return best && best.left <= explains ? { ...right, ...best } : right;
}

function largestOf(errors: Float64Array): number {
  let largest = 0;
  for (const error of errors)
    if (!(error <= largest)) largest = Number.isNaN(error) ? Infinity : error;
  return largest;
}
