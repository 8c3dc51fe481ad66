import type { FileListing, ListedLayer, ListedTensor } from '../../../src/protocol/tensorFile';

export function tensor(
  name: string,
  shape: readonly number[] = [4],
  dtype = 'float32',
): ListedTensor {
  const bytes = shape.reduce((product, size) => product * size, 4);
  return { name, shape, dtype, bytes };
}

export function layer(name: string, channels = 4): ListedLayer {
  return {
    name,
    channels,
    convention: 'PyTorch',
    parameters: {
      gamma: `${name}.weight`,
      beta: `${name}.bias`,
      movingMean: `${name}.running_mean`,
      movingVariance: `${name}.running_var`,
    },
    stated: [],
    notes: [],
  };
}

export function tensorsOf({ parameters }: ListedLayer): ListedTensor[] {
  return Object.values(parameters).map(name => tensor(name));
}

/** A small network: two blocks of a convolution and a batch norm, and a head. */
export function network(): FileListing {
  const layers = [layer('net.0.bn'), layer('net.1.bn')];
  const [first, second] = layers;
  return {
    version: 1,
    layers,
    tensors: [
      tensor('net.0.conv.weight', [4, 3, 3, 3]),
      ...(first ? tensorsOf(first) : []),
      tensor('net.1.conv.weight', [4, 4, 3, 3], 'float16'),
      ...(second ? tensorsOf(second) : []),
      tensor('head.weight', [10, 4]),
    ],
  };
}
