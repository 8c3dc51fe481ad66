import { explainGradients } from '../core/batchnorm/explainGradients';
import type { Flags } from '../core/batchnorm/flags';
import { layerAfter, type BatchNormLayer } from '../core/batchnorm/layer';
import { planStep } from '../core/batchnorm/plan';
import { ok, type Result } from '../core/problem';
import type { Moments } from '../core/statistics/channels';
import { formatShape, sizeOf, type Shape } from '../core/tensor/shape';
import type { TensorData } from '../core/tensor/tensor';
import { float32, type Json } from '../core/text/json';
import { formatFloat32 } from '../core/text/format';
import type { Engine } from '../engine/engine';
import type { Differentiated } from '../protocol/engine';
import { toWireLayer } from '../protocol/wireLayer';
import { channelColumns } from './channelColumns';
import { layOutTable } from './table';
import type { ChosenUpstream } from './upstreamOption';

/** The backward pass of a run's last step. */
export interface RunGradients {
  readonly upstreamLabel: string;
  /** A sentence: how the loss reaches the input, and what is frozen. */
  readonly explanation: string;
  readonly shape: Shape;
  /** Values a channel that the batch's statistics are of. */
  readonly n: Float64Array;
  readonly found: Differentiated;
  /** With `--full`: the input's whole gradient. */
  readonly input: Float32Array | undefined;
}

export interface GradientsAsked {
  /** Of the engine. */
  readonly input: number;
  readonly shape: Shape;
  readonly masked: boolean;
  /** As it was before the first step. */
  readonly layer: BatchNormLayer;
  readonly flags: Flags;
  readonly steps: number;
  /** Of the batch, as the layer saw it. */
  readonly batch: Moments;
  readonly upstream: ChosenUpstream;
  readonly full: boolean;
}

/** Differentiates the last of the steps that a run has taken. */
export async function runGradients(
  engine: Engine,
  asked: GradientsAsked,
): Promise<Result<RunGradients>> {
  const { shape, flags, full, upstream } = asked;
  const layer = beforeLastStep(asked);
  if (!layer.ok) return layer;
  const request = {
    input: asked.input,
    layer: toWireLayer(layer.value),
    flags,
    upstream: upstream.upstream,
    elements: { start: 0, count: full ? sizeOf(shape) : 0 },
  };
  const found = await engine.gradients(request, new AbortController().signal);
  if (!found.ok) return found;
  return ok({
    upstreamLabel: upstream.label,
    explanation: explainGradients(layer.value, shape.length, flags, asked.masked),
    shape,
    n: asked.batch.n,
    found: found.value,
    input: full ? found.value.elements : undefined,
  });
}

function beforeLastStep({
  layer,
  shape,
  batch,
  flags,
  steps,
}: GradientsAsked): Result<BatchNormLayer> {
  if (steps === 1) return ok(layer);
  const planned = planStep(layer, shape.length, batch, flags, steps - 1);
  return planned.ok ? ok(layerAfter(layer, planned.value)) : planned;
}

export function gradientsRecord({
  upstreamLabel,
  explanation,
  shape,
  n,
  found,
  input,
}: RunGradients): Json {
  const { gamma, beta, movingMean, movingVariance, normalizedWith, parametersLearn } = found;
  const { summaries: x } = found;
  const at = (column: Float64Array, c: number): number => column[c] as number;
  return {
    upstream: upstreamLabel,
    explanation,
    normalizedWith,
    parametersLearn,
    channels: Array.from(gamma, (value, index) => ({
      index,
      n: at(n, index),
      gamma: value,
      beta: at(beta, index),
      movingMean: movingMean && at(movingMean, index),
      movingVariance: movingVariance && at(movingVariance, index),
      input: {
        min: float32(at(x.min, index)),
        max: float32(at(x.max, index)),
        mean: at(x.mean, index),
        std: at(x.std, index),
        nan: at(x.nan, index),
        posInf: at(x.posInf, index),
        negInf: at(x.negInf, index),
      },
    })),
    ...(input && { input: { shape: [...shape], data: input } }),
  };
}

/** @param shown how many channels */
export function* gradientLines(
  { upstreamLabel, explanation, shape, found, input }: RunGradients,
  shown: number,
): Generator<string> {
  const { channel, computed } = channelColumns(shown);
  const { summaries } = found;
  yield* ['', `gradients of a loss whose gradient by the output is ${upstreamLabel}`];
  yield* ['', explanation, ''];
  yield* layOutTable([
    channel,
    computed('d gamma', found.gamma),
    computed('d beta', found.beta),
    computed('d moving mean', found.movingMean),
    computed('d moving variance', found.movingVariance),
    computed('d input min', summaries.min),
    computed('max', summaries.max),
    computed('mean', summaries.mean),
    computed('std', summaries.std),
  ]);
  if (!input) return;
  yield '';
  yield* rowsOf('gradient of the input', shape, input);
}

/** A tensor, a line for each row of its last axis. */
export function* rowsOf(title: string, shape: Shape, data: TensorData): Generator<string> {
  yield `${title} ${formatShape(shape)}, a line for each row of the last axis`;
  const row = shape.at(-1) ?? 1;
  for (let start = 0; start < data.length; start += row) {
    yield Array.from(data.subarray(start, start + row), formatFloat32).join(' ');
  }
}
