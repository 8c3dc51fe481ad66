import { describe, expect, it } from 'vitest';
import { step } from '../../src/core/batchnorm/step';
import { formatFloat32 } from '../../src/core/text/format';
import { casesOf } from './cases';
import { loadRecords, type Numbers } from './records';

const digits = (values: ArrayLike<number>): string[] => Array.from(values, formatFloat32);
const printed = (values: unknown): string[] => digits((values as Numbers).map(Number));

describe('the seed, to the last printed digit', () => {
  for (const record of loadRecords('seed')) {
    for (const golden of casesOf(record)) {
      it(golden.name, () => {
        const input = golden.calls[0]?.input;
        if (!input) throw new Error('no call');
        const stepped = step(golden.layer, input, golden.flags);
        if (!stepped.ok) throw new Error(stepped.problem.message);
        const { layer, output } = stepped.value;
        expect(digits(layer.movingMean)).toEqual(printed(record.expected.moving_mean));
        expect(digits(layer.movingVariance)).toEqual(printed(record.expected.moving_variance));
        const pixel = (record.expected.output as Numbers).slice(0, 4).map(Number);
        for (const [c, y] of pixel.entries()) expect(output.data[c]).toBeCloseTo(y, 5);
      });
    }
  }
});
