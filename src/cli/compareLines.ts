import type { ComparedPair } from '../core/batchnorm/comparing/layerPair';
import { parameterNames } from '../core/batchnorm/layer';
import { parameterLabels } from '../core/batchnorm/statement';
import { isClose, isEqual, type Comparison, type Tolerance } from '../core/statistics/compare';
import { formatShape, multiIndex } from '../core/tensor/shape';
import { compareFigures, compareVerdict, ulpRows } from '../core/text/compareText';
import { formatFloat32, formatSignificant } from '../core/text/format';
import type { LayerRow } from '../core/batchnorm/comparing/compareLayers';
import type { TensorRow } from './compareFiles';
import { pairsWords } from '../core/batchnorm/comparing/pairingFindings';
import { partName, worstOf, type ComparedPart, type ComparisonSummary } from './compareParts';
import { layOutPairs, layOutTable, type Column } from './table';

/** A comparison for a person: the verdict, the figures, then what differs, the worst first. */
export function* compareLines(
  summary: ComparisonSummary,
  labels: { readonly a: string; readonly b: string },
  tolerance: Tolerance,
): Generator<string> {
  const { parts, whole, layers, tensors, findings } = summary;
  yield* layOutPairs([
    ['A', labels.a],
    ['B', labels.b],
  ]);
  yield '';
  // Of layers that are all folded there is nothing to hold beside each other.
  if (parts.length > 0 || layers.length === 0) yield compareVerdict(whole, tolerance);
  const paired = layers.filter(({ pair }) => pair).length;
  for (const finding of findings) {
    yield `${finding.severity}: ${finding.message}${pairsWords(finding, paired)}`;
  }
  const [only] = parts;
  const place = (index: number): string => formatShape(multiIndex(only?.shape ?? [], index));
  if (parts.length > 0 || layers.length === 0) yield* layOutPairs(compareFigures(whole, place));
  yield* section(layers.length > 0 ? layersTable(layers, tolerance) : []);
  yield* section(tensors.length > 0 && parts.length > 1 ? tensorsTable(tensors, tolerance) : []);
  yield* section(isEqual(whole, tolerance) ? [] : ulpTable(whole));
  yield* section(worstTable(parts));
}

function* section(lines: readonly string[]): Generator<string> {
  if (lines.length > 0) yield '';
  yield* lines;
}

type Align = Column['align'];

function columnsOf<T>(
  rows: readonly T[],
): (head: string, align: Align, cell: (row: T) => string) => Column {
  return (head, align, cell) => ({ head, align, cells: rows.map(cell) });
}

function layersTable(layers: readonly LayerRow[], tolerance: Tolerance): string[] {
  const column = columnsOf(layers);
  return layOutTable([
    column('layer of A', 'left', ({ a }) => nameOr(a)),
    column('of B', 'left', ({ b }) => nameOr(b)),
    column('paired by', 'left', pairedByWords),
    ...parameterNames.map(role =>
      column(`${parameterLabels[role]} |a − b|`, 'right', ({ pair }) =>
        largest(pair?.parameters[role]),
      ),
    ),
    column('output |a − b|', 'right', ({ pair }) => largestEffect(pair)),
    column('', 'left', ({ pair, foldedInto }) => {
      if (pair) return verdictWord(Object.values(pair.parameters), tolerance);
      return foldedInto === null ? 'not compared' : 'folded';
    }),
  ]);
}

/** The largest of any channel, and which. */
function largestEffect(pair: ComparedPair | undefined): string {
  if (!pair) return '';
  const { effect } = pair;
  return effect ? `${formatSignificant(effect.size, 4)} (channel ${effect.channel})` : '0';
}

function pairedByWords({ pairedBy, doubt, foldedInto }: LayerRow): string {
  if (foldedInto !== null) return `folded into ${foldedInto}`;
  return pairedBy === null ? '' : pairedBy + (doubt === null ? '' : ', not sure');
}

function nameOr(name: string | null): string {
  if (name === null) return '—';
  return name === '' ? '(the file’s own)' : name;
}

function largest(comparison: Comparison | undefined): string {
  return comparison === undefined ? '' : formatSignificant(comparison.maxAbs, 4);
}

function verdictWord(comparisons: readonly Comparison[], tolerance: Tolerance): string {
  if (comparisons.every(one => isEqual(one, tolerance))) return 'equal';
  return comparisons.every(isClose) ? 'within tolerance' : 'out of tolerance';
}

/** Those that differ, the worst first; the others are counted. */
function tensorsTable(tensors: readonly TensorRow[], tolerance: Tolerance): string[] {
  const different = tensors
    .filter(({ comparison }) => !isEqual(comparison, tolerance))
    .sort((p, q) => q.comparison.outside - p.comparison.outside);
  const equal = tensors.length - different.length;
  const counted = `${equal} of ${tensors.length} tensors of one name ${equal === 1 ? 'is' : 'are'} equal${different.length === 0 ? '' : '; the others:'}`;
  if (different.length === 0) return [counted];
  const column = columnsOf(different);
  return [
    counted,
    ...layOutTable([
      column('tensor', 'left', ({ name }) => name),
      column('shape', 'left', ({ shape }) => formatShape(shape)),
      column('max |a − b|', 'right', ({ comparison }) => largest(comparison)),
      column('mean', 'right', ({ comparison }) => formatSignificant(comparison.meanAbs, 4)),
      column('max ULP', 'right', ({ comparison }) => String(comparison.maxUlp)),
      column('out of tolerance', 'right', ({ comparison }) => String(comparison.outside)),
    ]),
  ];
}

function ulpTable(whole: Comparison): string[] {
  const rows = ulpRows(whole);
  const column = columnsOf(rows);
  return layOutTable([
    column('ULP apart', 'right', ({ label }) => label),
    column('pairs', 'right', ({ pairs }) => String(pairs)),
  ]);
}

function worstTable(parts: readonly ComparedPart[]): string[] {
  const worst = worstOf(parts);
  if (worst.length === 0) return [];
  const column = columnsOf(worst);
  const printed = (x: number, { dtype }: ComparedPart): string =>
    dtype === 'float64' ? String(x) : formatFloat32(x);
  return layOutTable([
    column('worst', 'left', ({ part, index }) => {
      const name = parts.length > 1 ? `${partName(part)} ` : '';
      return name + formatShape(multiIndex(part.shape, index));
    }),
    column('a', 'right', ({ part, a }) => printed(a, part)),
    column('b', 'right', ({ part, b }) => printed(b, part)),
    column('|a − b|', 'right', ({ a, b }) => formatSignificant(Math.abs(a - b), 6)),
  ]);
}
