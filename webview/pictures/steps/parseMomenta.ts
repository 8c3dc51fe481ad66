import { parseNumber } from '../../ui/parseNumber';

/** Momenta that one picture compares, at most. */
export const mostMomenta = 8;

/** @returns undefined where the text is no list of momenta; an empty one compares nothing */
export function parseMomenta(text: string): readonly number[] | undefined {
  const parts = text.split(/[,;\s]+/).filter(part => part !== '');
  const numbers = parts.map(parseNumber);
  const valid = numbers.every(x => x !== undefined && x >= 0 && x <= 1);
  return valid && parts.length <= mostMomenta ? [...new Set(numbers as number[])] : undefined;
}
