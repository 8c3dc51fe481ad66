/** Extensions that no other kind of file has: these open in the tensor file editor by themselves. */
export const ownExtensions: readonly string[] = ['npy', 'npz', 'safetensors', 'gguf', 'tflite'];

/**
 * Extensions that other tools or other kinds of file have too: the editor is offered (“Reopen Editor With…”,
 * “Inspect Tensor File…”), and whatever opened them before still does.
 */
export const sharedExtensions: readonly string[] = [
  'pt',
  'pth',
  'pt2',
  'ptl',
  'jit',
  'bin',
  'ckpt',
  'pkl',
  'pickle',
  'h5',
  'hdf5',
  'keras',
  'onnx',
  'msgpack',
  'index',
  'pb',
  'csv',
  'tsv',
  'jsonl',
  'ndjson',
];

/** For file dialogs. */
export const tensorFileExtensions: readonly string[] = [
  'json',
  ...ownExtensions,
  ...sharedExtensions,
];

/** Names of JSON files that describe tensors in other files. */
export const sharedNames: readonly RegExp[] = [
  /(^|[/\\])model\.json$/i,
  /\.safetensors\.index\.json$/i,
  /\.bin\.index\.json$/i,
];

/** The files that describe a whole folder, the more telling first. */
const entryPoints: readonly RegExp[] = [
  /^saved_model\.pb$/i,
  /\.safetensors\.index\.json$/i,
  /\.bin\.index\.json$/i,
  /^model\.json$/i,
  /\.index$/i,
];

/** The name, of those in a folder, that describes a saved model of several files; a later checkpoint wins. */
export function entryPoint(names: readonly string[]): string | undefined {
  const collator = new Intl.Collator('en', { numeric: true });
  const latest = [...names].sort((a, b) => collator.compare(b, a));
  for (const entry of entryPoints) {
    const found = latest.find(name => entry.test(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

export const tensorFileViewType = 'normscope.tensorFile';

/** The same page for extensions that other tools have too: offered, never taken. */
export const sharedTensorFileViewType = 'normscope.sharedTensorFile';

/**
 * Files that hold text: run files, code, logs. Whatever else there is may be a tensor file. JSON Lines are
 * inspected as text, and listed only where that editor is chosen.
 */
const textExtensions: ReadonlySet<string> = new Set(
  'json jsonc jsonl ndjson txt log md ipynb py js mjs ts jsx tsx r jl m yaml yml toml'.split(' '),
);

/**
 * Whether a file of this name is shown as a list of tensors; others are run files or text. Checkpoints often
 * have a number for an extension, or none.
 */
export function isTensorFileName(path: string): boolean {
  return sharedNames.some(name => name.test(path)) || !textExtensions.has(extensionOf(path));
}

/** The editor that lists a file of this name. */
export function viewTypeOf(path: string): string {
  return ownExtensions.includes(extensionOf(path)) ? tensorFileViewType : sharedTensorFileViewType;
}

function extensionOf(path: string): string {
  return /\.([^./\\]+)$/.exec(path.toLowerCase())?.[1] ?? '';
}
