import { describe, expect, it } from 'vitest';
import {
  comparedLayer,
  type ComparedLayer,
} from '../../../../../src/core/batchnorm/comparing/layerPair';
import {
  channelRatios,
  ProductStream,
} from '../../../../../src/core/batchnorm/folding/channelProducts';
import {
  findFolds,
  type FoldFiles,
  type FoundFold,
} from '../../../../../src/core/batchnorm/folding/findFolds';
import { foldFindings } from '../../../../../src/core/batchnorm/folding/foldFindings';

interface MemoryTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

const noise = (seed: number, length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => ((Math.sin(seed * 100 + i + 1) * 1e4) % 1) + 0.01);

function batchNorm(name: string, seed: number, channels = 4): ComparedLayer {
  const parameters = {
    gamma: noise(seed, channels).map(x => 1 + x / 2),
    beta: noise(seed + 0.1, channels),
    movingMean: noise(seed + 0.2, channels),
    movingVariance: noise(seed + 0.3, channels).map(x => 0.2 + x * x),
  };
  return comparedLayer(name, { convention: 'pytorch', parameters });
}

const weight = (name: string, seed: number, shape = [4, 3, 2, 2]): MemoryTensor => ({
  name,
  shape,
  data: noise(
    seed,
    shape.reduce((n, size) => n * size, 1),
  ),
});

const parts = (
  layer: ComparedLayer,
  epsilon = 1e-5,
): { scale: Float64Array; bias: Float64Array } => {
  const { gamma, beta, movingMean, movingVariance } = layer.statement.parameters as Required<
    ComparedLayer['statement']['parameters']
  >;
  const scale = gamma.map((g, c) => g / Math.sqrt((movingVariance[c] as number) + epsilon));
  return {
    scale,
    bias: beta.map((b, c) => b - (movingMean[c] as number) * (scale[c] as number)),
  };
};

/** The weight, and the bias that it has then. */
function folded(
  from: MemoryTensor,
  layer: ComparedLayer,
  name = from.name,
  epsilon?: number,
): MemoryTensor[] {
  const { scale, bias } = parts(layer, epsilon);
  const inner = from.data.length / scale.length;
  return [
    { ...from, name, data: from.data.map((w, i) => w * (scale[Math.floor(i / inner)] as number)) },
    { name: name.replace('weight', 'bias'), shape: [scale.length], data: bias },
  ];
}

function filesOf(
  a: readonly MemoryTensor[],
  b: readonly MemoryTensor[],
): FoldFiles & { tries: () => number } {
  const find = (side: 'a' | 'b', name: string): MemoryTensor | undefined =>
    (side === 'a' ? a : b).find(tensor => tensor.name === name);
  let tries = 0;
  return {
    a,
    b,
    tries: () => tries,
    vector: (side, name) => Promise.resolve(find(side, name)?.data),
    ratios: (nameA, nameB, layout) => {
      tries++;
      const stream = new ProductStream(layout);
      stream.add(
        find('a', nameA)?.data ?? new Float64Array(0),
        find('b', nameB)?.data ?? new Float64Array(0),
        0,
      );
      return Promise.resolve(channelRatios(stream.products()));
    },
  };
}

const said = (folds: readonly FoundFold[]): string[] =>
  folds.map(({ layer, foldedWeight }) => `${layer} in ${foldedWeight}`);

const [bn1, bn2] = [batchNorm('bn1', 1), batchNorm('bn2', 2)];
const [conv1, conv2] = [weight('conv1.weight', 5), weight('conv2.weight', 6)];

