import { decodeStored, storedDTypes, type StoredDType } from '../../tensor/storedDType';
import { BadFile, heed } from '../badFile';
import type { EntryRead, EntryValues, TensorEntry } from '../catalog';
import { allocateValues, checkElementRange, unreadableEntry } from '../denseEntry';
import { checkShape } from '../shapes';
import { valuesOf } from './dtypes';
import type { Hdf5Dataset, Hdf5File } from './library';
import { slabsOf } from './slabs';
import type { Hdf5Node } from './tree';

/** The entry of a dataset; undefined where it has no elements at all. */
export function datasetEntry(file: Hdf5File, node: Hdf5Node): TensorEntry | undefined {
  const { path, dataset, problem } = node;
  const name = path.slice(1);
  if (!dataset) return unreadableEntry(name, [], 'unknown', 0, problem ?? 'it is damaged');
  if (dataset.shape === null) return undefined;
  try {
    return describe(file, path, dataset, dataset.shape);
  } catch (error) {
    // The others can be read all the same.
    if (!(error instanceof BadFile)) throw error;
    return unreadableEntry(name, [], 'unknown', 0, error.message);
  }
}

function describe(
  file: Hdf5File,
  path: string,
  dataset: Hdf5Dataset,
  shape: readonly number[],
): TensorEntry {
  const name = path.slice(1);
  const elements = checkShape(shape, name);
  const bytes = elements * dataset.type.bytes;
  const values = valuesOf(dataset, statedDType(file, path, dataset.type.bytes));
  if (values.kind === 'unreadable') {
    return unreadableEntry(name, shape, values.dtype, bytes, values.reason);
  }
  const { stored } = values;
  const { dtype, numbers } = storedDTypes[stored];
  const read = (request: EntryRead): Promise<EntryValues> =>
    readDataset({ file, path, shape, stored, most: slabElements(dataset, shape) }, request);
  return {
    name,
    shape,
    dtype: stored,
    bytes,
    content: { kind: 'readable', dtype, numbers, ranges: true, read },
  };
}

/** Asked for only where the type leaves it open: attributes cost reads of their own. */
function statedDType(file: Hdf5File, path: string, bytes: number): string | undefined {
  if (bytes > 2) return undefined;
  const stated = file.textAttribute(path, 'dtype');
  return typeof stated === 'string' ? stated : undefined;
}

/** Bytes that are read at once into the library's memory, and may be where chunks would be cut. */
const slabBytes = 1 << 22;
const mostSlabBytes = 1 << 26;

/** Whole rows of chunks where they are not too large: a chunk that is cut is inflated once for each part. */
function slabElements({ chunk, type }: Hdf5Dataset, shape: readonly number[]): number {
  const usual = slabBytes / type.bytes;
  if (chunk === null) return usual;
  const inner = shape.slice(1).reduce((product, length) => product * length, 1);
  const rows = (chunk[0] ?? 1) * inner;
  const whole = rows * Math.max(1, Math.floor(usual / rows));
  return whole * type.bytes <= mostSlabBytes ? whole : usual;
}

interface DatasetJob {
  readonly file: Hdf5File;
  readonly path: string;
  readonly shape: readonly number[];
  readonly stored: StoredDType;
  /** Elements that are read at once. */
  readonly most: number;
}

async function readDataset(
  { file, path, shape, stored, most }: DatasetJob,
  { range, into, signal }: EntryRead,
): Promise<EntryValues> {
  const name = path.slice(1);
  const wanted = checkElementRange(range, checkShape(shape, name), name);
  const data = into ?? allocateValues(stored, wanted.count, name);
  const { numbers } = storedDTypes[stored];
  let inexact = 0;
  let done = 0;
  for (const { start, count, elements } of slabsOf(shape, wanted, most)) {
    if (done > 0) await file.letOthersIn();
    heed(signal);
    file.read(path, start, count, bytes => {
      inexact += decodeStored(stored, bytes, true, data, done * numbers);
    });
    done += elements;
  }
  return { data, inexact };
}
