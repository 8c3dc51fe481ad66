import { generatedShape, generateInput } from '../../core/batchnorm/generateInput';
import { statedConvention, type Statement } from '../../core/batchnorm/statement';
import type { Convention } from '../../core/batchnorm/convention';
import { fail, ok, type Problem, type Result } from '../../core/problem';
import { formatShape, type Shape } from '../../core/tensor/shape';
import { loadInput, type EngineClient } from '../inspection/inputLoader';
import type { DeferredLoad, LoadedInput } from '../inspection/loadedInput';
import type { SourceReader } from '../inspection/sessionServices';
import { baseName, type InputSource, type InspectionSource } from '../inspection/source';
import type { FileLayer, TensorFiles } from './fileEngine';
import { beingWritten, WriteWatch } from './writeWatch';

type LayerSource = Extract<InspectionSource, { kind: 'layer' }>;

export interface FileSourceServices {
  readonly files: TensorFiles;
  /** Reads every other source. */
  readonly reader: SourceReader;
  /** The convention of layers that state none. */
  readonly fallback: (uri: string) => Convention;
}

/** Reads tensors and layers of tensor files as well as what `reader` reads. */
export function readerOfFiles(services: FileSourceServices): SourceReader {
  const { reader, files } = services;
  const watches = new Map<string, WriteWatch>();
  const beside = new Map<string, readonly string[]>();
  const watchOf = (uri: string): WriteWatch => {
    const known = watches.get(uri) ?? new WriteWatch(() => files.stamp(uri, beside.get(uri)));
    watches.set(uri, known);
    return known;
  };
  const settling =
    (uri: string, load: DeferredLoad): DeferredLoad =>
    async (engine, signal) => {
      const loaded = await load(engine, signal);
      const watch = watchOf(uri);
      if (loaded.ok) {
        watch.succeeded();
        beside.set(uri, loaded.value.beside ?? []);
      } else if (await watch.isBeingWritten(loaded.problem)) return written(uri, loaded.problem);
      return loaded;
    };
  const all: SourceReader = {
    read: (source, signal) => {
      if (source.kind !== 'tensor' && source.kind !== 'layer') return reader.read(source, signal);
      const load: DeferredLoad = (engine, loading) =>
        source.kind === 'tensor'
          ? loadTensor(files, source, loading)
          : loadLayer({ ...services, reader: all }, source, engine, loading);
      const body = ok({ kind: 'deferred', load: settling(source.uri, load) } as const);
      return Promise.resolve(ok({ body, locate: undefined }));
    },
    describe: source => describeSource(source, reader),
  };
  return all;
}

function written(uri: string, { message }: Problem): Result<never> {
  const name = baseName(uri);
  return {
    ok: false,
    problem: {
      code: beingWritten,
      severity: 'warning',
      message: `${name} is being written: it is read again once it settles. (${message})`,
    },
  };
}

function describeSource(source: InspectionSource, reader: SourceReader): string {
  const file = reader.describe({ kind: 'resource', uri: source.uri });
  switch (source.kind) {
    case 'tensor':
    case 'layer':
      return source.name === '' ? file : `${file} # ${source.name}`;
    case 'literal':
    case 'resource':
      return reader.describe(source);
  }
}

async function loadTensor(
  files: TensorFiles,
  { uri, name }: Extract<InspectionSource, { kind: 'tensor' }>,
  signal: AbortSignal,
): Promise<Result<LoadedInput>> {
  const read = await files.tensor(uri, name, signal);
  if (!read.ok) return read;
  const { handle, notes, beside } = read.value;
  return ok({ handle, name, statement: { parameters: {} }, notes, problems: [], beside });
}

/** @param services whose reader reads tensors of files too */
async function loadLayer(
  services: FileSourceServices,
  source: LayerSource,
  engine: EngineClient,
  signal: AbortSignal,
): Promise<Result<LoadedInput>> {
  const layer = await services.files.layer(source.uri, source.name, signal);
  if (!layer.ok) return layer;
  return source.input.kind === 'generated'
    ? generated(services, source, layer.value, source.input.seed, engine, signal)
    : paired(services, source, layer.value, source.input.source, engine, signal);
}

async function generated(
  { fallback }: FileSourceServices,
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
      ? `The input is generated from the layer's moving statistics, seed ${seed}: per channel a normal distribution with that mean and variance, in shape ${formatShape(shape)}, which the file does not state.`
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
  services: FileSourceServices,
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
