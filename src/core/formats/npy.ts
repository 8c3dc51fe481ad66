import type { ByteSource } from './byteSource';
import type { TensorCatalog, TensorEntry } from './catalog';
import { columnMajorStrides, denseEntry, unreadableEntry } from './denseEntry';
import type { Format } from './format';
import { npyDType, readNpyHeader, startsAsNpy } from './npyHeader';
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
  const { entry, notes } = await readNpyEntry('input', source, signal);
  return { format: npy.id, entries: [entry], hints: [], notes };
}

/**
 * The entry of an array in a source that holds nothing else.
 * @param data where the elements are read from, when it is not `source` (see `DenseLayout`)
 */
export async function readNpyEntry(
  name: string,
  source: ByteSource,
  signal: AbortSignal,
  data?: (signal: AbortSignal) => Promise<ByteSource>,
): Promise<{ readonly entry: TensorEntry; readonly notes: readonly string[] }> {
  const { descr, fortranOrder, shape, dataOffset } = await readNpyHeader(source, signal);
  const dtype = npyDType(descr);
  const elements = checkShape(shape, name);
  if (dtype.kind === 'unreadable') {
    const bytes = elements * dtype.bytes;
    const shown = descr.slice(0, 200);
    return { entry: unreadableEntry(name, shape, shown, bytes, dtype.reason), notes: [] };
  }
  const { stored, littleEndian, note } = dtype;
  const entry = denseEntry({
    name,
    shape,
    stored,
    source: data ?? source,
    offset: dataOffset,
    littleEndian,
    ...(fortranOrder && { strides: columnMajorStrides(shape) }),
  });
  const rest = data === undefined ? source.size - dataOffset - entry.bytes : 0;
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
