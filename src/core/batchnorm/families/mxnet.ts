import type { Ending, NamedRole, NamingFamily, TensorRole } from './family';

const roles: ReadonlyMap<string, TensorRole> = new Map([
  ['gamma', 'gamma'],
  ['beta', 'beta'],
  ['running_mean', 'movingMean'],
  ['moving_mean', 'movingMean'],
  ['running_var', 'movingVariance'],
  ['moving_var', 'movingVariance'],
]);

/** Modules that people write for PyTorch call their vectors so too; MXNet saves in none of these formats. */
const ofPyTorch = {
  torch: 'pytorch',
  'torch-index': 'pytorch',
  pickle: 'pytorch',
  safetensors: 'pytorch',
  'safetensors-index': 'pytorch',
};

/** MXNet: `bn0_gamma` or `bn0.gamma`, in symbol files with `arg:` or `aux:` in front. Gamma and beta are always there. */
export const mxnet: NamingFamily = {
  id: 'mxnet',
  convention: 'mxnet',
  conventionIn: ofPyTorch,
  needsAffine: true,
  ending: (last): Ending | undefined => {
    const word = /(?:^|[_:])(gamma|beta|(?:running|moving)_(?:mean|var))$/.exec(last)?.[1];
    const role = roles.get(word ?? '');
    return role && { roles: [role], takeApart };
  },
};

function takeApart(name: string): NamedRole | undefined {
  const match = /^(?:arg:|aux:)?(?:(.*)[._])?(gamma|beta|(?:running|moving)_(?:mean|var))$/.exec(
    name,
  );
  const role = roles.get(match?.[2] ?? '');
  return role && { layer: match?.[1] ?? '', role };
}
