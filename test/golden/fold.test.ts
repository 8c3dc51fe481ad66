import { describe, expect, it } from 'vitest';
import { foldAfter, weightLayouts } from '../../src/core/batchnorm/fold';
import { pytorch } from '../../src/core/batchnorm/conventions/pytorch';
import type { BatchNormLayer } from '../../src/core/batchnorm/layer';
import { expectClose } from './hold';
import { loadRecords, toNumbers, type GoldenRecord, type Numbers } from './records';

const records = loadRecords('pytorch').filter(({ kind }) => kind === 'fold');
const record = (name: string): GoldenRecord => {
  const found = records.find(known => known.name === name);
  if (!found) throw new Error(`no record ${name}`);
  return found;
};
const vector = (values: Numbers | null | undefined): Float64Array =>
  Float64Array.from(toNumbers(values ?? []));

function layerOf(golden: GoldenRecord): BatchNormLayer {
  return {
    convention: pytorch,
    gamma: vector(golden.gamma),
    beta: vector(golden.beta),
    movingMean: vector(golden.moving_mean),
    movingVariance: vector(golden.moving_variance),
    epsilon: golden.epsilon ?? NaN,
    momentum: 0.1,
    channelAxis: 1,
    batchesTracked: 0,
    precision: 'float32',
  };
}

describe("folding against torch.nn.utils.fusion's own results", () => {
  const folds = [
    ['fold_conv2d_bn', 'OIHW', 'conv', 'conv_weight_shape_OIHW'],
    ['fold_linear_bn', 'OI', 'linear', 'linear_weight_shape_OI'],
  ] as const;

  it.each(folds)('%s', (name, layout, kind, shapeKey) => {
    const golden = record(name) as GoldenRecord & Readonly<Record<string, Numbers>>;
    const linear = {
      shape: toNumbers(golden[shapeKey] ?? []),
      weight: vector(golden[`${kind}_weight`]),
      bias: vector(golden[`${kind}_bias`]),
    };
    const folded = foldAfter(linear, weightLayouts[layout], layerOf(golden));
    if (!folded.ok) throw new Error(folded.problem.message);
    const { weight, bias } = folded.value;
    const within = { abs: 5e-7, rel: 5e-7 };
    expectClose('weight', [...weight], golden.expected.folded_weight as Numbers, within);
    expectClose('bias', [...bias], golden.expected.folded_bias as Numbers, within);
  });

  it('gives the outputs that the convolution and its batch norm gave', () => {
    const golden = record('fold_conv2d_bn') as GoldenRecord & Readonly<Record<string, Numbers>>;
    const shape = [3, 2, 2, 2];
    const linear = {
      shape,
      weight: vector(golden.conv_weight),
      bias: vector(golden.conv_bias),
    };
    const folded = foldAfter(linear, weightLayouts.OIHW, layerOf(golden));
    if (!folded.ok) throw new Error(folded.problem.message);
    const { weight, bias } = folded.value;
    const x = vector(golden.x);
    // [1,2,3,3] with kernels of 2 × 2: outputs of 2 × 2.
    const places = [0, 1, 3, 4];
    const y = [0, 1, 2].flatMap(o =>
      places.map(place => {
        let sum = bias[o] as number;
        for (let i = 0; i < 8; i++) {
          const at = Math.floor(i / 4) * 9 + place + (places[i % 4] as number);
          sum += (weight[o * 8 + i] as number) * (x[at] as number);
        }
        return sum;
      }),
    );
    const within = { abs: 5e-6, rel: 5e-5 };
    expectClose('conv then bn', y, golden.expected.conv_then_bn as Numbers, within);
    expectClose('folded conv', y, golden.expected.folded_conv as Numbers, within);
  });

  it('are all there', () => {
    expect(records.map(({ name }) => name)).toEqual(folds.map(([name]) => name));
  });

  it('gives the outputs that the dense layer and its batch norm gave', () => {
    const golden = record('fold_linear_bn') as GoldenRecord & Readonly<Record<string, Numbers>>;
    const linear = {
      shape: [3, 4],
      weight: vector(golden.linear_weight),
      bias: vector(golden.linear_bias),
    };
    const folded = foldAfter(linear, weightLayouts.OI, layerOf(golden));
    if (!folded.ok) throw new Error(folded.problem.message);
    const x = vector(golden.x);
    const y = [0, 1].flatMap(row =>
      [0, 1, 2].map(o =>
        [0, 1, 2, 3].reduce(
          (sum, i) => sum + (folded.value.weight[o * 4 + i] as number) * (x[row * 4 + i] as number),
          folded.value.bias[o] as number,
        ),
      ),
    );
    const expected = golden.expected.linear_then_bn as Numbers;
    expectClose('linear then bn', y, expected, { abs: 5e-6, rel: 5e-5 });
  });
});
