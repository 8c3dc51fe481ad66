import { generatedShape, generateInput } from '../../core/batchnorm/generateInput';
import { statedConvention, type Statement } from '../../core/batchnorm/statement';
import type { Convention } from '../../core/batchnorm/convention';
import { fail, ok, type Result } from '../../core/problem';
import { formatShape, type Shape } from '../../core/tensor/shape';
import type { FileLayer } from '../files/fileEngine';
import { loadInput, type EngineClient } from './inputLoader';
import type { LoadedInput } from './loadedInput';
import type { SourceReader } from './sessionServices';
import type { InputSource, LayerSource } from './source';

export interface LayerInputServices {
  /** Reads the source of an input. */
  readonly reader: SourceReader;
  /** The convention of layers that state none. */
  readonly fallback: (uri: string) => Convention;
}

/** Loads what a layer is run over: drawn from its moving statistics, or the input of another source. */
export function loadOverInput(
  services: LayerInputServices,
  source: LayerSource,
  layer: FileLayer,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<Result<LoadedInput>> {
  return source.input.kind === 'generated'
    ? generated(services, source, layer, source.input.seed, engine, signal)
    : paired(services, source, layer, source.input.source, engine, signal);
}

async function generated(
  { fallback }: LayerInputServices,
  source: LayerSource,
  { statement, channels, notes, beside }: FileLayer,
  seed: number,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<Result<LoadedInput>> {
  const convention = statedConvention(statement, fallback(source.uri));
  if (!convention.ok) return convention;
  const { movingMean, movingVariance } = statement.parameters;
  const wanted = statement.channelAxis ?? convention.value.defaults.channelAxis;
  const shape = generatedShape(channels, wanted);
  const channelAxis = wanted === 1 || wanted === -3 ? 1 : shape.length - 1;
  const { tensor, replaced } = generateInput({
    mean: movingMean ?? new Float64Array(channels),
    variance: movingVariance ?? new Float64Array(channels).fill(1),
    shape,
    channelAxis,
    seed,
  });
  const loaded = await engine.load(tensor, {
    signal,
    transfer: [tensor.data.buffer as ArrayBuffer],
  });
  if (!loaded.ok) return loaded;
  const drawn =
    movingMean && movingVariance
      ? `The input is generated from the layer's moving statistics, seed ${seed}: per channel a normal distribution with that mean and variance, in shape ${formatShape(shape)}, which the ${source.kind === 'layer' ? 'file' : 'program'} does not state.`
      : `The layer has no moving statistics: the input is standard normal, seed ${seed}, in shape ${formatShape(shape)}.`;
  return ok({
    handle: loaded.value,
    name: 'generated input',
    statement: { ...statement, channelAxis },
    notes: [drawn, ...replacedNote(replaced), ...notes],
    problems: [],
    beside,
  });
}

function replacedNote(replaced: readonly number[]): readonly string[] {
  if (replaced.length === 0) return [];
  const listed = replaced.slice(0, 5).join(', ') + (replaced.length > 5 ? ', …' : '');
  const channel = replaced.length === 1 ? 'channel' : 'channels';
  return [
    `Nothing can be drawn from the moving statistics of ${channel} ${listed} (negative or not finite): mean 0 and variance 1 were taken there.`,
  ];
}

async function paired(
  services: LayerInputServices,
  source: LayerSource,
  layer: FileLayer,
  from: InputSource,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<Result<LoadedInput>> {
  const content = await services.reader.read(from, signal);
  if (!content.ok) return content;
  const input = await loadInput(engine, content.value, signal);
  if (!input.ok) return input;
  const { handle } = input.value;
  const convention = statedConvention(layer.statement, services.fallback(source.uri));
  const usual = convention.ok ? convention.value.defaults.channelAxis : handle.shape.length - 1;
  const fitted = fitAxis(layer, handle.shape, layer.statement.channelAxis ?? usual);
  if (!fitted.ok) {
    void engine.close(handle.id);
    return fitted;
  }
  const { statement, note } = fitted.value;
  const notes = [...note, ...layer.notes, ...input.value.notes];
  const beside = [...layer.beside, ...(input.value.beside ?? [])];
  return ok({ ...input.value, statement, notes, beside });
}

/** The layer's channel axis in an input: the usual one, or else the only one that has as many entries. */
function fitAxis(
  { statement, channels }: FileLayer,
  shape: Shape,
  usual: number,
): Result<{ readonly statement: Statement; readonly note: readonly string[] }> {
  const axis = usual < 0 ? usual + shape.length : Math.min(usual, shape.length - 1);
  if (shape[axis] === channels)
    return ok({ statement: { ...statement, channelAxis: axis }, note: [] });
  const fitting = shape.flatMap((size, a) => (size === channels ? [a] : []));
  const [only] = fitting;
  if (only === undefined) {
    return fail(
      'input-does-not-fit',
      `The layer has ${channels} channels, and no axis of the input ${formatShape(shape)} has as many: choose another input.`,
    );
  }
  const note = `Channel axis ${only} was taken because it has ${channels} entries; the convention's own has ${shape[axis] ?? 0}.`;
  return ok({ statement: { ...statement, channelAxis: only }, note: [note] });
}
