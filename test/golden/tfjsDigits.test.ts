import { describe, expect, it } from 'vitest';
import { step } from '../../src/core/batchnorm/step';
import { formatFloat32 } from '../../src/core/text/format';
import { casesOf } from './cases';
import { loadRecords, type Numbers } from './records';

const digits = (values: ArrayLike<number>): string[] => Array.from(values, formatFloat32);

/**
 * tfjs gets outputs wrong where the channel axis is not last, but its moving statistics are right, and
 * the rounding of its update shows in their last digits: 0.16499999 and not 0.165.
 */
describe('the moving statistics that tfjs-layers prints, to the last digit', () => {
  const records = loadRecords('tfjs-runtime').filter(({ actual }) =>
    Array.isArray(actual?.moving_mean),
  );

  it('are recorded', () => {
    expect(records.length).toBe(8);
  });

  for (const record of records) {
    for (const golden of casesOf(record)) {
      it(golden.name, () => {
        const [call] = golden.calls;
        if (!call) throw new Error('no call');
        const stepped = step(golden.layer, call.input, golden.flags);
        if (!stepped.ok) throw new Error(stepped.problem.message);
        const { layer } = stepped.value;
        const printed = (name: 'moving_mean' | 'moving_variance'): string[] =>
          digits((record.actual?.[name] as Numbers).map(Number));
        expect(digits(layer.movingMean)).toEqual(printed('moving_mean'));
        expect(digits(layer.movingVariance)).toEqual(printed('moving_variance'));
      });
    }
  }
});
