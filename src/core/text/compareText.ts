import { isClose, isEqual, type Comparison, type Tolerance } from '../statistics/compare';
import { ulpBucketRange } from '../statistics/ulp';
import { formatSetting, formatSignificant } from './format';

/** What a comparison comes to, in a sentence or two that state the rule. */
export function compareVerdict(comparison: Comparison, tolerance: Tolerance): string {
  const { n, outside, bothNaN } = comparison;
  if (n === 0) return 'Nothing to compare: there are no elements.';
  const nan =
    bothNaN === 0
      ? ''
      : ` ${count(bothNaN, 'pair')} of NaN ${tolerance.equalNan ? 'count' : 'do not count'} as equal.`;
  if (isEqual(comparison, tolerance)) return `Equal: all ${count(n, 'pair')} are the same.${nan}`;
  const rule = toleranceRule(tolerance);
  if (isClose(comparison)) return `Within tolerance: all ${count(n, 'pair')} have ${rule}.${nan}`;
  return `Out of tolerance: of ${count(n, 'pair')}, ${outside} do not have ${rule}.${nan}`;
}

/** `|a − b| ≤ 1e-8 + 1e-5·|b|`. */
export function toleranceRule({ rtol, atol }: Tolerance): string {
  return `|a − b| ≤ ${formatSetting(atol)} + ${formatSetting(rtol)}·|b|`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}

/** The figures of a comparison, with what they are over; those that do not apply are left out. */
export function compareFigures(
  comparison: Comparison,
  place: (index: number) => string = String,
): (readonly [label: string, value: string])[] {
  const { n, finite, equal, maxAbs, maxAbsAt, meanAbs, rmse, maxRel, cosine, maxUlp } = comparison;
  const figure = (x: number): string => formatSignificant(x, 6);
  const at = maxAbsAt < 0 ? '' : ` at ${place(maxAbsAt)}`;
  const angle = Number.isNaN(cosine) ? 'none: one of the two is 0 everywhere' : String(cosine);
  const finitePairs: (readonly [string, string])[] = [
    ['max |a − b|', figure(maxAbs) + at],
    ['mean |a − b|', figure(meanAbs)],
    ['RMSE', figure(rmse)],
    ['max |a − b| / |b|', Number.isNaN(maxRel) ? 'none: b is 0 everywhere' : figure(maxRel)],
    ['cosine', angle],
    ['max ULP', `${maxUlp} (of float32)`],
  ];
  return [
    ['pairs', `${n}, ${equal} of them equal`],
    ['not finite', notFinite(comparison)],
    ...(finite === 0 ? [] : finitePairs),
  ];
}

function notFinite({ n, finite, ...comparison }: Comparison): string {
  if (n === finite) return '';
  const kinds: [string, number][] = [
    ['NaN in both', comparison.bothNaN],
    ['NaN in one', comparison.oneNaN],
    ['the same infinity', comparison.sameInfinity],
    ['an infinity in one, or opposite ones', comparison.otherInfinity],
  ];
  const said = kinds.filter(([, pairs]) => pairs > 0).map(([kind, pairs]) => `${pairs} ${kind}`);
  return `${said.join(', ')}; the figures are over the other ${finite}`;
}

/** Buckets of ULP distances from 0 to the last that has pairs: `4–7` and how many. */
export function ulpRows({ ulps }: Pick<Comparison, 'ulps'>): { label: string; pairs: number }[] {
  let last = ulps.length - 1;
  while (last >= 0 && ulps[last] === 0) last--;
  return Array.from({ length: last + 1 }, (_, bucket) => {
    const [from, to] = ulpBucketRange(bucket);
    return { label: from === to ? String(from) : `${from}–${to}`, pairs: ulps[bucket] as number };
  });
}
