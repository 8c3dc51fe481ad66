import type { CheckpointFacts } from '../../core/batchnorm/diagnose/finding';
import type { FoundLayer } from '../../core/batchnorm/findLayers';
import { incompleteLayers } from '../../core/batchnorm/incompleteLayers';
import { readLayerStatement } from '../../core/batchnorm/readLayer';
import { refuse } from '../../core/formats/badFile';
import type { TensorEntry } from '../../core/formats/catalog';
import { formats } from '../../core/formats/registry';
import { quoted } from '../../core/formats/shapes';
import type { Result } from '../../core/problem';
import type { NumberMemory } from '../../core/text/numberMemory';
import type {
  Beside,
  Catalog,
  CatalogEntry,
  FileRequest,
  LayerContents,
  OpenEntryRequest,
  ReadLayerRequest,
} from '../../protocol/engineFiles';
import type { EngineHost } from './engineHost';
import { readInput, type EntryInput } from './entryInput';
import { OpenFiles, type OpenFile } from './openFiles';
import { progressOf } from './progress';

/** The engine's requests about files with tensors in them. */
export class TensorFileRequests {
  private readonly files: OpenFiles;

  constructor(private readonly host: EngineHost) {
    this.files = new OpenFiles(host);
  }

  catalog(request: FileRequest, signal: AbortSignal): Promise<Result<Catalog>> {
    const { told } = progressOf(request, this.host);
    return this.files.use(request.file, signal, told, ({ source, catalog, layers, beside }) => ({
      format: formats.find(({ id }) => id === catalog.format)?.name ?? catalog.format,
      bytes: source.size,
      entries: catalog.entries.map(listed),
      layers,
      incomplete: incompleteLayers(catalog, layers),
      notes: catalog.notes,
      beside,
    }));
  }

  /** Reads a tensor whole, into this memory; whoever asks takes it into the engine. */
  readEntry(
    request: OpenEntryRequest,
    numbers: NumberMemory,
    signal: AbortSignal,
  ): Promise<Result<EntryInput & Beside>> {
    const { told, expect } = progressOf(request, this.host);
    return this.files.use(request.file, signal, told, async file => {
      const entry = entryOf(file, request.entry);
      expect(entry.bytes);
      return { ...(await readInput(entry, numbers, signal)), beside: file.beside };
    });
  }

  readLayer(request: ReadLayerRequest, signal: AbortSignal): Promise<Result<LayerContents>> {
    const { told } = progressOf(request, this.host);
    return this.files.use(request.file, signal, told, async ({ catalog, layers, beside }) => {
      const layer = layers.find(({ name }) => name === request.layer);
      if (!layer) refuse('no-such-layer', `it has no batch-norm layer ${quoted(request.layer)}.`);
      const statement = await readLayerStatement(catalog, layer, signal);
      const checkpoint = checkpointFacts(layer, layers);
      return { layer, statement, checkpoint, notes: layer.notes, beside };
    });
  }

  close(): Promise<void> {
    return this.files.close();
  }
}

function checkpointFacts(layer: FoundLayer, all: readonly FoundLayer[]): CheckpointFacts {
  const counts = ({ batchesTracked }: FoundLayer): boolean => batchesTracked !== undefined;
  return {
    counted: counts(layer),
    layersCounted: all.filter(counts).length,
    layers: all.length,
  };
}

function listed({ name, shape, dtype, bytes, content }: TensorEntry): CatalogEntry {
  const about = { name, shape, dtype, bytes };
  return content.kind === 'readable' ? about : { ...about, unreadable: content.reason };
}

function entryOf({ catalog }: OpenFile, name: string): TensorEntry {
  const entry = catalog.entries.find(one => one.name === name);
  return entry ?? refuse('no-such-tensor', `it has no tensor ${quoted(name)}.`);
}
