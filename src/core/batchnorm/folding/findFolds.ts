import { formatShape, type ChannelLayout, type Shape } from '../../tensor/shape';
import {
  epsilonOf,
  layerParameters,
  usualEpsilon,
  type ComparedLayer,
} from '../comparing/layerPair';
import { thresholds } from '../diagnose/thresholds';
import { weightLayouts, type WeightLayout } from '../fold';
import type { ChannelRatios } from './channelProducts';
import { explainFold, type ExplainedFold, type FoldToExplain } from './explainFold';
import { biasOf, standsBefore } from './weightNames';

/** A tensor of one of two files. */
export interface FileTensorShape {
  readonly name: string;
  readonly shape: Shape;
}

/** What is read of two files: A has the batch norms, and B may have them folded. */
export interface FoldFiles {
  readonly a: readonly FileTensorShape[];
  readonly b: readonly FileTensorShape[];
  /** A vector's values; undefined where it cannot be read. */
  readonly vector: (side: 'a' | 'b', name: string) => Promise<Float64Array | undefined>;
  /** How a weight of B follows from one of A; undefined where one of them cannot be read. */
  readonly ratios: (
    a: string,
    b: string,
    layout: ChannelLayout,
  ) => Promise<ChannelRatios | undefined>;
}

/** A batch norm of A that B has in a weight. */
export interface FoundFold {
  readonly layer: string;
  /** Names of the weight in A and in B. */
  readonly weight: string;
  readonly foldedWeight: string;
  readonly fold: FoldToExplain;
  readonly explained: ExplainedFold;
  /** The epsilon of the fold, where the file of the layer states none; `fold` has it. */
  readonly assumedEpsilon?: number;
}

/** What of a weight another one does not explain, at most: rounding to float16 leaves 3e-4. */
const mostResidual = 1e-2;

/** How far the scales of a weight may be from those of a batch norm, by any explanation, to be its own. */
const mostScaleError = 5e-3;

/** Weights of one shape in B that are held beside one of A that has no namesake, at most. */
const mostTries = 64;

/**
 * Finds the batch norms of A that B has in the weights before them. A weight that is one of A's times one number an
 * output channel has been folded, and the batch norm whose scales those numbers are is the one: by the formula, or by
 * one of the known mistakes. Names decide only where no numbers do.
 * @param layers those of A that B does not have
 */
export async function findFolds(
  layers: readonly ComparedLayer[],
  files: FoldFiles,
): Promise<FoundFold[]> {
  const counts = new Set(layers.map(({ channels }) => channels));
  const candidates: Candidate[] = [];
  for (const scaled of await scaledWeights(files, counts)) {
    for (const layer of layers) {
      if (layer.channels !== scaled.ratio.length) continue;
      const candidate = await candidateOf(layer, scaled, files);
      if (candidate) candidates.push(candidate);
    }
  }
  return assigned(candidates);
}

/** A weight of B that is one of A's, an output channel times a number. */
interface ScaledWeight {
  readonly a: string;
  readonly b: string;
  readonly ratio: Float64Array;
}

interface Candidate extends FoundFold {
  /** Smaller is likelier. */
  readonly distance: number;
}

async function scaledWeights(
  files: FoldFiles,
  counts: ReadonlySet<number>,
): Promise<ScaledWeight[]> {
  const inB = new Map(files.b.map(tensor => [tensor.name, tensor]));
  const taken = new Set(files.a.map(({ name }) => name).filter(name => inB.has(name)));
  const found: ScaledWeight[] = [];
  for (const a of files.a) {
    const layouts = layoutsOf(a.shape, counts);
    if (layouts.length === 0) continue;
    const same = (b: FileTensorShape): boolean => formatShape(b.shape) === formatShape(a.shape);
    const namesake = inB.get(a.name);
    const tried = namesake
      ? [namesake].filter(same)
      : files.b.filter(b => !taken.has(b.name) && same(b)).slice(0, mostTries);
    for (const b of tried) {
      const scaled = await scaledWeight(a.name, b.name, layouts, files);
      if (!scaled) continue;
      taken.add(b.name);
      found.push(scaled);
      break;
    }
  }
  return found;
}

