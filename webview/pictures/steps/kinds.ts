import type { StepsApproach } from '../../../src/protocol/pictures/steps';
import { numberText } from '../../ui/number';

/** Classes of charts.css. */
export const takenKind = 'taken';
export const batchKind = 'batch-level';

export function approachKind({ own }: StepsApproach, index: number): string {
  return own ? 'projected' : `compared-${((index - 1) % 4) + 1}`;
}

export function recordingKind(index: number): string {
  return `recorded-${(index % 4) + 1}`;
}

/** `momentum 0.99`. */
export function approachLabel({ momentum }: StepsApproach): string {
  return momentum === null ? 'cumulative average' : `momentum ${numberText(momentum)}`;
}
