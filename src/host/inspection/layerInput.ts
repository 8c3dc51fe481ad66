import { generatedShape, generateInput } from '../../core/batchnorm/generateInput';
import { statedConvention, type Statement } from '../../core/batchnorm/statement';
import type { Convention } from '../../core/batchnorm/convention';
import { fail, ok, type Result } from '../../core/problem';
import { formatShape, type Shape } from '../../core/tensor/shape';
import type { FileLayer, OwnInput } from '../files/fileEngine';
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
  return withFacts(layer, overInput(services, source, layer, engine, signal));
}

/** What the layer's file says beside its numbers goes with it, whatever it is run over. */
async function withFacts(
  { checkpoint }: FileLayer,
  loading: Promise<Result<LoadedInput>>,
): Promise<Result<LoadedInput>> {
  const loaded = await loading;
  return loaded.ok && checkpoint ? ok({ ...loaded.value, checkpoint }) : loaded;
}

function overInput(
  services: LayerInputServices,
  source: LayerSource,
  layer: FileLayer,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<Result<LoadedInput>> {
  const { input } = source;
  switch (input.kind) {
    case 'generated':
      return generated(services, source, { ...layer, own: undefined }, input.seed, engine, signal);
    case 'own':
      return layer.own?.kind === 'tensor'
        ? own(services, source, layer, layer.own, engine, signal)
        : generated(services, source, layer, input.seed, engine, signal);
    case 'source':
      return paired(services, source, layer, input.source, engine, signal);
  }
}

/** The input that comes with the layer. */
async function own(
  services: LayerInputServices,
  source: LayerSource,
  layer: FileLayer,
  { tensor, name }: Extract<OwnInput, { kind: 'tensor' }>,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<Result<LoadedInput>> {
  const fitted = fitAxis(layer, tensor.shape, usualAxis(services, source, layer, tensor.shape));
  if (!fitted.ok) return fitted;
  const loaded = await engine.load(tensor, { signal });
  if (!loaded.ok) return loaded;
  const { statement, note } = fitted.value;
  const notes = [...note, ...layer.notes];
  return ok({ handle: loaded.value, name, statement, notes, problems: [], beside: layer.beside });
}

function usualAxis(
  { fallback }: LayerInputServices,
  source: LayerSource,
  { statement }: FileLayer,
  shape: Shape,
): number {
  const convention = statedConvention(statement, fallback(source.uri));
  const usual = convention.ok ? convention.value.defaults.channelAxis : shape.length - 1;
  return statement.channelAxis ?? usual;
}

async function generated(
  { fallback }: LayerInputServices,
  source: LayerSource,
  layer: Omit<FileLayer, 'own'> & { readonly own?: OwnInput | undefined },
  seed: number,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<Result<LoadedInput>> {
  const { statement, channels, notes, beside } = layer;
  const convention = statedConvention(statement, fallback(source.uri));
  if (!convention.ok) return convention;
  const { movingMean, movingVariance } = statement.parameters;
  const wanted = statement.channelAxis ?? convention.value.defaults.channelAxis;
  const own = layer.own?.kind === 'shape' ? layer.own : undefined;
  const shape = own?.shape ?? generatedShape(channels, wanted);
  const last = shape.length - 1;
  const channelAxis = own
    ? Math.min(wanted < 0 ? wanted + shape.length : wanted, last)
    : wanted === 1 || wanted === -3
      ? 1
      : last;
  const { tensor, replaced } = generateInput({
    mean: spread(movingMean, channels, 0),
    variance: spread(movingVariance, channels, 1),
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
    own !== undefined
      ? own.note
      : movingMean && movingVariance
        ? `The input is generated from the layer's moving statistics, seed ${seed}: per channel a normal distribution with that mean and variance, in shape ${formatShape(shape)}, which the ${places[source.kind]} does not state.`
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

const places: Readonly<Record<LayerSource['kind'], string>> = {
  layer: 'file',
  module: 'program',
  call: 'code',
};

/** One value a channel, where one may stand for all of them and none for the usual one. */
function spread(values: Float64Array | undefined, channels: number, usual: number): Float64Array {
  const only = values?.length === 1 ? values[0] : undefined;
  return values && only === undefined ? values : new Float64Array(channels).fill(only ?? usual);
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
  const fitted = fitAxis(layer, handle.shape, usualAxis(services, source, layer, handle.shape));
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
