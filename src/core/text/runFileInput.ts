import type { Problem, TextRange } from '../problem';
import { formatShape, sizeOf, type Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import type { JsonDocument, JsonMember, JsonValue } from './jsonDocument';
import type { NumberArray } from './numberArray';
import { maximumRank } from './rows';
import type { Roles } from './runFileRoles';
import { addValueProblems, describe } from './jsonValues';

export interface FoundInput {
  readonly tensor: Tensor;
  readonly name: string;
  /** Undefined for a bare array. */
  readonly member: JsonMember | undefined;
  readonly valueRange: TextRange;
}

/** @returns the input of a bare array, or undefined after a problem */
export function readBareInput(document: JsonDocument, problems: Problem[]): FoundInput | undefined {
  const { root, rootRange } = document;
  if (root === undefined) return undefined;
  const tensor = asTensor(root, rootRange, 'The input', undefined, problems);
  return tensor && { tensor, name: 'input', member: undefined, valueRange: rootRange };
}

/**
 * Finds the input among an object's members: the one called so, or the only array of rank 2 or more
 * that is for nothing else.
 * @returns undefined after a problem
 */
export function readInput(
  document: JsonDocument,
  roles: Roles,
  problems: Problem[],
): FoundInput | undefined {
  const member = roles.members.input ?? guessInput(document, roles, problems);
  if (!member) return undefined;
  const shape = readShape(roles.members.shape, problems);
  if (shape === 'invalid') return undefined;
  const { valueRange, key } = member;
  const tensor = asTensor(member.value, valueRange, `"${key}"`, shape, problems);
  return tensor && { tensor, name: key, member, valueRange };
}

function guessInput(
  document: JsonDocument,
  roles: Roles,
  problems: Problem[],
): JsonMember | undefined {
  const candidates = roles.unknown.filter(
    ({ value }) => value.kind === 'numbers' && value.array.shape.length >= 2,
  );
  if (candidates.length === 1) return candidates[0];
  // With the rest of the file unread there is no saying what is missing.
  if (document.problems.hasErrors) return undefined;
  const names = candidates.map(({ key }) => `"${key}"`).join(', ');
  problems.push({
    code: candidates.length === 0 ? 'input-missing' : 'input-ambiguous',
    severity: 'error',
    message:
      candidates.length === 0
        ? 'There is no input: add "input" with a nested array of numbers, such as [[1, 2], [3, 4]].'
        : `Any of ${names} could be the input: rename the one that is to "input".`,
    range: candidates[1]?.keyRange ?? firstBrace(document),
  });
  return undefined;
}

function firstBrace({ rootRange }: JsonDocument): TextRange {
  return { start: rootRange.start, end: rootRange.start + 1 };
}

function asTensor(
  value: JsonValue,
  range: TextRange,
  subject: string,
  shape: StatedShape | undefined,
  problems: Problem[],
): Tensor | undefined {
  if (value.kind === 'unreadable') return undefined;
  if (value.kind !== 'numbers') {
    problems.push({
      code: 'input-not-array',
      severity: 'error',
      message:
        value.kind === 'lines'
          ? 'Each line is an object of its own: name one of its arrays, as in #1/input for the first line.'
          : `${subject} is ${describe(value)}: give an array of numbers, such as [[1, 2], [3, 4]].`,
      range,
    });
    return undefined;
  }
  const { array } = value;
  if (!addValueProblems(array, problems)) return undefined;
  const misfit = shape && shapeMisfit(subject, array, shape);
  if (misfit) problems.push(misfit);
  if (misfit) return undefined;
  return { shape: shape?.shape ?? array.shape, dtype: 'float32', data: array.data };
}

interface StatedShape {
  readonly shape: Shape;
  readonly range: TextRange;
}

/** A stated shape must hold a flat input's values; a nested input's own shape must be the same. */
function shapeMisfit(
  subject: string,
  array: NumberArray,
  stated: StatedShape,
): Problem | undefined {
  const { shape, range } = stated;
  const size = sizeOf(shape);
  const nested = array.shape.length > 1;
  if (nested ? formatShape(shape) === formatShape(array.shape) : size === array.data.length) {
    return undefined;
  }
  const message = nested
    ? `"shape" is ${formatShape(shape)}, but ${subject} is nested as ${formatShape(array.shape)}: remove "shape", or give flat numbers.`
    : `"shape" ${formatShape(shape)} holds ${size} values, but ${subject} has ${array.data.length}: give sizes whose product is ${array.data.length}.`;
  return { code: 'shape-mismatch', severity: 'error', message, range };
}

function readShape(
  member: JsonMember | undefined,
  problems: Problem[],
): StatedShape | 'invalid' | undefined {
  if (!member) return undefined;
  const range = member.valueRange;
  const shape = member.value.kind === 'numbers' ? sizesOf(member.value.array) : undefined;
  if (shape) return { shape, range };
  problems.push({
    code: 'shape-invalid',
    severity: 'error',
    message: `"shape" must be 1 to ${maximumRank} whole numbers of at least 1, such as [1, 2, 2, 4].`,
    range,
  });
  return 'invalid';
}

function sizesOf(array: NumberArray): Shape | undefined {
  if (array.shape.length !== 1 || array.data.length > maximumRank) return undefined;
  const sizes = Array.from(array.exact);
  const valid = sizes.every(size => Number.isSafeInteger(size) && size >= 1);
  return valid && array.values.length === 0 && !array.firstBoolean ? sizes : undefined;
}
