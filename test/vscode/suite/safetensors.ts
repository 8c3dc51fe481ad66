/** Name, shape and values; missing values are 0. */
export type NamedTensor = readonly [string, readonly number[], readonly number[]];

/** A safetensors file with a batch norm of PyTorch's names in it, and an input for it. */
export function batchNormFile(
  movingMean: readonly number[],
  extra: readonly string[] = [],
): Buffer {
  const channels = movingMean.length;
  const ones = movingMean.map(() => 1);
  const zeros = movingMean.map(() => 0);
  const input = Array.from({ length: 4 * channels }, (_, i) => i);
  const tensors: readonly NamedTensor[] = [
    ['bn.weight', [channels], ones],
    ['bn.bias', [channels], zeros],
    ['bn.running_mean', [channels], movingMean],
    ['bn.running_var', [channels], ones],
    ['x', [4, channels], input],
    ...extra.map(name => [name, [1], [0]] as [string, number[], number[]]),
  ];
  return safetensorsFile(tensors);
}

/** A safetensors file of float32 tensors. */
export function safetensorsFile(tensors: readonly NamedTensor[]): Buffer {
  let offset = 0;
  const header = Object.fromEntries(
    tensors.map(([name, shape]) => {
      const end = offset + 4 * elements(shape);
      const entry = [name, { dtype: 'F32', shape, data_offsets: [offset, end] }];
      offset = end;
      return entry as [string, unknown];
    }),
  );
  const json = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(json.length));
  const data = tensors.map(([, shape, values]) => {
    const all = new Float32Array(elements(shape));
    all.set(values);
    return Buffer.from(all.buffer);
  });
  return Buffer.concat([length, json, ...data]);
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** The moving variance of one channel of a layer, where it is none that training makes. */
const sickVariance: ReadonlyMap<string, number> = new Map([
  ['layer2.0.bn2', -0.5],
  ['layer3.1.bn1', 0],
]);

/** A residual network with PyTorch's names: most of its batch norms are sound, some are of each kind of sick. */
export function networkFile(): Buffer {
  const tensors: NamedTensor[] = [];
  const batchNorm = (name: string, channels: number, sick: number | undefined): void => {
    const each = (make: (channel: number) => number): number[] =>
      Array.from({ length: channels }, (_, c) => make(c));
    const fresh = name === 'layer4.1.bn2';
    const variance = (c: number): number =>
      c === 5 && sick !== undefined ? sick : 1 + (c % 7) / 4;
    tensors.push(
      [`${name}.weight`, [channels], each(() => 1)],
      [`${name}.bias`, [channels], []],
      [`${name}.running_mean`, [channels], each(c => (fresh ? 0 : Math.sin(c + 1)))],
      [`${name}.running_var`, [channels], each(c => (fresh ? 1 : variance(c)))],
    );
  };
  tensors.push(['conv1.weight', [16, 3, 7, 7], []]);
  batchNorm('bn1', 16, undefined);
  for (const stage of [1, 2, 3, 4]) {
    for (const block of [0, 1]) {
      for (const part of [1, 2]) {
        const path = `layer${stage}.${block}`;
        const width = 8 << stage;
        tensors.push([`${path}.conv${part}.weight`, [width, width, 3, 3], []]);
        batchNorm(`${path}.bn${part}`, width, sickVariance.get(`${path}.bn${part}`));
      }
    }
  }
  tensors.push(['fc.weight', [10, 128], []], ['fc.bias', [10], []]);
  return safetensorsFile(tensors);
}
