import { float32, type Json } from '../text/json';
import type { Shape } from '../tensor/shape';
import type { TensorData } from '../tensor/tensor';
import type { Finding } from './diagnose/finding';
import { findingRecord } from './diagnose/findingRecord';
import type { Flags } from './flags';
import type { BatchNormLayer } from './layer';
import type { Trace } from './trace';

/** A run over an input, ready to be written down. */
export interface RunToRecord {
  /** As it was before the trace's first step. */
  readonly layer: BatchNormLayer;
  readonly layerName: string;
  readonly flags: Flags;
  readonly shape: Shape;
  readonly trace: Trace;
  readonly verdict: string;
  readonly findings: readonly Finding[];
  /** The last step's output, where all of it is wanted. */
  readonly output?: TensorData | undefined;
  /** The moving statistics after each step. */
  readonly history?: readonly RecordedStep[] | undefined;
  /** The last step's backward pass, where it is wanted. */
  readonly gradients?: Json | undefined;
}

export interface RecordedStep {
  readonly step: number;
  readonly movingMean: Float32Array;
  readonly movingVariance: Float32Array;
}

/** What `run --json` prints and "Copy Results" copies: one shape for both, so that tools read either. */
export function runRecord(run: RunToRecord): Json {
  const { layer, flags, shape, trace, output, history } = run;
  return {
    convention: layer.convention.id,
    flags: { training: flags.training, trainable: flags.trainable },
    shape: [...shape],
    channelAxis: layer.channelAxis,
    epsilon: layer.epsilon,
    momentum: layer.momentum,
    steps: trace.steps,
    verdict: run.verdict,
    channels: Array.from({ length: trace.channels }, (_, c) => channelRecord(run, c)),
    ...(output && {
      output: { shape: [...shape], data: Float32Array.from(output) },
    }),
    ...(history && {
      history: history.map(({ step, movingMean, movingVariance }) => ({
        step,
        movingMean,
        movingVariance,
      })),
    }),
    ...(run.gradients !== undefined && { gradients: run.gradients }),
    findings: run.findings.map(finding => findingRecord(finding, run.layerName)),
  };
}

function channelRecord({ layer, trace }: RunToRecord, c: number): Json {
  const at = (column: Float64Array): number => column[c] as number;
  const stored = (column: Float64Array): Json => float32(at(column));
  const { batch, output } = trace;
  return {
    index: c,
    n: at(batch.n),
    gamma: stored(layer.gamma),
    beta: stored(layer.beta),
    batchMean: at(batch.mean),
    batchVariance: at(batch.variance),
    movingMeanBefore: stored(trace.movingMeanBefore),
    movingMeanAfter: stored(trace.movingMeanAfter),
    movingVarianceBefore: stored(trace.movingVarianceBefore),
    movingVarianceAfter: stored(trace.movingVarianceAfter),
    normalizedWith: trace.normalizedWith,
    output: {
      min: stored(output.min),
      max: stored(output.max),
      mean: at(output.mean),
      std: at(output.std),
      nan: at(output.nan),
      posInf: at(output.posInf),
      negInf: at(output.negInf),
    },
  };
}
