import type { Moments } from '../statistics/channels';
import { rounder } from '../tensor/tensor';
import type { Convention } from './convention';
import { conventions } from './conventions/registry';
import { flagCombinations, sameFlags, type Flags } from './flags';
import { layerUnder, type Inspection } from './inspection';
import type { BatchNormLayer } from './layer';
import { channelInput, normalized, planChannel, refusal, stepRules } from './plan';
import type { NormalizedWith } from './trace';

/** A convention as pickers and column heads show it. */
export interface ConventionChoice {
  readonly id: string;
  readonly name: string;
  readonly api: string;
  readonly versions: string;
  readonly verifiedByRunning: boolean;
  /** What was run, or what the rules are held to instead. */
  readonly execution: string;
}

export interface MatrixView {
  readonly channel: number;
  /** Multi-index of the element whose output is shown. */
  readonly element: readonly number[];
  /** Its input value. */
  readonly input: number;
  /** Moving statistics of the channel before the step. */
  readonly movingMeanBefore: number;
  readonly movingVarianceBefore: number;
  /** One column, or one a convention when widened. */
  readonly columns: readonly MatrixColumn[];
  readonly allConventions: boolean;
}

export interface MatrixColumn {
  readonly convention: ConventionChoice;
  /** In the order of `flagCombinations`. */
  readonly cells: readonly MatrixCell[];
}

export interface MatrixCell {
  readonly flags: Flags;
  /** Whether these are the inspection's flags, under its convention. */
  readonly current: boolean;
  readonly result: MatrixResult;
}

export type MatrixResult =
  | {
      readonly kind: 'value';
      readonly output: number;
      readonly normalizedWith: NormalizedWith;
      readonly updated: boolean;
      readonly movingMeanAfter: number;
      readonly movingVarianceAfter: number;
    }
  | { readonly kind: 'refused'; readonly message: string };

/** What the matrix is about. */
export interface MatrixRequest {
  readonly inspection: Inspection;
  /** Moments of the input along the inspection's channel axis: `trace.batch`. */
  readonly batch: Moments;
  readonly channel: number;
  /** Multi-index of an element of that channel. */
  readonly element: readonly number[];
  /** The input at that element. */
  readonly input: number;
  /** A column for every convention, and not only for the inspection's own. */
  readonly allConventions: boolean;
}

/**
 * The next step under each of the four flag combinations, for one channel and one of its elements.
 * Costs a few operations a cell whatever the size of the tensor.
 */
export function flagMatrix(request: MatrixRequest): MatrixView {
  const { inspection, channel, element, input, allConventions } = request;
  const { layer } = inspection.present;
  const shown = allConventions ? conventions : [layer.convention];
  return {
    channel,
    element,
    input,
    movingMeanBefore: layer.movingMean[channel] as number,
    movingVarianceBefore: layer.movingVariance[channel] as number,
    columns: shown.map(convention => column(request, convention)),
    allConventions,
  };
}

function column(request: MatrixRequest, convention: Convention): MatrixColumn {
  const { inspection } = request;
  const layer = layerUnder(inspection, convention);
  const own = convention === inspection.present.layer.convention;
  const cells = flagCombinations.map((flags): MatrixCell => {
    const current = own && sameFlags(flags, inspection.flags);
    return { flags, current, result: cellResult(request, layer, flags) };
  });
  return { convention: conventionChoice(convention), cells };
}

function cellResult(request: MatrixRequest, layer: BatchNormLayer, flags: Flags): MatrixResult {
  const rank = request.inspection.shape.length;
  const numbers = channelInput(layer, request.batch, request.channel);
  const refused = refusal(layer, rank, numbers.n, flags);
  if (refused) return { kind: 'refused', message: refused.message };
  const rules = stepRules(layer, rank, flags);
  const plan = planChannel(rules, numbers);
  return {
    kind: 'value',
    output: rounder(layer.precision)(normalized(plan, request.input)),
    normalizedWith: rules.normalizedWith,
    updated: rules.updated,
    movingMeanAfter: plan.movingMeanAfter,
    movingVarianceAfter: plan.movingVarianceAfter,
  };
}

export function conventionChoice(convention: Convention): ConventionChoice {
  const { id, name, api, versions, verifiedByRunning, execution } = convention;
  return { id, name, api, versions, verifiedByRunning, execution };
}
