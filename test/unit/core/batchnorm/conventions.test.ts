import { describe, expect, it } from 'vitest';
import { pathRules, translateMomentum } from '../../../../src/core/batchnorm/convention';
import {
  conventions,
  defaultConvention,
  findConvention,
} from '../../../../src/core/batchnorm/conventions/registry';
import { flagCombinations } from '../../../../src/core/batchnorm/flags';
import { resolveLayer } from '../../../../src/core/batchnorm/statement';
import { step } from '../../../../src/core/batchnorm/step';
import { formatFloat32 } from '../../../../src/core/text/format';
import { convention, seedImage, seedLayer, unwrap } from './seed';

/** What each flag combination does to channel 0 and its first pixel, x = 4, in the seed. */
const inference = { y: '8.996', mean: '0', variance: '1' };
const frozenTraining = { y: '1.580', mean: '0', variance: '1' };
const table: readonly (readonly [
  id: string,
  training: boolean,
  trainable: boolean,
  typeof inference,
])[] = [
  ['tf1', false, false, inference],
  ['tf1', false, true, inference],
  ['tf1', true, false, frozenTraining],
  ['tf1', true, true, { y: '1.580', mean: '0.03249997', variance: '1.0791667' }],
  ['tf1-unfused', false, false, inference],
  ['tf1-unfused', false, true, inference],
  ['tf1-unfused', true, false, frozenTraining],
  ['tf1-unfused', true, true, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['keras2', false, false, inference],
  ['keras2', false, true, inference],
  ['keras2', true, false, inference],
  ['keras2', true, true, { y: '1.580', mean: '0.0325', variance: '1.0791667' }],
  ['keras3', false, false, inference],
  ['keras3', false, true, inference],
  ['keras3', true, false, inference],
  ['keras3', true, true, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['tfjs', false, false, inference],
  ['tfjs', false, true, inference],
  ['tfjs', true, false, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['tfjs', true, true, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['pytorch', false, false, inference],
  ['pytorch', false, true, inference],
  ['pytorch', true, false, { y: '1.580', mean: '0.0325', variance: '1.0791667' }],
  ['pytorch', true, true, { y: '1.580', mean: '0.0325', variance: '1.0791667' }],
  ['keras-standalone', false, false, inference],
  ['keras-standalone', false, true, inference],
  ['keras-standalone', true, false, frozenTraining],
  ['keras-standalone', true, true, { y: '1.580', mean: '0.0325', variance: '1.0791965' }],
  ['onnx', false, false, inference],
  ['onnx', false, true, inference],
  ['onnx', true, false, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['onnx', true, true, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['flax', false, false, inference],
  ['flax', false, true, inference],
  ['flax', true, false, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['flax', true, true, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['mxnet', false, false, inference],
  ['mxnet', false, true, inference],
  ['mxnet', true, false, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['mxnet', true, true, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['paddle', false, false, inference],
  ['paddle', false, true, inference],
  ['paddle', true, false, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['paddle', true, true, { y: '1.580', mean: '0.0325', variance: '1.056875' }],
  ['haiku', false, false, inference],
  ['haiku', false, true, inference],
  ['haiku', true, false, { y: '1.580', mean: '3.25', variance: '6.6875' }],
  ['haiku', true, true, { y: '1.580', mean: '3.25', variance: '6.6875' }],
  ['caffe', false, false, inference],
  ['caffe', false, true, inference],
  ['caffe', true, false, { y: '1.580', mean: '3.25', variance: '8.916667' }],
  ['caffe', true, true, { y: '1.580', mean: '3.25', variance: '8.916667' }],
];

describe('the flag matrix of the seed', () => {
  it.each(table)('%s, training %s, trainable %s', (id, training, trainable, expected) => {
    const { output, layer } = unwrap(step(seedLayer(id), seedImage, { training, trainable }));
    expect({
      y: (output.data[0] as number).toFixed(3),
      mean: formatFloat32(layer.movingMean[0] as number),
      variance: formatFloat32(layer.movingVariance[0] as number),
    }).toEqual(expected);
  });

  it('has every convention and every combination', () => {
    const rows = table.map(([id, training, trainable]) => `${id} ${training} ${trainable}`);
    const all = conventions.flatMap(({ id }) =>
      flagCombinations.map(flags => `${id} ${flags.training} ${flags.trainable}`),
    );
    expect(rows.sort()).toEqual(all.sort());
  });
});

describe('tf1 on the seed, all channels', () => {
  const firstPixel = (training: boolean): number[] => {
    const { output } = unwrap(step(seedLayer('tf1'), seedImage, { training, trainable: true }));
    return Array.from(output.data.slice(0, 4), y => Math.round(y));
  };

  it('gives the rounded first pixels that the answer prints', () => {
    expect(firstPixel(false)).toEqual([9, 11, 19, 1]);
    expect(firstPixel(true)).toEqual([2, 2, 3, -1]);
  });

  it('moves the statistics to the digits that the answer prints', () => {
    const { layer } = unwrap(
      step(seedLayer('tf1'), seedImage, { training: true, trainable: true }),
    );
    // numpy prints the shortest float32, cut at eight decimals.
    const printed = (values: Float64Array): string[] =>
      Array.from(values, x => String(Number(Number(formatFloat32(x)).toFixed(8))));
    expect(printed(layer.movingMean)).toEqual([
      '0.03249997',
      '0.03499997',
      '0.06499994',
      '0.02749997',
    ]);
    expect(printed(layer.movingVariance)).toEqual([
      '1.0791667',
      '1.1266665',
      '1.0999999',
      '1.0925',
    ]);
  });
});

describe('rules as data', () => {
  const rules = [
    ['tf1', 1e-3, 0.99, 'old', 'bessel-guarded', 1.001e-5, -1, false],
    ['tf1-unfused', 1e-3, 0.99, 'old', 'biased', 0, -1, false],
    ['keras2', 1e-3, 0.99, 'old', 'bessel-guarded', 1.001e-5, -1, false],
    ['keras-standalone', 1e-3, 0.99, 'old', 'bessel-with-epsilon', 0, -1, false],
    ['keras3', 1e-3, 0.99, 'old', 'biased', 0, -1, false],
    ['pytorch', 1e-5, 0.1, 'new', 'bessel', 0, 1, true],
    ['onnx', 1e-5, 0.9, 'old', 'biased', 0, 1, false],
    ['flax', 1e-5, 0.99, 'old', 'biased', 0, -1, true],
    ['haiku', 1e-5, 0.9, 'old', 'biased', 0, -1, false],
    ['tfjs', 1e-3, 0.99, 'old', 'biased', 0, -1, false],
    ['caffe', 1e-5, 0.999, 'old', 'bessel-guarded', 0, 1, false],
    ['mxnet', 1e-3, 0.9, 'old', 'biased', 0, 1, false],
    ['paddle', 1e-5, 0.9, 'old', 'biased', 0, 1, true],
  ] as const;

  it.each(rules)('%s', (id, epsilon, momentum, weighs, variance, floor, axis, training) => {
    const { defaults, ...c } = convention(id);
    expect(defaults).toEqual({ epsilon, momentum, channelAxis: axis, training, trainable: true });
    expect(c.momentum.weighs).toBe(weighs);
    expect(c.movingVariance.id).toBe(variance);
    expect(c.epsilonFloor).toBe(floor);
  });

  it('covers every convention, tf1 being the one where nobody says', () => {
    expect(rules.map(([id]) => id)).toEqual(conventions.map(({ id }) => id));
    expect(defaultConvention.id).toBe('tf1');
  });

  it('names those there are when asked for another', () => {
    const found = findConvention('caffe2');
    expect(found.ok ? '' : found.problem.message).toBe(
      'Unknown convention "caffe2": use one of tf1, tf1-unfused, keras2, keras-standalone, keras3, pytorch, onnx, flax, haiku, tfjs, caffe, mxnet, paddle.',
    );
  });

  it('gives a reason for everything that it does', () => {
    for (const { because, source, versions, updateAdvice, notes = [] } of conventions) {
      for (const flags of flagCombinations) {
        const { normalization, update } = because(flags);
        expect(normalization).not.toMatch(/^$|\.$/);
        expect(update).not.toMatch(/^$|\.$/);
      }
      expect(updateAdvice).toMatch(/\.$/);
      for (const note of notes) expect(note).toMatch(/\.$/);
      expect(source).not.toBe('');
      expect(versions).not.toBe('');
    }
  });
});

describe('averages that are divided by the weight they gathered', () => {
  /** The frameworks' own state, step by step: what is stored, and the average read from it. */
  const haikuState = (m: number, values: readonly number[]): number => {
    let hidden = 0;
    for (const value of values) hidden = hidden * m + value * (1 - m);
    return hidden / (1 - m ** values.length);
  };
  const caffeState = (m: number, values: readonly number[]): number => {
    let [sum, scale] = [0, 0];
    for (const value of values) [sum, scale] = [sum * m + value, scale * m + 1];
    return sum / scale;
  };
  const values = [3.5, -1.25, 0.75, 8, -2];
  const average = (id: string, momentum: number): number =>
    values.reduce(
      (old, batch, batchesBefore) =>
        convention(id).momentum.blend(old, batch, {
          momentum,
          batchesBefore,
          precision: 'float64',
        }),
      0,
    );

  it.each([0, 0.5, 0.9, 0.999])('are those of hidden/(1 − m^k) in Haiku, m = %f', m => {
    expect(average('haiku', m)).toBeCloseTo(haikuState(m, values), 10);
  });

  it.each([0, 0.5, 0.9, 0.999, 1])('are those of M/s in Caffe, m = %f', m => {
    expect(average('caffe', m)).toBeCloseTo(caffeState(m, values), 10);
  });

  it('are 0/0 in Haiku where every old value weighs 1', () => {
    expect(haikuState(1, values)).toBeNaN();
    expect(average('haiku', 1)).toBeNaN();
  });

  it('start from 0 and 0, which the first batch replaces', () => {
    for (const id of ['haiku', 'caffe']) {
      const resolved = unwrap(resolveLayer({ parameters: {} }, [2, 3, 4, 4], convention(id)));
      expect(new Set(resolved.layer.movingVariance)).toEqual(new Set([0]));
      expect(convention(id).momentum.batchWeight({ momentum: 0.9, batchesBefore: 0 })).toBe(1);
    }
  });
});

describe('stand-alone Keras', () => {
  const factor = (n: number): number =>
    convention('keras-standalone').movingVariance.factor(n, 1e-3);

  it('remembers slightly more than the unbiased variance, and −1/epsilon of it at n = 1', () => {
    expect(factor(4)).toBeCloseTo(4 / 2.999, 12);
    expect(factor(1)).toBeCloseTo(-1000, 6);
  });
});

describe('the kernel taken', () => {
  const paths = [
    ['tf1', 4, 3, 'bessel-guarded'],
    ['tf1', 4, 1, 'bessel-guarded'],
    ['tf1', 4, 2, 'biased'],
    ['tf1', 2, 1, 'biased'],
    ['tf1', 5, 4, 'biased'],
    ['keras2', 4, 3, 'bessel-guarded'],
    ['keras2', 5, 4, 'bessel-guarded'],
    ['keras2', 5, 1, 'bessel-guarded'],
    ['keras2', 5, 3, 'biased'],
    ['keras2', 3, 2, 'biased'],
    ['keras3', 4, 3, 'biased'],
    ['pytorch', 2, 1, 'bessel'],
    ['tfjs', 4, 3, 'biased'],
  ] as const;

  it.each(paths)('%s at rank %i with channels on axis %i: %s', (id, rank, axis, variance) => {
    expect(pathRules(convention(id), rank, axis, 'float32').movingVariance.id).toBe(variance);
  });

  it('never fuses float64 in tf.keras', () => {
    expect(pathRules(convention('keras2'), 4, 3, 'float64').movingVariance.id).toBe('biased');
  });
});

describe('translateMomentum', () => {
  it('keeps the meaning, without binary noise', () => {
    expect(translateMomentum(0.99, convention('tf1'), convention('pytorch'))).toBe(0.01);
    expect(translateMomentum(0.1, convention('pytorch'), convention('keras3'))).toBe(0.9);
    expect(translateMomentum(0.999, convention('tf1'), convention('tfjs'))).toBe(0.999);
  });

  it('comes back to the same number', () => {
    for (const momentum of [0, 0.5, 0.9, 0.99, 0.997, 0.9999, 1]) {
      const there = translateMomentum(momentum, convention('tf1'), convention('pytorch'));
      expect(translateMomentum(there, convention('pytorch'), convention('tf1'))).toBe(momentum);
    }
  });

  it('falls back to the default where there is no cumulative average', () => {
    expect(translateMomentum(null, convention('pytorch'), convention('keras3'))).toBe(0.99);
    expect(translateMomentum(null, convention('pytorch'), convention('pytorch'))).toBeNull();
  });
});
