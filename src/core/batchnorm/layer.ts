import type { Precision } from '../tensor/tensor';
import { pathRules, type Convention, type PathRules } from './convention';
import type { Renorm, RenormState } from './renorm';

/** The four vectors of a batch-norm layer, one number a channel. */
export interface LayerParameters {
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  readonly movingMean: Float64Array;
  readonly movingVariance: Float64Array;
}

export type ParameterName = keyof LayerParameters;

export const parameterNames: readonly ParameterName[] = [
  'gamma',
  'beta',
  'movingMean',
  'movingVariance',
];

/** A batch-norm layer, ready to step. Immutable: a step returns the next one. */
export interface BatchNormLayer extends LayerParameters {
  readonly convention: Convention;
  /** As stated; the kernel's floor is applied by the step. */
  readonly epsilon: number;
  /** In the convention's own meaning; null is the cumulative average. */
  readonly momentum: number | null;
  /** Resolved: 0…rank−1. */
  readonly channelAxis: number;
  /** Batches the moving statistics have taken in (PyTorch's num_batches_tracked); 0 when unknown. */
  readonly batchesTracked: number;
  /**
   * What becomes of the moving statistics, where it is not the usual: `frozen`, they exist and never
   * move; `none`, the layer was made without them, so that batch statistics always normalise
   * (PyTorch's track_running_stats=False, set after and at construction).
   */
  readonly tracking?: 'frozen' | 'none';
  /** Batch renormalisation, where the layer was made with it. */
  readonly renorm?: Renorm;
  /** Samples a virtual batch has, where the layer normalises by those (`virtual_batch_size`). */
  readonly virtualBatchSize?: number;
  /** What the framework would hold statistics and outputs in. */
  readonly precision: Precision;
}

/**
 * gamma 1, beta 0, moving mean 0 and, nearly everywhere, moving variance 1: a layer just made.
 * @param movingVariance what the convention starts from (`initialMovingVariance`)
 */
export function freshParameters(channels: number, movingVariance = 1): LayerParameters {
  return {
    gamma: new Float64Array(channels).fill(1),
    beta: new Float64Array(channels),
    movingMean: new Float64Array(channels),
    movingVariance: new Float64Array(channels).fill(movingVariance),
  };
}

export function channelCount(layer: BatchNormLayer): number {
  return layer.gamma.length;
}

/** What steps leave of a layer: its moving numbers, moved on. */
export interface LayerChange {
  readonly movingMeanAfter: Float64Array;
  readonly movingVarianceAfter: Float64Array;
  readonly batchesTrackedAfter: number;
  /** Present where the layer renormalises. */
  readonly renormAfter?: RenormState;
}

/** The layer as it is after steps. */
export function layerAfter(layer: BatchNormLayer, change: LayerChange): BatchNormLayer {
  const { renorm } = layer;
  return {
    ...layer,
    movingMean: change.movingMeanAfter,
    movingVariance: change.movingVarianceAfter,
    batchesTracked: change.batchesTrackedAfter,
    ...(renorm && change.renormAfter && { renorm: { ...renorm, state: change.renormAfter } }),
  };
}

/** What decides which kernel a framework takes for a layer. */
export type KernelChoice = Pick<
  BatchNormLayer,
  'convention' | 'channelAxis' | 'precision' | 'renorm' | 'virtualBatchSize'
>;

/**
 * The rules that hold for a layer and an input of this rank. Renormalisation and virtual batches are
 * never fused.
 */
export function kernelRules(layer: KernelChoice, rank: number): PathRules {
  const { convention, channelAxis, precision } = layer;
  if (layer.renorm !== undefined || layer.virtualBatchSize !== undefined) {
    return convention.otherPath ?? convention;
  }
  return pathRules(convention, rank, channelAxis, precision);
}
