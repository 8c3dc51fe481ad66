import { binEdges, type HistogramCounts } from '../../../src/core/statistics/histogram';
import type { DistributionReply } from '../../../src/protocol/pictures/distribution';
import { countText, numberText } from '../../ui/number';

/** One place of the histogram: a bin, or what lies below or above all of them. */
export interface Place {
  readonly name: string;
  readonly input: number;
  readonly output: number;
}

/** Every place from left to right: those below the range, the bins, those above it. */
export function placesOf(reply: DistributionReply): readonly Place[] {
  const { low, high, bins, input, output } = reply;
  const edges = binEdges(low, high, bins);
  const place = (slot: number, name: string): Place => ({
    name,
    input: input[slot] as number,
    output: output[slot] as number,
  });
  return [
    place(0, `below ${numberText(low, 'short')}`),
    ...Array.from({ length: bins }, (_, i) => place(1 + i, binName(edges, i, bins))),
    place(bins + 1, `above ${numberText(high, 'short')}`),
  ];
}

/** `[0.25, 0.5)`, and `[0.75, 1]` for the last, which holds its upper edge. */
function binName(edges: Float64Array, i: number, bins: number): string {
  const [from, to] = [
    numberText(edges[i] as number, 'short'),
    numberText(edges[i + 1] as number, 'short'),
  ];
  return `[${from}, ${to}${i === bins - 1 ? ']' : ')'}`;
}

/** NaN and the infinities, which have no place on the axis. */
export function offAxis(counts: HistogramCounts, bins: number): string {
  const [nan, posInf, negInf] = [counts[bins + 2], counts[bins + 3], counts[bins + 4]] as [
    number,
    number,
    number,
  ];
  return [
    nan > 0 ? `${countText(nan)} NaN` : '',
    posInf > 0 ? `${countText(posInf)} +∞` : '',
    negInf > 0 ? `${countText(negInf)} −∞` : '',
  ]
    .filter(text => text !== '')
    .join(', ');
}

/** What a place holds, in a line. */
export function describePlace({ name, input, output }: Place): string {
  return `${name}: input ${countText(input)}, output ${countText(output)}`;
}

/** What the picture shows, for whoever does not see it. */
export function summaryOf(reply: DistributionReply): string {
  const places = placesOf(reply);
  const total = (of: (place: Place) => number): number =>
    places.reduce((sum, place) => sum + of(place), 0);
  const fullest = (of: (place: Place) => number): string =>
    places.reduce((best, place) => (of(place) > of(best) ? place : best)).name;
  return `Histograms in ${reply.bins} bins from ${numberText(reply.low, 'short')} to ${numberText(reply.high, 'short')}: input, ${countText(total(p => p.input))} values, most in ${fullest(p => p.input)}; output, ${countText(total(p => p.output))} values, most in ${fullest(p => p.output)}.`;
}
