import type { CodeLanguage } from '../codeLanguage';

/** What names mean by habit where a file, or a snippet of one, does not import them. */
const usual: Readonly<Record<CodeLanguage['id'], ReadonlyMap<string, readonly string[]>>> = {
  python: new Map([
    ['tf', ['tensorflow']],
    ['tensorflow', ['tensorflow']],
    ['slim', ['tensorflow.contrib.slim']],
    ['keras', ['keras']],
    ['layers', ['keras.layers', 'tensorflow.contrib.layers']],
    ['torch', ['torch']],
    ['nn', ['torch.nn', 'flax.linen']],
    ['F', ['torch.nn.functional']],
    ['functional', ['torch.nn.functional']],
    ['flax', ['flax']],
    ['linen', ['flax.linen']],
    ['nnx', ['flax.nnx']],
    ['hk', ['haiku']],
    ['haiku', ['haiku']],
    ['BatchNormalization', ['keras.layers.BatchNormalization']],
    ...['BatchNorm1d', 'BatchNorm2d', 'BatchNorm3d', 'SyncBatchNorm'].map(
      (name): [string, string[]] => [name, [`torch.nn.${name}`]],
    ),
  ]),
  javascript: new Map([
    ['tf', ['@tensorflow/tfjs']],
    ['tfc', ['@tensorflow/tfjs']],
  ]),
};

/** @param path as spelled: `nn.BatchNorm2d` @returns it with the modules that its first part usually names */
export function usualMeanings(path: string, language: CodeLanguage['id']): readonly string[] {
  const dot = path.indexOf('.');
  const head = dot < 0 ? path : path.slice(0, dot);
  const rest = dot < 0 ? '' : path.slice(dot);
  return (usual[language].get(head) ?? []).map(module => module + rest);
}