/** The ways in which a weight can have as many outputs as one of the batch norms has channels. */
function layoutsOf(shape: Shape, counts: ReadonlySet<number>): readonly ChannelLayout[] {
  const fitting = Object.values<WeightLayout>(weightLayouts)
    .filter(({ ranks: [low, high] }) => shape.length >= low && shape.length <= high)
    .map(({ outputs }) => outputs(shape))
    .filter(({ channels }) => counts.has(channels));
  const keyed = new Map(
    fitting.map(layout => [`${layout.outer} ${layout.channels} ${layout.inner}`, layout]),
  );
  return [...keyed.values()];
}

async function scaledWeight(
  a: string,
  b: string,
  layouts: readonly ChannelLayout[],
  files: FoldFiles,
): Promise<ScaledWeight | undefined> {
  let best: ChannelRatios | undefined;
  for (const layout of layouts) {
    const ratios = await files.ratios(a, b, layout);
    if (ratios && !(best && best.residual <= ratios.residual)) best = ratios;
  }
  return best && best.residual <= mostResidual ? { a, b, ratio: best.ratio } : undefined;
}

/** @returns undefined where the weight and its bias are as they were, or tell nothing of this layer */
async function candidateOf(
  layer: ComparedLayer,
  { a, b, ratio }: ScaledWeight,
  files: FoldFiles,
): Promise<Candidate | undefined> {
  const bias = await biasIn('a', a, ratio.length, files);
  const foundBias = await biasIn('b', b, ratio.length, files);
  const isUntouched =
    ratio.every(x => Number.isNaN(x) || Math.abs(x - 1) < 1e-6) && sameBias(bias, foundBias);
  if (isUntouched) return undefined;
  const fold: FoldToExplain = {
    ...layerParameters(layer),
    epsilon: epsilonOf(layer)?.value ?? usualEpsilon,
    bias,
    foundScale: ratio,
    foundBias,
  };
  const { explained, ...assumed } = explainedBy(layer, fold);
  const isExplained =
    explained.scale.worst <= mostScaleError || explained.scale.mistake !== undefined;
  const isBeside = standsBefore(a, layer.name);
  if (!isExplained && !isBeside) return undefined;
  // Right scales before wrong ones, these before none; names among equals.
  const distance = (isExplained ? explained.scale.left : 1) + (isBeside ? 0 : mostScaleError / 10);
  const found = { layer: layer.name, weight: a, foldedWeight: b, distance };
  return { ...found, explained, ...assumed };
}

/** Epsilons that layers are made with where it is not the framework's default. */
const usualEpsilons = [1e-3, 1e-5, 1e-4, 1e-6];

/** An epsilon that no file states is the one that makes the scales right, where one does: a state_dict has none. */
function explainedBy(
  { statement }: ComparedLayer,
  fold: FoldToExplain,
): Pick<FoundFold, 'fold' | 'explained' | 'assumedEpsilon'> {
  const explained = explainFold(fold);
  const isRight = ({ scale }: ExplainedFold): boolean => scale.worst <= thresholds.foldError;
  if (statement.epsilon !== undefined || isRight(explained)) return { fold, explained };
  for (const assumedEpsilon of usualEpsilons) {
    const other = { ...fold, epsilon: assumedEpsilon };
    const tried = explainFold(other);
    if (isRight(tried)) return { fold: other, explained: tried, assumedEpsilon };
  }
  return { fold, explained };
}

function sameBias(a: Float64Array | undefined, b: Float64Array | undefined): boolean {
  const length = a?.length ?? b?.length ?? 0;
  return Array.from({ length }, (_, o) => o).every(
    o => Math.abs((a?.[o] ?? 0) - (b?.[o] ?? 0)) <= 1e-6 * Math.abs(a?.[o] ?? 0),
  );
}

async function biasIn(
  side: 'a' | 'b',
  weight: string,
  channels: number,
  files: FoldFiles,
): Promise<Float64Array | undefined> {
  const name = biasOf(weight, files[side], channels);
  return name === undefined ? undefined : files.vector(side, name);
}

/** Each layer and each weight once, the likeliest first; in the order of the layers' weights. */
function assigned(candidates: readonly Candidate[]): FoundFold[] {
  const [layers, weights] = [new Set<string>(), new Set<string>()];
  const chosen = new Set<Candidate>();
  for (const candidate of [...candidates].sort((p, q) => p.distance - q.distance)) {
    if (layers.has(candidate.layer) || weights.has(candidate.weight)) continue;
    layers.add(candidate.layer);
    weights.add(candidate.weight);
    chosen.add(candidate);
  }
  return candidates.filter(candidate => chosen.has(candidate));
}
