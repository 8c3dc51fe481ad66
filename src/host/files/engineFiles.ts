import type { IncompleteLayer } from '../../core/batchnorm/incompleteLayers';
import type { FoundLayer } from '../../core/batchnorm/findLayers';
import { findConvention } from '../../core/batchnorm/conventions/registry';
import { formatSignificant } from '../../core/text/format';
import { ok, type Result } from '../../core/problem';
import { lostTensorCodes } from '../../protocol/engine';
import type { Catalog, FileRequest, LayerContents } from '../../protocol/engineFiles';
import type { ListedLayer } from '../../protocol/tensorFile';
import type { EngineProvider } from '../inspection/engineInput';
import { baseName } from '../inspection/source';
import { BesideFiles, stampTogether } from './besideFiles';
import type { FileContents, FileLayer, TensorFiles } from './fileEngine';
import type { FilePlaces } from './filePlaces';

/**
 * Watches over a read that may take long: says how far it is, and lets the user cancel it.
 * @param title what is done: `Reading conv1.weight`
 * @param read gets a signal that aborts when either the caller or the user cancels, and the number that the
 * engine reports progress under
 */
export type WatchReading = <T>(
  title: string,
  signal: AbortSignal,
  read: (signal: AbortSignal, progress: Pick<FileRequest, 'progress'>) => Promise<Result<T>>,
) => Promise<Result<T>>;

/** Tensor files, read by the engine. */
export function engineFiles(
  engine: EngineProvider,
  places: FilePlaces,
  watch: WatchReading,
): TensorFiles {
  const besides = new BesideFiles(places);
  return {
    list: (uri, signal) =>
      watch(`Listing ${baseName(uri)}`, signal, async (either, progress) => {
        const file = await besides.locate(uri);
        if (!file.ok) return file;
        const request = { file: file.value, ...progress };
        const listed = await engine().catalog(request, { signal: either });
        if (!listed.ok) return listed;
        const beside = await besides.found(uri, file.value, listed.value);
        return ok({ ...contentsOf(listed.value), ...beside });
      }),
    tensor: (uri, name, signal) => {
      const what = name === '' ? baseName(uri) : `${name} of ${baseName(uri)}`;
      return watch(`Reading ${what}`, signal, async (either, progress) => {
        const file = await besides.locate(uri);
        if (!file.ok) return file;
        const request = { file: file.value, entry: name, ...progress };
        const opened = await engine().openEntry(request, { signal: either });
        if (!opened.ok) return opened;
        const { input, notes } = opened.value;
        return ok({
          handle: input,
          notes,
          ...(await besides.found(uri, file.value, opened.value)),
        });
      });
    },
    layer: (uri, name, signal, quietly = false) => {
      const read = async (
        either: AbortSignal,
        progress: Pick<FileRequest, 'progress'>,
      ): Promise<Result<FileLayer>> => {
        const file = await besides.locate(uri);
        if (!file.ok) return file;
        const request = { file: file.value, layer: name, ...progress };
        const done = await engine().readLayer(request, { signal: either });
        const again = !done.ok && lostTensorCodes.has(done.problem.code);
        const read = again ? await engine().readLayer(request, { signal: either }) : done;
        if (!read.ok) return read;
        return ok({
          ...layerOf(read.value),
          ...(await besides.found(uri, file.value, read.value)),
        });
      };
      // One layer takes a moment, unless its file has to be opened anew, from afar.
      return quietly ? read(signal, {}) : watch(`Reading ${baseName(uri)}`, signal, read);
    },
    stamp: (uri, beside = []) => stampTogether(places, uri, beside),
  };
}

function layerOf({
  statement,
  layer,
  checkpoint,
  notes,
}: LayerContents): Omit<FileLayer, 'beside'> {
  return { statement, channels: layer.channels, checkpoint, notes };
}

function contentsOf({
  format,
  bytes,
  entries,
  layers,
  incomplete,
  notes,
}: Catalog): Omit<FileContents, 'beside'> {
  const all = [...layers.map(listedLayer), ...incomplete.map(listedIncomplete)];
  return { format, bytes, notes, tensors: entries, layers: all };
}

function listedIncomplete({ name, reason, evidence, parameters }: IncompleteLayer): ListedLayer {
  const incomplete = { reason, evidence };
  return { name, channels: 0, convention: '', parameters, stated: [], notes: [], incomplete };
}

/** A layer as the page lists it: what the file states, in words. */
export function listedLayer(layer: FoundLayer): ListedLayer {
  const { name, channels, parameters, convention, epsilon, momentum, notes } = layer;
  const found = convention === undefined ? undefined : findConvention(convention);
  const said = (text: string, value: boolean | undefined): string[] =>
    value === undefined ? [] : [`${text} ${value ? 'on' : 'off'}`];
  return {
    name,
    channels,
    convention: found?.ok === true ? found.value.name : '',
    parameters,
    stated: [
      ...(epsilon === undefined ? [] : [`epsilon ${formatSignificant(epsilon)}`]),
      ...(momentum === undefined
        ? []
        : [momentum === null ? 'cumulative average' : `momentum ${formatSignificant(momentum)}`]),
      ...(layer.channelAxis === undefined ? [] : [`axis ${layer.channelAxis}`]),
      ...said('training', layer.training),
      ...said('trainable', layer.trainable),
    ],
    notes,
  };
}
