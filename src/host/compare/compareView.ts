import type { Finding } from '../../core/batchnorm/diagnose/finding';
import { comparePair, type ComparedPair } from '../../core/batchnorm/comparing/layerPair';
import { parameterNames } from '../../core/batchnorm/layer';
import { parameterLabels } from '../../core/batchnorm/statement';
import { fail, ok, type Result } from '../../core/problem';
import { isClose, isEqual, type Comparison, type Tolerance } from '../../core/statistics/compare';
import { mergeComparisons } from '../../core/statistics/mergeComparisons';
import { formatShape, multiIndex } from '../../core/tensor/shape';
import { compareFigures, compareVerdict, ulpRows } from '../../core/text/compareText';
import type {
  ChannelPairs,
  Closeness,
  LayersView,
  Outcome,
  SideView,
  TensorsView,
} from '../../protocol/compare';
import { sideDetail, sideTitle, type CompareSide } from './compareSpec';
import type { LoadedSide, LoadedSides } from './loadSides';

export function sideView(side: CompareSide, loaded: LoadedSide, source: string): SideView {
  const { tensor, layer, shows, notes } = loaded;
  const detail = [
    layer && side.saved === undefined ? shows : '',
    sideDetail(side),
    formatShape(tensor.shape),
  ];
  return {
    title: sideTitle(side),
    detail: detail.filter(part => part !== '').join(', '),
    source,
    notes,
  };
}

export function tensorsView(
  { tensor, channelAxis }: LoadedSide,
  comparison: Comparison,
  tolerance: Tolerance,
): TensorsView {
  const { shape } = tensor;
  const place = (index: number): string => formatShape(multiIndex(shape, index));
  return {
    ...outcome(comparison, tolerance, place),
    shape,
    axisNames: shape.map((_, axis) => `axis ${axis}`),
    channelAxis,
    ulps: ulpRows(comparison),
    worst: comparison.worst.map(({ index, a, b }) => ({ index: multiIndex(shape, index), a, b })),
  };
}

function outcome(
  comparison: Comparison,
  tolerance: Tolerance,
  place?: (index: number) => string,
): Outcome {
  return {
    closeness: closenessOf(comparison, tolerance),
    verdict: compareVerdict(comparison, tolerance),
    figures: compareFigures(comparison, place).filter(([, value]) => value !== ''),
  };
}

function closenessOf(comparison: Comparison, tolerance: Tolerance): Closeness {
  if (isEqual(comparison, tolerance)) return 'equal';
  return isClose(comparison) ? 'within' : 'out';
}

/** @returns undefined where the sides are no layers */
export function pairOf(
  { a, b }: LoadedSides,
  tolerance: Tolerance,
): Result<ComparedPair> | undefined {
  return a.layer && b.layer && comparePair(a.layer, b.layer, tolerance);
}

/** @param found of the two as checkpoints of one layer, and as a pair */
export function layersView(
  pair: ComparedPair,
  tolerance: Tolerance,
  found: readonly Finding[],
): LayersView {
  const parameters = parameterNames.flatMap(role => {
    const comparison = pair.parameters[role];
    if (!comparison) return [];
    const { maxAbs } = comparison;
    return [
      { label: parameterLabels[role], closeness: closenessOf(comparison, tolerance), maxAbs },
    ];
  });
  return {
    ...outcome(mergeComparisons(Object.values(pair.parameters)), tolerance),
    channels: pair.a.channels,
    parameters,
    findings: found.map(({ whatIf: _, ...finding }) => finding),
  };
}

/** Channels by how far their parameters are apart, the furthest first; of equal ones in their order. */
export function worstChannels({ values, a }: ComparedPair): Float64Array {
  const apart = new Float64Array(a.channels);
  for (const role of parameterNames) {
    const [first, second] = [values.a[role], values.b[role]];
    for (let c = 0; c < apart.length; c++) {
      apart[c] = Math.max(apart[c] as number, distance(first[c] as number, second[c] as number));
    }
  }
  const order = Float64Array.from(apart.keys());
  return order.sort((p, q) => {
    const [x, y] = [apart[p] as number, apart[q] as number];
    return x === y ? p - q : y - x;
  });
}

/** Infinite where one is a number and the other is not. */
function distance(a: number, b: number): number {
  if (Object.is(a, b) || a === b) return 0;
  return Number.isFinite(a - b) ? Math.abs(a - b) : Infinity;
}

export function channelPairs(
  { values }: ComparedPair,
  order: Float64Array,
  start: number,
  count: number,
): Result<ChannelPairs> {
  if (start >= order.length && order.length > 0) {
    return fail('range-invalid', `There are ${order.length} channels.`);
  }
  const channels = order.slice(start, start + count);
  const found = new Float64Array(channels.length * 8);
  channels.forEach((channel, row) => {
    parameterNames.forEach((role, i) => {
      found[row * 8 + i * 2] = values.a[role][channel] as number;
      found[row * 8 + i * 2 + 1] = values.b[role][channel] as number;
    });
  });
  return ok({ start, channels, values: found });
}
