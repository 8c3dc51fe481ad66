import { statSync } from 'node:fs';
import { findLayers } from '../core/batchnorm/findLayers';
import { incompleteLayers } from '../core/batchnorm/incompleteLayers';
import { readLayerStatement } from '../core/batchnorm/readLayer';
import { guarded } from '../core/formats/badFile';
import { readBytes, type ByteSource } from '../core/formats/byteSource';
import type { TensorCatalog, TensorEntry } from '../core/formats/catalog';
import { summarizeEntry } from '../core/formats/entrySummary';
import { headBytes } from '../core/formats/limits';
import { openCatalog, recognise } from '../core/formats/registry';
import { ok, type Result } from '../core/problem';
import { readInput } from '../engine/files/entryInput';
import { openFile } from '../engine/files/fileSource';
import { nodeServices } from '../engine/files/nodeServices';
import { borrowNumbers } from '../engine/memory/residentNumbers';
import type { Source, SourceTensor } from './source';

const { signal } = new AbortController();

/** An open tensor file, and how to let go of it. */
export interface OpenTensorFile {
  readonly source: Source;
  readonly close: () => Promise<void>;
}

/**
 * Opens a file that its name or its first bytes say to hold tensors.
 * @returns undefined for any other file, text among them, and where there is none
 */
export async function openTensorFile(path: string): Promise<Result<OpenTensorFile> | undefined> {
  // A pipe can be read once: it is left for whoever reads text.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  const opened = await openFile(path);
  if (!opened.ok) return undefined;
  const bytes = opened.value;
  const catalog = (await isTensorFile(bytes))
    ? await openCatalog(bytes, nodeServices, signal)
    : undefined;
  if (catalog?.ok !== true) {
    await bytes.close();
    return catalog;
  }
  const close = (): Promise<void> => {
    catalog.value.close?.();
    return bytes.close();
  };
  return ok({ source: sourceOf(path, bytes.name, catalog.value), close });
}

async function isTensorFile(bytes: ByteSource): Promise<boolean> {
  const length = Math.min(headBytes, bytes.size);
  const head = await guarded(bytes.name, () => readBytes(bytes, 0, length, signal));
  const format = head.ok ? recognise(head.value, bytes.name) : undefined;
  return format !== undefined && format.isRunFile !== true;
}

function sourceOf(label: string, file: string, catalog: TensorCatalog): Source {
  const layers = findLayers(catalog);
  return {
    label,
    positionOf: () => undefined,
    document: undefined,
    tensors: catalog.entries.map(entry => tensorOf(file, entry)),
    layers: layers.map(found => ({
      found,
      read: () => guarded(file, () => readLayerStatement(catalog, found, signal)),
    })),
    incomplete: incompleteLayers(catalog, layers),
    notes: catalog.notes,
    ...(catalog.lost && { lost: catalog.lost }),
  };
}

function tensorOf(file: string, entry: TensorEntry): SourceTensor {
  const { name, shape, dtype, bytes } = entry;
  return {
    name,
    shape,
    dtype,
    bytes,
    entry,
    load: () => guarded(file, () => readInput(entry, borrowNumbers(), signal)),
    summarize: () => guarded(file, () => summarizeEntry(entry, signal)),
  };
}
