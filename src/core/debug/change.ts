import { formatSignificant } from '../text/format';
import { formatShape, type Shape } from '../tensor/shape';
import type { TensorData } from '../tensor/tensor';

/** The values of something at one stop of the program. */
export interface Snapshot {
  readonly shape: Shape;
  /** By name: those of a layer are its parameters, a tensor has one without a name. */
  readonly parts: readonly SnapshotPart[];
}

export interface SnapshotPart {
  readonly name: string;
  readonly data: TensorData;
}

/** How values differ from what they were. */
export interface Change {
  readonly of: number;
  readonly changed: number;
  /** Largest absolute difference, over those that are finite before and after. */
  readonly largest: number;
  /** Those of the changed ones that are not finite before or after. */
  readonly special: number;
}

/** Both have the same length. A NaN that stays one, and the sign of a zero, are no change. */
export function changeBetween(before: TensorData, after: TensorData): Change {
  let changed = 0;
  let largest = 0;
  let special = 0;
  for (let i = 0; i < after.length; i++) {
    const was = before[i] as number;
    const is = after[i] as number;
    if (was === is || (Number.isNaN(was) && Number.isNaN(is))) continue;
    changed++;
    const by = Math.abs(is - was);
    if (!Number.isFinite(was) || !Number.isFinite(is)) special++;
    else if (by > largest) largest = by;
  }
  return { of: after.length, changed, largest, special };
}

/** What changed since the stop before, in a clause: `unchanged`, `3 of 16 changed, by at most 0.5`. */
export function changeText(before: Snapshot, after: Snapshot): string {
  if (formatShape(before.shape) !== formatShape(after.shape)) {
    return `was ${formatShape(before.shape)}`;
  }
  const clauses = after.parts.flatMap(({ name, data }) => {
    const old = before.parts.find(part => part.name === name);
    if (old?.data.length !== data.length) return [`${name} is new`];
    const change = changeBetween(old.data, data);
    return change.changed === 0 ? [] : [`${name === '' ? '' : `${name}: `}${clauseOf(change)}`];
  });
  return clauses.length === 0 ? 'unchanged' : clauses.join('; ');
}

function clauseOf({ of, changed, largest, special }: Change): string {
  const finite = changed > special ? `, by at most ${formatSignificant(largest, 3)}` : '';
  return `${changed} of ${of} changed${finite}${special > 0 ? `, ${special} to or from NaN or ∞` : ''}`;
}
