import { assertNever, type Problem } from '../problem';
import type { JsonValue } from './jsonDocument';
import { nonFiniteValue } from './jsonScanner';
import type { NumberArray } from './numberArray';

/**
 * Passes on what is wrong with an array's values.
 * @returns whether its numbers can be used
 */
export function addValueProblems(array: NumberArray, problems: Problem[]): boolean {
  problems.push(...array.values);
  if (array.firstBoolean) {
    problems.push({
      code: 'not-a-number',
      severity: 'error',
      message: 'true and false are not numbers here: write 1 and 0.',
      range: array.firstBoolean,
    });
    return false;
  }
  return [...array.syntax, ...array.values].every(problem => problem.severity !== 'error');
}

/** A number, or one of the strings that stand for a non-finite one; else undefined. */
export function scalar(value: JsonValue): number | undefined {
  if (value.kind === 'number') return value.value;
  return value.kind === 'string' ? nonFiniteValue(value.value) : undefined;
}

/** For messages: `"gamma" is a string`. */
export function describe(value: JsonValue): string {
  switch (value.kind) {
    case 'number':
    case 'boolean':
      return String(value.value);
    case 'string':
      return value.value.length <= 24 ? `the string "${value.value}"` : 'a string';
    case 'null':
      return 'null';
    case 'numbers':
      return 'an array';
    case 'list':
      return 'an array that holds objects';
    case 'object':
      return 'an object';
    case 'lines':
      return 'lines of objects';
    case 'unreadable':
      return 'unreadable';
    default:
      return assertNever(value);
  }
}
