import { storedDTypes } from '../tensor/storedDType';
import { checkRange, type ByteSource } from './byteSource';
import type { TensorCatalog, TensorEntry } from './catalog';
import { columnMajorStrides, denseEntry, unreadableEntry, type DenseLayout } from './denseEntry';
import type { Format } from './format';
import { readNpyHeader, startsAsNpy, type NpyHeader } from './npyHeader';
import { checkShape } from './shapes';

/** One array as `numpy.save` writes it. Source: numpy.lib.format (NEP 1), versions 1.0 to 3.0. */
export const npy: Format = {
  id: 'npy',
  name: 'NumPy array',
  extensions: ['.npy'],
  sniff: startsAsNpy,
  open: openNpy,
};

async function openNpy(
  source: ByteSource,
  _services: unknown,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  const header = await readNpyHeader(source, signal);
  const { entry, notes } = npyEntry('input', header, { source, start: 0, size: source.size });
  return { format: npy.id, entries: [entry], hints: [], notes };
}

/** Where the file of an array is. */
export interface NpyPlace {
  readonly source: DenseLayout['source'];
  /** Byte of the source that it starts at. */
  readonly start: number;
  /** Bytes of it, where they are the array's alone; undefined where they have to be made first. */
  readonly size: number | undefined;
}

/** An array's entry, and what a user should know of it. */
export interface DescribedArray {
  readonly entry: TensorEntry;
  readonly notes: readonly string[];
}

/** The entry of an array whose header has been read. */
export function npyEntry(
  name: string,
  { descr, fortranOrder, shape, dtype, dataOffset }: NpyHeader,
  { source, start, size }: NpyPlace,
): DescribedArray {
  const elements = checkShape(shape, name);
  if (dtype.kind === 'unreadable') {
    const bytes = elements * dtype.bytes;
    const shown = descr.slice(0, 200);
    return { entry: unreadableEntry(name, shape, shown, bytes, dtype.reason), notes: [] };
  }
  const { stored, littleEndian, note } = dtype;
  const bytes = elements * storedDTypes[stored].bytes;
  if (size !== undefined) checkRange({ size }, dataOffset, bytes);
  const entry = denseEntry({
    name,
    shape,
    stored,
    source,
    offset: start + dataOffset,
    littleEndian,
    ...(fortranOrder && { strides: columnMajorStrides(shape) }),
  });
  const rest = size === undefined ? 0 : size - dataOffset - bytes;
  if (note === undefined && rest === 0) return { entry, notes: [] };
  const notes = [
    ...(note === undefined ? [] : [note]),
    ...(rest > 0
      ? [
          `${rest} bytes follow the array, perhaps more arrays: only the first is read, as numpy.load does.`,
        ]
      : []),
  ];
  return { entry, notes };
}
