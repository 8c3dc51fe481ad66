import type { LayerRow, LayersCompared } from '../../core/batchnorm/comparing/compareLayers';
import type { PairFinding } from '../../core/batchnorm/comparing/findings/registry';
import { parameterNames } from '../../core/batchnorm/layer';
import type { Severity } from '../../core/problem';
import { isClose, isEqual, type Tolerance } from '../../core/statistics/compare';
import { formatSignificant } from '../../core/text/format';
import type { Closeness } from '../../protocol/compare';
import type { FilesFinding, FilesRow } from '../../protocol/comparedFiles';

/** Rows that a page lists, at most. */
export const mostRows = 2000;

/** Findings that a page lists, at most: what differs alike in many layers is one. */
const mostFindings = 200;

/** As a page shows it. */
export interface DescribedFiles {
  readonly closeness: Closeness;
  readonly verdict: string;
  readonly findings: readonly FilesFinding[];
  readonly rows: readonly FilesRow[];
  readonly more: number;
}

/** @param problems layers of either file that could not be read */
export function describeFiles(
  { rows, findings }: LayersCompared,
  problems: readonly PairFinding[],
  tolerance: Tolerance,
): DescribedFiles {
  const described = rows.map(row => describeRow(row, tolerance));
  const all = worstFirst([...problems, ...findings]);
  const failed = all.some(({ severity }) => severity === 'error');
  const differ = described.some(
    ({ closeness, foldedInto }) => closeness !== 'equal' && foldedInto === null,
  );
  const out = failed || described.some(({ closeness }) => closeness === 'out');
  return {
    closeness: out ? 'out' : differ ? 'within' : 'equal',
    verdict: verdictOf(described, problems.length),
    findings: all.slice(0, mostFindings).map(({ whatIf: _, ...finding }) => finding),
    rows: described.slice(0, mostRows),
    more: Math.max(0, described.length - mostRows),
  };
}

function describeRow({ pair, ...row }: LayerRow, tolerance: Tolerance): FilesRow {
  const comparisons = Object.values(pair?.parameters ?? {});
  const closeness = (): Closeness => {
    if (comparisons.every(one => isEqual(one, tolerance))) return 'equal';
    return comparisons.every(isClose) ? 'within' : 'out';
  };
  return {
    ...row,
    closeness: pair ? closeness() : null,
    apart: parameterNames.map(role => pair?.parameters[role]?.maxAbs ?? null),
    effect: pair?.effect ?? null,
  };
}

const severities: readonly Severity[] = ['error', 'warning', 'note'];

function worstFirst(findings: readonly PairFinding[]): readonly PairFinding[] {
  return severities.flatMap(severity => findings.filter(one => one.severity === severity));
}

/** `Of 53 pairs of layers 51 have equal parameters, 2 have parameters out of tolerance. 1 layer of A has no partner.` */
function verdictOf(rows: readonly FilesRow[], unread: number): string {
  const count = (of: Closeness): number => rows.filter(({ closeness }) => closeness === of).length;
  const pairs = rows.filter(({ a, b }) => a !== null && b !== null).length;
  const parts = [
    said(count('equal'), 'equal parameters'),
    said(count('within'), 'parameters within tolerance'),
    said(count('out'), 'parameters out of tolerance'),
  ].filter(part => part !== '');
  const all = `Of ${pairs} ${pairs === 1 ? 'pair' : 'pairs'} of layers ${parts.join(', ')}.${effectText(rows)}`;
  const alone = [
    ...(['a', 'b'] as const).flatMap(side => aloneText(rows, side)),
    unread === 0 ? '' : `${layers(unread)} cannot be read.`,
  ];
  const sentences = [pairs === 0 ? '' : all, ...alone];
  return sentences.filter(sentence => sentence !== '').join(' ') || 'Neither has batch norms.';
}

/** Where outputs differ most; those that are not a number first. */
function effectText(rows: readonly FilesRow[]): string {
  const sizeOf = ({ effect }: FilesRow): number => {
    if (effect === null) return -1;
    return Number.isNaN(effect.size) ? Infinity : effect.size;
  };
  const [first, ...rest] = rows;
  if (!first) return '';
  const { a, effect } = rest.reduce(
    (most, row) => (sizeOf(row) > sizeOf(most) ? row : most),
    first,
  );
  if (effect === null) return ' Their outputs are the same.';
  const by = Number.isFinite(effect.size)
    ? `by up to ${formatSignificant(effect.size, 3)} in inference`
    : 'and one is not a number';
  return ` Outputs differ most in channel ${effect.channel} of ${a === '' ? 'the file’s own layer' : (a ?? '')}, ${by}.`;
}

function said(count: number, what: string): string {
  return count === 0 ? '' : `${count} ${count === 1 ? 'has' : 'have'} ${what}`;
}

/** What became of the layers that the other side does not have. */
function aloneText(rows: readonly FilesRow[], side: 'a' | 'b'): readonly string[] {
  const [own, other] = side === 'a' ? ['A', 'B'] : ['B', 'A'];
  const alone = rows.filter(row => row[side === 'a' ? 'b' : 'a'] === null);
  const folded = alone.filter(({ foldedInto }) => foldedInto !== null).length;
  const left = alone.length - folded;
  return [
    folded === 0
      ? ''
      : `${layers(folded)} of ${own} ${folded === 1 ? 'is' : 'are'} folded into weights of ${other}.`,
    left === 0
      ? ''
      : `${layers(left)} of ${own} ${left === 1 ? 'has' : 'have'} no partner in ${other}.`,
  ];
}

function layers(count: number): string {
  return `${count} ${count === 1 ? 'layer' : 'layers'}`;
}
