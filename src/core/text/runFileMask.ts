import type { Problem } from '../problem';
import type { Tensor } from '../tensor/tensor';
import type { JsonMember } from './jsonDocument';

/** Reads `mask`, of numbers or booleans. What it does is the convention's to say, which is checked elsewhere. */
export function readMask(member: JsonMember | undefined, problems: Problem[]): Tensor | undefined {
  if (!member) return undefined;
  const { value, valueRange } = member;
  if (value.kind === 'null' || value.kind === 'unreadable') return undefined;
  if (value.kind !== 'numbers') {
    problems.push({
      code: 'value-unexpected',
      severity: 'error',
      message: `"${member.key}" must be an array of true and false, or of 1 and 0.`,
      range: valueRange,
    });
    return undefined;
  }
  const { array } = value;
  problems.push(...array.values);
  const data = Uint8Array.from(array.data, x => (x === 0 ? 0 : 1));
  return { shape: array.shape, dtype: 'bool', data };
}
