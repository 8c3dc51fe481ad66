import { capital, formatSignificant } from '../text/format';
import {
  halfWay,
  stepsUntil,
  withinOnePercent,
  type Approach,
  type MovingApproach,
} from './approach';

/** Steps from now on at which a statistic is near; undefined where it never is. */
export interface ApproachMarks {
  readonly halfWay: number | undefined;
  readonly withinOnePercent: number | undefined;
}

/** None where there is no distance to go, or no number to say it with. */
export function approachMarks(approach: MovingApproach): ApproachMarks {
  const { from, to } = approach;
  const goes = Number.isFinite(from) && Number.isFinite(to) && from !== to;
  if (!goes) return { halfWay: undefined, withinOnePercent: undefined };
  return {
    halfWay: stepsUntil(approach, halfWay),
    withinOnePercent: stepsUntil(approach, withinOnePercent),
  };
}

/**
 * What becomes of one channel's moving statistics, in a few sentences.
 * @param varianceText how the convention remembers the batch's variance: `vB·n/(n−1)`
 */
export function explainApproach(approach: Approach, varianceText: string): string {
  const { mean, variance, moves, reason } = approach;
  if (!moves) return `The moving statistics stay as they are, because ${reason}.`;
  const together = sameMarks(approachMarks(mean), approachMarks(variance));
  const towards = varianceText === 'vB' ? '' : ` (${varianceText})`;
  const first = `the moving mean goes from ${number(mean.from)} to the batch's ${number(mean.to)}`;
  const second = `the moving variance from ${number(variance.from)} to ${number(variance.to)}${towards}`;
  const lead = `${momentumText(approach)}, `;
  if (together) {
    return `${lead}${first} and ${second}: both are ${marksText(mean)}.`;
  }
  return `${lead}${first}: it is ${marksText(mean)}. ${capital(second)}: it is ${marksText(variance)}.`;
}

export function momentumText({ momentum }: Pick<Approach, 'momentum'>): string {
  return momentum === null
    ? 'As a cumulative average'
    : `At momentum ${formatSignificant(momentum)}`;
}

/** `half way after 69 steps, within 1 % after 459`. */
export function marksText(approach: MovingApproach): string {
  const { from, to } = approach;
  if (!Number.isFinite(from) || !Number.isFinite(to)) return 'on no way that can be measured';
  if (from === to) return 'there already';
  const { halfWay: half, withinOnePercent: near } = approachMarks(approach);
  if (half === undefined) return 'never half way there';
  const steps = half === 1 ? '1 step' : `${grouped(half)} steps`;
  const rest = near === undefined ? 'never within 1 %' : `within 1 % after ${grouped(near)}`;
  return `half way after ${steps}, ${rest}`;
}

function sameMarks(a: ApproachMarks, b: ApproachMarks): boolean {
  return a.halfWay === b.halfWay && a.withinOnePercent === b.withinOnePercent;
}

function number(x: number): string {
  return formatSignificant(x);
}

function grouped(count: number): string {
  return count.toLocaleString('en-GB');
}
