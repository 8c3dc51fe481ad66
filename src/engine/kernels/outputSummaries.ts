import {
  emptySummaries,
  histogramBins,
  type ChannelSummaries,
} from '../../core/statistics/channels';
import { binOf } from '../../core/statistics/reference';
import { channelRule, type ChannelRule, type OutputRules } from './affine';
import { nearness, type InputHistogram } from './histogram';
import type { InputStatistics } from './moments';

/** What follows of an output from its input's statistics, without looking at an element of either. */
export interface OutputSummaries {
  readonly summaries: ChannelSummaries;
  /**
   * 1 for a channel that is summarised; 0 for one that holds, or may get, a value which is not finite,
   * and for one whose histogram does not follow: those are counted from the output itself.
   */
  readonly known: Uint8Array;
}

/**
 * Each operation that makes an output is monotone, so the extremes of the input become those of the
 * output, exactly, unless something overflows; and the histogram's bins those of the output, but for
 * elements near an edge, which were kept and are mapped one by one. The mean and the standard deviation
 * are those of the exact map: off by less than the output's own rounding.
 */
export function outputSummaries(
  rules: OutputRules,
  input: InputStatistics,
  histogram: InputHistogram | undefined,
): OutputSummaries {
  const channels = input.n.length;
  const summaries = emptySummaries(channels);
  summaries.n.set(input.n);
  const known = new Uint8Array(channels);
  const kept = histogram !== undefined && !overflowed(histogram) ? histogram : undefined;
  const maps = new Map<number, ChannelMap>();
  for (let c = 0; c < channels; c++) {
    const map = mapOf(channelRule(rules, c), input, c);
    const done = map !== undefined && mapChannel(map, c, kept, input, summaries);
    if (!done) continue;
    known[c] = 1;
    if (map.min < map.max) maps.set(c, map);
  }
  placeStrays(kept?.strays ?? [], maps, summaries.histogram);
  return { summaries, known };
}

/** A map of one channel, and the range it gives. */
interface ChannelMap extends ChannelRule {
  /** Of the output; finite. */
  readonly min: number;
  readonly max: number;
  /** No element is farther from where the rule gives its beta. */
  readonly farthest: number;
}

/** @returns undefined where an element, or what it becomes, is not finite */
function mapOf(rule: ChannelRule, input: InputStatistics, c: number): ChannelMap | undefined {
  const [mean, lowest, highest] = [input.mean[c], input.min[c], input.max[c]] as [
    number,
    number,
    number,
  ];
  const [low, high] = [rule.at(lowest), rule.at(highest)];
  if (![mean, low, high].every(Number.isFinite)) return undefined;
  const farthest = Math.max(Math.abs(lowest - rule.centre), Math.abs(highest - rule.centre));
  return { ...rule, min: Math.min(low, high), max: Math.max(low, high), farthest };
}

/** @returns whether the channel's summary follows */
function mapChannel(
  map: ChannelMap,
  c: number,
  kept: InputHistogram | undefined,
  input: InputStatistics,
  summaries: ChannelSummaries,
): boolean {
  const first = c * histogramBins;
  const { min, max } = map;
  const constant = min === max;
  if (constant) summaries.histogram[first] = input.n[c] as number;
  else if (kept && keepsClear(map)) mapBins(map, first, kept, summaries.histogram);
  else return false;
  summaries.min[c] = min;
  summaries.max[c] = max;
  const mean = map.exactAt(input.mean[c] as number);
  summaries.mean[c] = constant ? min : Math.min(Math.max(mean, min), max);
  const std = Math.sqrt(input.variance[c] as number) * Math.abs(map.slope);
  summaries.std[c] = constant ? 0 : std;
  return true;
}

/** Whether so many values lie near edges that keeping them was given up. */
function overflowed({ strays, strayLimit }: InputHistogram): boolean {
  return strays.length > 2 * strayLimit;
}

/**
 * Whether rounding can move no element further than the margin that was kept; it cannot where a large
 * beta swallows the digits of a small spread.
 */
function keepsClear({ min, max, farthest, roundoff }: ChannelMap): boolean {
  const off = roundoff(Math.max(Math.abs(min), Math.abs(max)), farthest);
  // The value, the minimum and the width twice over may each be off by that; then a factor of two.
  return (2 * 4 * off * histogramBins) / (max - min) < nearness;
}

/** Moves the clear elements bin by bin, and looks where those kept at each edge fall. */
function mapBins(
  map: ChannelMap,
  first: number,
  from: InputHistogram,
  histogram: Uint32Array,
): void {
  for (let bin = 0; bin < histogramBins; bin++) {
    const to = first + (map.slope < 0 ? histogramBins - 1 - bin : bin);
    histogram[to] = (histogram[to] as number) + (from.clear[first + bin] as number);
    const count = from.edgeCount[first + bin] as number;
    if (count > 0) addMapped(map, first, from.edgeValue[first + bin] as number, count, histogram);
  }
}

/** @param strays pairs of a channel and a value */
function placeStrays(
  strays: readonly number[],
  maps: ReadonlyMap<number, ChannelMap>,
  histogram: Uint32Array,
): void {
  for (let i = 0; i < strays.length; i += 2) {
    const c = strays[i] as number;
    const map = maps.get(c);
    if (map) addMapped(map, c * histogramBins, strays[i + 1] as number, 1, histogram);
  }
}

function addMapped(
  { at, min, max }: ChannelMap,
  first: number,
  value: number,
  count: number,
  histogram: Uint32Array,
): void {
  const to = first + binOf(at(value), min, max);
  histogram[to] = (histogram[to] as number) + count;
}
