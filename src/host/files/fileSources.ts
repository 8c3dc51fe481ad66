import { ok, type Problem, type Result } from '../../core/problem';
import type { VariableReader } from '../debug/variableReader';
import type { EngineClient } from '../inspection/inputLoader';
import { loadOverInput, type LayerInputServices } from '../inspection/layerInput';
import type { DeferredLoad, LoadedInput } from '../inspection/loadedInput';
import type { SourceReader } from '../inspection/sessionServices';
import {
  baseName,
  kernelFrame,
  type InspectionSource,
  type LayerSource,
} from '../inspection/source';
import type { CallReader } from '../code/callReader';
import type { FileLayer, TensorFiles } from './fileEngine';
import { beingWritten, WriteWatch } from './writeWatch';

export interface FileSourceServices extends LayerInputServices {
  readonly files: TensorFiles;
  /** Reads what programs hold that are being debugged. */
  readonly variables: VariableReader;
  /** Reads batch-norm calls in code. */
  readonly calls: CallReader;
  /** Reads every other source. */
  readonly reader: SourceReader;
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
      const load = loaderOf({ ...services, reader: all }, source, settling);
      if (!load) return reader.read(source, signal);
      const body = ok({ kind: 'deferred', load } as const);
      return Promise.resolve(ok({ body, locate: undefined }));
    },
    describe: source => describeSource(source, reader),
  };
  return all;
}

/** @returns undefined for sources that the engine reads as text */
function loaderOf(
  services: FileSourceServices,
  source: InspectionSource,
  settling: (uri: string, load: DeferredLoad) => DeferredLoad,
): DeferredLoad | undefined {
  const { files, variables } = services;
  switch (source.kind) {
    case 'tensor':
      return settling(source.uri, (_, signal) => loadTensor(files, source, signal));
    case 'layer':
      return settling(source.uri, (engine, signal) => loadLayer(services, source, engine, signal));
    case 'variable':
      return (engine, signal) => variables.tensor(source, engine, signal);
    case 'module':
    case 'call':
      return (engine, signal) => loadLayer(services, source, engine, signal);
    case 'literal':
    case 'resource':
      return undefined;
  }
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
    case 'variable':
    case 'module':
      return source.frame === kernelFrame
        ? `${source.name} in the kernel of ${file}`
        : `${source.name} in ${source.frame}, ${file}`;
    case 'call':
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
  const layer = await readLayer(services, source, signal);
  if (!layer.ok) return layer;
  return loadOverInput(services, source, layer.value, engine, signal);
}

function readLayer(
  { variables, calls, files }: FileSourceServices,
  source: LayerSource,
  signal: AbortSignal,
): Promise<Result<FileLayer>> {
  switch (source.kind) {
    case 'module':
      return variables.layer(source, signal);
    case 'call':
      return calls.layer(source);
    case 'layer':
      return files.layer(source.uri, source.name, signal);
  }
}
