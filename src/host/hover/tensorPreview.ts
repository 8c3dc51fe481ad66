import type { Convention } from '../../core/batchnorm/convention';
import { resolveLayer, type ResolvedLayer } from '../../core/batchnorm/statement';
import { ok, type Problem, type Result } from '../../core/problem';
import type { ChannelSummaries } from '../../core/statistics/channels';
import { sizeOf } from '../../core/tensor/shape';
import type { Tensor } from '../../core/tensor/tensor';
import type { LanguageProfile } from '../../core/text/literalLanguage';
import { findSiblings, type Siblings } from '../../core/text/literalSiblings';
import { shapeAs, type TensorContent, type TensorLiteral } from '../../core/text/literals';
import { summarizeTensor } from '../../core/text/summaryLine';
import type { EngineApi, Previewed } from '../../protocol/engine';
import type { Client } from '../../protocol/rpc';
import { toWireLayer } from '../../protocol/wireLayer';

/** What a hover says about a tensor: the numbers, without a word. */
export interface TensorPreview {
  readonly tensor: Tensor;
  /** Of the whole input, as one channel. */
  readonly input: ChannelSummaries;
  readonly siblings: Siblings;
  /** Undefined for a vector or an empty tensor, which have nothing to normalise. */
  readonly step?: Result<PreviewedStep>;
}

export interface PreviewedStep extends ResolvedLayer, Previewed {
  /** Of the whole output, as one channel. */
  readonly outputSummary: ChannelSummaries;
}

export type PreviewEngine = Pick<Client<EngineApi>, 'preview'>;

export interface PreviewRequest {
  readonly text: string;
  readonly literal: TensorLiteral & { readonly content: TensorContent };
  readonly language: LanguageProfile;
  /** The convention where the document names none. */
  readonly fallback: Convention;
}

/**
 * Runs the next step over a literal in the engine, with the layer that the text around it states.
 * @returns a problem only where the request was cancelled; others are the preview's
 */
export async function previewLiteral(
  request: PreviewRequest,
  engine: PreviewEngine,
  signal: AbortSignal,
): Promise<Result<TensorPreview>> {
  const { text, literal, language } = request;
  const siblings = findSiblings(text, literal, language);
  const { content } = literal;
  const shape = shapeAs(content.tensor.shape, siblings.shape);
  const tensor: Tensor = shape.ok ? { ...content.tensor, shape: shape.value } : content.tensor;
  const preview = { tensor, input: summarizeTensor(tensor.data), siblings };
  if (!shape.ok) return ok({ ...preview, step: shape });
  if (shape.value.length < 2 || sizeOf(shape.value) === 0) return ok(preview);
  const step = await previewStep(tensor, siblings, request.fallback, engine, signal);
  if (!step.ok && step.problem.code === 'cancelled') return step;
  return ok({ ...preview, step });
}

async function previewStep(
  tensor: Tensor,
  siblings: Siblings,
  fallback: Convention,
  engine: PreviewEngine,
  signal: AbortSignal,
): Promise<Result<PreviewedStep>> {
  const resolved = resolveLayer(siblings.statement, tensor.shape, fallback);
  if (!resolved.ok) return resolved;
  const { layer, flags } = resolved.value;
  const { mask } = siblings;
  const input = { ...tensor, ...(mask && { mask }) };
  const request = { input, layer: toWireLayer(layer), flags };
  const previewed = await engine.preview(request, { signal });
  if (!previewed.ok) return previewed;
  const outputSummary = summarizeTensor(previewed.value.output);
  return ok({ layer, flags, ...previewed.value, outputSummary });
}

/** What is wrong with a literal that makes no tensor, for a person. */
export function literalProblem(literal: TensorLiteral): Problem | undefined {
  const { content } = literal;
  return content.kind === 'malformed' || content.kind === 'tooLarge' ? content.problem : undefined;
}
