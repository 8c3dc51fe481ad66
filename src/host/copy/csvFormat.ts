import { formatFloat32 } from '../../core/text/format';
import type { CopyFormat, Results } from './copyFormat';

type Cell = (results: Results, channel: number) => string;

const stored =
  (values: (results: Results) => Float64Array): Cell =>
  (results, c) =>
    formatFloat32(values(results)[c] as number);

const computed =
  (values: (results: Results) => Float64Array): Cell =>
  (results, c) =>
    String(values(results)[c]);

const columns: readonly (readonly [head: string, cell: Cell])[] = [
  ['channel', (_, c) => String(c)],
  ['n', computed(({ trace }) => trace.batch.n)],
  ['gamma', stored(({ inspection }) => inspection.present.layer.gamma)],
  ['beta', stored(({ inspection }) => inspection.present.layer.beta)],
  ['batch_mean', computed(({ trace }) => trace.batch.mean)],
  ['batch_variance', computed(({ trace }) => trace.batch.variance)],
  ['moving_mean_before', stored(({ trace }) => trace.movingMeanBefore)],
  ['moving_mean_after', stored(({ trace }) => trace.movingMeanAfter)],
  ['moving_variance_before', stored(({ trace }) => trace.movingVarianceBefore)],
  ['moving_variance_after', stored(({ trace }) => trace.movingVarianceAfter)],
  ['normalized_with', ({ trace }) => trace.normalizedWith],
  ['output_min', stored(({ trace }) => trace.output.min)],
  ['output_max', stored(({ trace }) => trace.output.max)],
  ['output_mean', computed(({ trace }) => trace.output.mean)],
  ['output_std', computed(({ trace }) => trace.output.std)],
  ['output_nan', computed(({ trace }) => trace.output.nan)],
  ['output_pos_inf', computed(({ trace }) => trace.output.posInf)],
  ['output_neg_inf', computed(({ trace }) => trace.output.negInf)],
];

/** A row a channel, for a spreadsheet or a data frame. */
export const csvFormat: CopyFormat = {
  id: 'csv',
  label: 'CSV',
  detail: 'A row for each channel: parameters, statistics before and after, output summary',
  hasElements: false,
  write: results =>
    channelsCsv(
      results,
      Array.from({ length: results.trace.channels }, (_, c) => c),
    ),
};

/** A head, and a row for each of the channels, in their order. */
export function channelsCsv(results: Results, channels: Iterable<number>): string {
  const rows = Array.from(channels, c => columns.map(([, cell]) => cell(results, c)).join(','));
  return `${[columns.map(([head]) => head).join(','), ...rows].join('\n')}\n`;
}

/** The same as a list of objects; values that JSON has no number for are strings. */
export function channelsJson(results: Results, channels: Iterable<number>): string {
  const rows = Array.from(channels, c => {
    const cells = columns.map(([head, cell]) => {
      const text = cell(results, c);
      const plain = text !== '' && Number.isFinite(Number(text));
      return `${JSON.stringify(head)}: ${plain ? text : JSON.stringify(text)}`;
    });
    return `  { ${cells.join(', ')} }`;
  });
  return `[\n${rows.join(',\n')}\n]\n`;
}
