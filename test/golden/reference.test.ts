import { describe, expect, it } from 'vitest';
import { step } from '../../src/core/batchnorm/step';
import { casesOf, quantitiesHeld, reasonNotHeld } from './cases';
import { holdCase, type Runner } from './hold';
import { goldenFiles, loadRecords } from './records';

const reference: Runner = (layer, input, flags, steps, mask) => {
  const stepped = step(layer, input, flags, steps, mask);
  if (!stepped.ok) return Promise.resolve(stepped);
  const { output, layer: after, trace } = stepped.value;
  return Promise.resolve({
    ok: true,
    value: { output: output.data, layer: after, batch: trace.batch },
  });
};

const records = goldenFiles.flatMap(loadRecords);
const held = records.filter(record => reasonNotHeld(record) === null);

describe('the float64 reference against golden vectors', () => {
  for (const golden of held.flatMap(casesOf)) {
    it(golden.name, () => holdCase(golden, reference));
  }

  it('accounts for every record, and says which are not held yet', () => {
    const reasons = new Map<string, string[]>();
    for (const record of records) {
      const reason = reasonNotHeld(record);
      if (reason !== null) reasons.set(reason, [...(reasons.get(reason) ?? []), record.name]);
      else if (Object.keys(record.expected).some(key => key.startsWith('grad_'))) {
        expect(quantitiesHeld(record.expected), record.name).not.toEqual([]);
        const partly = 'with gradients besides, held in gradients.test.ts';
        reasons.set(partly, [...(reasons.get(partly) ?? []), record.name]);
      }
    }
    console.log(`${held.length} of ${records.length} golden records held`);
    for (const [reason, names] of reasons) {
      console.log(`  ${names.length} ${reason}: ${names.join(', ')}`);
    }
    expect(held.length).toBeGreaterThanOrEqual(179);
  });
});
