import type { TensorEntry } from '../catalog';
import type { Hdf5File } from '../hdf5/library';

/**
 * A model's tensors in the order of its layers, which an attribute has; HDF5 itself keeps names sorted.
 * All others stay where they are. Source: keras 3.15.1, legacy/saving/legacy_h5_format.py.
 */
export function inLayerOrder(
  file: Hdf5File,
  groups: readonly string[],
  entries: readonly TensorEntry[],
): TensorEntry[] {
  const [prefix, names] = layerNames(file, groups);
  const ranks = new Map(names.map((name, i) => [name, i]));
  const ranked = entries.flatMap((entry, at) => {
    const layer = entry.name.startsWith(prefix) ? entry.name.slice(prefix.length) : '';
    const rank = ranks.get(layer.split('/')[0] ?? '');
    return rank === undefined ? [] : [{ entry, at, rank }];
  });
  const ordered = [...entries];
  const places = ranked.map(({ at }) => at);
  ranked.sort((a, b) => a.rank - b.rank);
  ranked.forEach(({ entry }, i) => (ordered[places[i] as number] = entry));
  return ordered;
}

/** `save_weights` puts layers into the root, `save` into a group. */
function layerNames(
  file: Hdf5File,
  groups: readonly string[],
): readonly [prefix: string, names: readonly string[]] {
  const atRoot = file.textAttribute('/', 'layer_names');
  if (typeof atRoot === 'object') return ['', atRoot];
  const isModel = groups.includes('/model_weights');
  const inGroup = isModel ? file.textAttribute('/model_weights', 'layer_names') : undefined;
  return ['model_weights/', typeof inGroup === 'object' ? inGroup : []];
}
