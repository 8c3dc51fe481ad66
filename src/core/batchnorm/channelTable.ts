import { histogramBins } from '../statistics/channels';
import { drift, varianceRatio } from '../statistics/drift';
import type { Finding } from './diagnose/finding';
import { severityRank } from './diagnose/severity';
import type { LayerParameters } from './layer';
import type { Trace } from './trace';

export type ChannelColumn =
  | 'channel'
  | 'gamma'
  | 'beta'
  | 'batchMean'
  | 'batchVariance'
  | 'movingMean'
  | 'movingVariance'
  | 'drift'
  | 'output'
  | 'health';

export interface ChannelQuery {
  readonly sort: ChannelColumn;
  readonly descending: boolean;
  /** What `parseFilter` in channelFilter.ts understands: `3`, `10-20`, `error`, `nan`, `drift>1`. */
  readonly filter: string;
}

/** Rows `start`… of the sorted, filtered channels: one entry a row in every array. */
export interface ChannelRows {
  readonly start: number;
  readonly channel: Uint32Array;
  readonly n: Float64Array;
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
  readonly batchMean: Float64Array;
  readonly batchVariance: Float64Array;
  readonly movingMeanBefore: Float64Array;
  readonly movingMeanAfter: Float64Array;
  readonly movingVarianceBefore: Float64Array;
  readonly movingVarianceAfter: Float64Array;
  readonly drift: Float64Array;
  readonly varianceRatio: Float64Array;
  readonly outputMin: Float64Array;
  readonly outputMax: Float64Array;
  readonly outputMean: Float64Array;
  readonly outputStd: Float64Array;
  readonly outputNan: Float64Array;
  readonly outputPosInf: Float64Array;
  readonly outputNegInf: Float64Array;
  /** `histogramBins` counts a row. */
  readonly histogram: Uint32Array;
  /** Index into `findings`, the worst of the channel; −1 where it is healthy. */
  readonly finding: Int32Array;
}

/** All that the grid shows, by channel: a trace with drift and health worked out. */
export interface ChannelTable {
  readonly channels: number;
  /** As before the step. */
  readonly parameters: LayerParameters;
  readonly trace: Trace;
  readonly findings: readonly Finding[];
  readonly drift: Float64Array;
  readonly varianceRatio: Float64Array;
  /** Index into `findings` of the worst one of each channel; −1 where it is healthy. */
  readonly worst: Int32Array;
}

/**
 * @param parameters of the layer as it was before the step
 * @param findings worst first, as `diagnose` returns them
 */
export function channelTable(
  parameters: LayerParameters,
  trace: Trace,
  findings: readonly Finding[],
): ChannelTable {
  const { channels, batch, epsilon } = trace;
  const table = {
    channels,
    parameters,
    trace,
    findings,
    drift: new Float64Array(channels),
    varianceRatio: new Float64Array(channels),
    worst: new Int32Array(channels).fill(-1),
  };
  for (let c = 0; c < channels; c++) {
    const movingVariance = trace.movingVarianceBefore[c] as number;
    table.drift[c] = drift(
      batch.mean[c] as number,
      trace.movingMeanBefore[c] as number,
      movingVariance,
      epsilon,
    );
    table.varianceRatio[c] = varianceRatio(batch.variance[c] as number, movingVariance);
  }
  findings.forEach((finding, index) => {
    for (const c of finding.channels) if (table.worst[c] === -1) table.worst[c] = index;
  });
  return table;
}

/** How bad a channel's worst finding is: 0 where it is healthy, 3 for an error. */
export function severityOf(table: ChannelTable, channel: number): number {
  const finding = table.findings[table.worst[channel] as number];
  return finding ? severityRank[finding.severity] : 0;
}

/** Elements of a channel's output that are NaN or infinite. */
export function nonFiniteOutputs({ trace: { output } }: ChannelTable, channel: number): number {
  return (
    (output.nan[channel] as number) +
    (output.posInf[channel] as number) +
    (output.negInf[channel] as number)
  );
}

/**
 * Rows `start` to `start + count` of the given order, which may end sooner.
 * @param order channel numbers, as `orderChannels` returns them
 */
export function channelRows(
  table: ChannelTable,
  order: Uint32Array,
  start: number,
  count: number,
): ChannelRows {
  const channel = order.slice(start, start + count);
  const pick = (values: Float64Array): Float64Array =>
    Float64Array.from(channel, c => values[c] as number);
  const { parameters, trace } = table;
  const { batch, output } = trace;
  const histogram = new Uint32Array(channel.length * histogramBins);
  channel.forEach((c, row) => {
    const bins = output.histogram.subarray(c * histogramBins, (c + 1) * histogramBins);
    histogram.set(bins, row * histogramBins);
  });
  return {
    start,
    channel,
    n: pick(batch.n),
    gamma: pick(parameters.gamma),
    beta: pick(parameters.beta),
    batchMean: pick(batch.mean),
    batchVariance: pick(batch.variance),
    movingMeanBefore: pick(trace.movingMeanBefore),
    movingMeanAfter: pick(trace.movingMeanAfter),
    movingVarianceBefore: pick(trace.movingVarianceBefore),
    movingVarianceAfter: pick(trace.movingVarianceAfter),
    drift: pick(table.drift),
    varianceRatio: pick(table.varianceRatio),
    outputMin: pick(output.min),
    outputMax: pick(output.max),
    outputMean: pick(output.mean),
    outputStd: pick(output.std),
    outputNan: pick(output.nan),
    outputPosInf: pick(output.posInf),
    outputNegInf: pick(output.negInf),
    histogram,
    finding: Int32Array.from(channel, c => table.worst[c] as number),
  };
}
