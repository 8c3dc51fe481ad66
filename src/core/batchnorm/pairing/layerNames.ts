/** Without what wraps a whole model: `module.`, `model.`, `_orig_mod.`. */
export function bareName(name: string): string {
  return name.replace(/^((module|model|_orig_mod)[./])+/, '');
}

/**
 * Whether Keras made the name: it counts the layers of a process, so that the same layer of the same model is
 * `batch_normalization_3` in one file and `batch_normalization_56` in another.
 */
export function isCountedName(name: string): boolean {
  return /(^|[./])(sync_)?batch_normalization(_v\d)?(_\d+)?$/.test(name);
}

/** Words that say where a layer is and not which it is; other frameworks have others, or none. */
const containers: ReadonlySet<string> = new Set(
  'module model net network block blocks unit units stage stages seq sequential'.split(' '),
);

/**
 * A name without the spelling of a framework: `layer1.0.bn1`, `layer1_block0_bn1` and `Layer1/Block0/BatchNorm1` are
 * all `layer 1 0 bn 1`, and `conv1_bn` and `bn_conv1` are `conv 1 bn`.
 */
export function plainName(name: string): string {
  const words = spaced(bareName(name)).match(/[a-z]+|\d+/g) ?? [];
  const kept = words.filter(word => !containers.has(word));
  const at = kept.indexOf('bn');
  const isNumbered = /^\d+$/.test(kept[at + 1] ?? '');
  // Where it stands beside the layer it follows is a matter of taste.
  return (at < 0 || isNumbered ? kept : [...kept.filter((_, i) => i !== at), 'bn']).join(' ');
}

function spaced(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/batch[_ ]?norm(alization)?|norm(?![a-z])/g, ' bn ')
    .replace(/layers/g, 'layer');
}

const natural = new Intl.Collator('en', { numeric: true });

/**
 * Indices of names in the order in which their layers follow each other: that of the list; where the file has them
 * in the order of an alphabet, which puts `bn10` before `bn2`, that of their numbers.
 */
export function layerOrder(names: readonly string[]): number[] {
  const indices = [...names.keys()];
  const isAlphabetical = names.every((name, i) => i === 0 || (names[i - 1] as string) <= name);
  if (!isAlphabetical) return indices;
  return indices.sort((i, j) => natural.compare(names[i] as string, names[j] as string));
}
