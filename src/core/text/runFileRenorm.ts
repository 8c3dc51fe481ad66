import type { RenormClipping } from '../batchnorm/renorm';
import type { StatedRenorm } from '../batchnorm/statedRenorm';
import type { Problem } from '../problem';
import type { JsonMember } from './jsonDocument';
import { addValueProblems, describe, scalar } from './jsonValues';
import type { Roles } from './runFileRoles';

const clippingNames = ['rmin', 'rmax', 'dmax'] as const;

const renormRoles = ['renormClipping', 'renormMomentum', 'renormMean', 'renormStddev'] as const;

/**
 * What a run file says about batch renormalisation: `renorm`, and beside it the clipping, the momentum
 * and the averages under the names that TensorFlow and Keras give them.
 * @returns undefined where `renorm` is not true; what stands beside it then is not used, which is said
 */
export function readRenorm(
  { members, inside }: Roles,
  on: boolean,
  problems: Problem[],
): StatedRenorm | undefined {
  if (!on) {
    const unused = [...renormRoles, 'movingStddev' as const].flatMap(role => members[role] ?? []);
    problems.push(...unused.map(unusedMember));
    return undefined;
  }
  const { renormMomentum, renormClipping, movingStddev, renormMean, renormStddev } = members;
  const momentum = renormMomentum && readNumber(renormMomentum, problems, 'such as 0.99');
  const state = {
    movingStddev: readVector(movingStddev, problems),
    mean: readVector(renormMean, problems),
    stddev: readVector(renormStddev, problems),
  };
  return {
    ...(momentum !== undefined && { momentum }),
    clipping: renormClipping ? readClipping(renormClipping, inside, problems) : {},
    state: Object.fromEntries(Object.entries(state).filter(([, values]) => values !== undefined)),
  };
}

function readClipping(
  member: JsonMember,
  inside: Roles['inside'],
  problems: Problem[],
): RenormClipping {
  if (member.value.kind === 'null') return {};
  if (member.value.kind !== 'object') {
    refuse(
      member,
      'an object with "rmin", "rmax" and "dmax", as far as they are bounded',
      problems,
    );
    return {};
  }
  const clipping: { -readonly [K in keyof RenormClipping]: RenormClipping[K] } = {};
  for (const bound of inside(member)) {
    const name = clippingNames.find(known => known === bound.key.toLowerCase());
    const value = name && readNumber(bound, problems, 'of at least 0');
    if (name !== undefined && value !== undefined) clipping[name] = value;
    if (name === undefined) problems.push(unknownBound(bound));
  }
  return clipping;
}

function readNumber(member: JsonMember, problems: Problem[], example: string): number | undefined {
  const value = scalar(member.value);
  if (value === undefined) refuse(member, `a number, ${example}`, problems);
  return value;
}

function readVector(member: JsonMember | undefined, problems: Problem[]): number[] | undefined {
  if (!member) return undefined;
  const value = scalar(member.value);
  if (value !== undefined) return [value];
  if (member.value.kind !== 'numbers') {
    refuse(member, 'a number for each channel, or one for all of them', problems);
    return undefined;
  }
  const { array } = member.value;
  return addValueProblems(array, problems) ? Array.from(array.data) : undefined;
}

function refuse(member: JsonMember, wanted: string, problems: Problem[]): void {
  if (member.value.kind === 'unreadable') return;
  problems.push({
    code: 'value-unexpected',
    severity: 'error',
    message: `"${member.key}" is ${describe(member.value)}: give ${wanted}.`,
    range: member.valueRange,
  });
}

function unknownBound({ key, keyRange }: JsonMember): Problem {
  const message = `"${key}" bounds nothing and is ignored: the bounds are "rmin", "rmax" and "dmax".`;
  return { code: 'key-unknown', severity: 'note', message, range: keyRange };
}

function unusedMember({ key, keyRange }: JsonMember): Problem {
  const message = `"${key}" is not used, because "renorm" is not true: add it, or remove this one.`;
  return { code: 'renorm-off', severity: 'warning', message, range: keyRange };
}