describe('folded batch norms', () => {
  it('are found by their scales, whatever the names', async () => {
    const net = [conv1, conv2];
    // The first weight has the second batch norm.
    const files = filesOf(net, [...folded(conv1, bn2), ...folded(conv2, bn1)]);
    const folds = await findFolds([bn1, bn2], files);
    expect(said(folds)).toEqual(['bn2 in conv1.weight', 'bn1 in conv2.weight']);
    expect(foldFindings(folds, 'A')).toMatchObject([
      { id: 'folded', severity: 'note', layers: ['bn2', 'bn1'] },
    ]);
  });

  it('are found in weights that an export has named anew', async () => {
    const files = filesOf(
      [conv1, conv2],
      [...folded(conv1, bn1, 'w.0.weight'), ...folded(conv2, bn2, 'w.1.weight')],
    );
    expect(said(await findFolds([bn1, bn2], files))).toEqual([
      'bn1 in w.0.weight',
      'bn2 in w.1.weight',
    ]);
  });

  it('are none where the weights are as they were, or of another training', async () => {
    expect(await findFolds([bn1], filesOf([conv1], [conv1]))).toEqual([]);
    const other = { ...conv1, data: noise(9, conv1.data.length) };
    expect(await findFolds([bn1], filesOf([conv1], [other]))).toEqual([]);
  });

  it('are none of other numbers of channels, for which nothing is read', async () => {
    const files = filesOf([conv1], folded(conv1, bn1));
    expect(await findFolds([batchNorm('bn1', 1, 8)], files)).toEqual([]);
    expect(files.tries()).toBe(0);
    expect(await findFolds([], files)).toEqual([]);
  });

  it('by an epsilon that the file does not state are right, and it is named', async () => {
    const unstated = batchNorm('bn1', 1);
    const files = filesOf([conv1], folded(conv1, bn1, conv1.name, 1e-3));
    const folds = await findFolds([unstated], files);
    expect(folds[0]?.assumedEpsilon).toBe(1e-3);
    const [finding] = foldFindings(folds, 'A');
    expect(finding?.id).toBe('folded');
    expect(finding?.message).toMatch(/The epsilon is then 0\.001, which A does not state/);
    const stated = { ...unstated, statement: { ...unstated.statement, epsilon: 1e-5 } };
    const [wrong] = foldFindings(await findFolds([stated], files), 'A');
    expect(wrong).toMatchObject({ id: 'fold-error' });
    expect(wrong?.message).toContain('epsilon 0.001 was taken');
  });

  it('that nothing explains go to the weight before them by its name', async () => {
    const [own] = folded(conv1, bn1);
    const wrong = {
      ...(own as MemoryTensor),
      data: conv1.data.map((w, i) => w * (3 + Math.floor(i / 12))),
    };
    const files = filesOf([conv1], [wrong, { name: 'conv1.bias', shape: [4], data: noise(7, 4) }]);
    const folds = await findFolds([bn2, bn1], files);
    expect(said(folds)).toEqual(['bn1 in conv1.weight']);
    const [finding] = foldFindings(folds, 'A');
    expect(finding).toMatchObject({ id: 'fold-error', severity: 'error' });
    expect(finding?.message).toMatch(/no known mistake gives these numbers/);
  });

  it('with one mistake in several layers are said once, with the worst channel', async () => {
    const noBias = ([own]: MemoryTensor[]): MemoryTensor[] => (own ? [own] : []);
    const files = filesOf(
      [conv1, conv2],
      [...noBias(folded(conv1, bn1)), ...noBias(folded(conv2, bn2))],
    );
    const [finding, ...more] = foldFindings(await findFolds([bn1, bn2], files), 'B');
    expect(more).toEqual([]);
    expect(finding?.message).toMatch(
      /^bn\d of B is folded into conv\d\.weight of A wrongly in all 4 channels: mean and beta are missing from the bias\. .* 1 more layer is folded so\.$/,
    );
    const worst = finding?.layers[0] === 'bn1' ? bn1 : bn2;
    const { bias } = parts(worst);
    const channel = bias.reduce(
      (most, x, c) => (Math.abs(x) > Math.abs(bias[most] as number) ? c : most),
      0,
    );
    expect(finding?.evidence).toMatchObject({
      channel,
      biasFound: 0,
      biasExact: expect.closeTo(bias[channel] as number, 6) as number,
      outputChange: expect.closeTo(Math.abs(bias[channel] as number), 6) as number,
    });
    expect(finding?.table?.channels[0]).toBe(channel);
  });
});
