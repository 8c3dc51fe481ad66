import type { ByteSource } from './byteSource';
import type { TensorCatalog } from './catalog';
import type { Format } from './format';
import { datasetEntry } from './hdf5/entry';
import { walkTree, type Hdf5Tree } from './hdf5/tree';
import { kerasHints, modelInAttributes, type KerasModel } from './keras/hints';
import { inLayerOrder } from './keras/layerOrder';
import type { FormatServices } from './services';

const signature = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * HDF5 in general, and with it Keras's weights and models, whose layers become hints.
 * Source: HDF5 File Format Specification 3.0, II.A (the signature may follow a block of the user's).
 */
export const hdf5: Format = {
  id: 'hdf5',
  name: 'HDF5',
  extensions: ['.weights.h5', '.h5', '.hdf5'],
  sniff: head =>
    [0, 512, 1024, 2048].some(at => signature.every((byte, i) => head[at + i] === byte)),
  open: (source, services, signal) =>
    openHdf5(source, services, signal, { format: hdf5.id, model: undefined }),
};

/**
 * Lists an HDF5 file. The catalog's `close` frees it.
 * @param known what a `.keras` archive says of the weights; else the file is asked itself
 */
export async function openHdf5(
  source: ByteSource,
  services: FormatServices,
  signal: AbortSignal,
  known: { readonly format: string; readonly model: KerasModel | undefined },
): Promise<TensorCatalog> {
  const library = await services.hdf5();
  const file = library.open(source);
  try {
    const tree = await walkTree(file, signal);
    const entries = inLayerOrder(
      file,
      tree.groups,
      tree.datasets.flatMap(node => datasetEntry(file, node) ?? []),
    );
    const model = known.model ?? modelInAttributes(file);
    return {
      format: known.format,
      entries,
      hints: kerasHints(file, tree, entries, model),
      notes: linkNotes(tree),
      close: () => file.close(),
    };
  } catch (error) {
    file.close();
    throw error;
  }
}

/** Links that are told one by one; of more, the number. */
const mostNotes = 20;

function linkNotes({ links }: Hdf5Tree): string[] {
  const notes = links
    .slice(0, mostNotes)
    .map(({ path, reason }) => `${path.slice(1)} was not followed: it is ${reason}.`);
  const rest = links.length - notes.length;
  return rest > 0 ? [...notes, `${rest} more links were not followed.`] : notes;
}
