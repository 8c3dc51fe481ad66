import { parseFilter } from './channelFilter';
import {
  nonFiniteOutputs,
  severityOf,
  type ChannelColumn,
  type ChannelQuery,
  type ChannelTable,
} from './channelTable';

export interface ChannelOrder {
  /** Channels that pass the filter, in the order of the rows. */
  readonly channels: Uint32Array;
  /** What the filter could not make sense of, or empty. */
  readonly filterProblem: string;
}

/**
 * Filters and sorts. NaN sorts as larger than every number, so that it is on top of a descending
 * column; equal values stay in channel order whichever way the column points.
 */
export function orderChannels(table: ChannelTable, query: ChannelQuery): ChannelOrder {
  const filter = parseFilter(query.filter, table.channels);
  const passing: number[] = [];
  for (let c = 0; c < table.channels; c++) if (filter.test(table, c)) passing.push(c);
  const key = sortKeys[query.sort];
  const keys = new Float64Array(table.channels);
  for (const c of passing) keys[c] = key(table, c);
  const sign = query.descending ? -1 : 1;
  passing.sort((a, b) => sign * compare(keys[a] as number, keys[b] as number) || a - b);
  return { channels: Uint32Array.from(passing), filterProblem: filter.problem };
}

function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * What each column sorts by. The moving statistics sort as they are before the step, so that a flag
 * toggled does not shuffle the rows; an output that is not finite throughout sorts as NaN, else by
 * its mean.
 */
const sortKeys: Readonly<Record<ChannelColumn, (table: ChannelTable, c: number) => number>> = {
  channel: (_, c) => c,
  gamma: (table, c) => table.parameters.gamma[c] as number,
  beta: (table, c) => table.parameters.beta[c] as number,
  batchMean: (table, c) => table.trace.batch.mean[c] as number,
  batchVariance: (table, c) => table.trace.batch.variance[c] as number,
  movingMean: (table, c) => table.trace.movingMeanBefore[c] as number,
  movingVariance: (table, c) => table.trace.movingVarianceBefore[c] as number,
  drift: (table, c) => table.drift[c] as number,
  output: (table, c) =>
    nonFiniteOutputs(table, c) > 0 ? NaN : (table.trace.output.mean[c] as number),
  health: severityOf,
};
