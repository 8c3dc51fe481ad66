import type { ChannelSummaries } from '../statistics/channels';
import { formatSignificant } from '../text/format';
import { nameChannels, worstOf } from './diagnose/channelsWhere';
import { channelCount, type BatchNormLayer } from './layer';
import type { Trace } from './trace';

/** A layer, and what the next step over an input makes of it. */
export interface Examined {
  readonly layer: BatchNormLayer;
  readonly trace: Trace;
}

/** What a fix does to the output and to the moving statistics after the step, over one and the same input. */
export interface FixEffect {
  /** In a sentence or two, with the largest change in it. */
  readonly text: string;
  /** Channels of the rows, those that change most first; none where the channels are others than before. */
  readonly channels: readonly number[];
  /** Only what changes in some channel. */
  readonly columns: readonly ChangeColumn[];
  /** max |after − before| of the output, one a row; empty where the output stays, or there is no telling. */
  readonly largest: readonly number[];
}

export interface ChangeColumn {
  readonly label: string;
  /** One a row; likewise `after`. */
  readonly before: readonly number[];
  readonly after: readonly number[];
}

/** Rows that are shown: enough to see what they have in common. */
const mostRows = 16;

export function fixEffect(before: Examined, after: Examined): FixEffect {
  const total = channelCount(after.layer);
  const axis = after.layer.channelAxis;
  if (axis !== before.layer.channelAxis || total !== channelCount(before.layer)) {
    return { text: otherChannels(before, after), channels: [], columns: [], largest: [] };
  }
  const output = changing(outputColumns(before.trace, after.trace));
  const moving = changing(movingColumns(before.trace, after.trace));
  const outputs = changedChannels(output);
  const moved = changedChannels(moving);
  const largest = outputs.length > 0 ? largestChanges(before, after) : undefined;
  const rows = worstFirst([...new Set([...outputs, ...moved])], largest).slice(0, mostRows);
  return {
    text: `${outputText(outputs, total, largest)} ${movedText(moved, total)}`.trim(),
    channels: rows,
    columns: [...output, ...moving].map(column => ({
      label: column.label,
      before: rows.map(c => column.before[c] as number),
      after: rows.map(c => column.after[c] as number),
    })),
    largest: largest ? rows.map(c => largest[c] as number) : [],
  };
}

/** Where a change is no number, something was or became no number: that is worst. */
function worstFirst(channels: readonly number[], largest: Float64Array | undefined): number[] {
  const badness = (c: number): number => {
    const change = largest?.[c] ?? 0;
    return Number.isNaN(change) ? Infinity : change;
  };
  const compare = (a: number, b: number): number =>
    badness(a) === badness(b) ? a - b : badness(b) - badness(a);
  return [...channels].sort(compare);
}

/**
 * max |after − before| over the finite elements of each channel. Both outputs are affine in the input, so
 * their difference is too, and is largest at one of the ends. NaN where an end is on one side only.
 * @returns undefined where the parts of a batch are normalised apart, so that a channel has several lines
 */
function largestChanges(before: Examined, after: Examined): Float64Array | undefined {
  const inParts = ({ layer, trace }: Examined): boolean =>
    layer.virtualBatchSize !== undefined && trace.normalizedWith === 'batch';
  if (inParts(before) || inParts(after)) return undefined;
  const [old, now] = [before.trace.output, after.trace.output];
  return old.min.map((low, c) => {
    const high = old.max[c] as number;
    const turned = (before.layer.gamma[c] as number) * (after.layer.gamma[c] as number) < 0;
    const [first, last] = turned ? [now.max, now.min] : [now.min, now.max];
    return Math.max(Math.abs((first[c] as number) - low), Math.abs((last[c] as number) - high));
  });
}

/** A number a channel. */
interface Column {
  readonly label: string;
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** What rounding alone can change. */
  readonly noise?: Float64Array;
}

/** A float32 has 24 bits: sums over an output's elements agree to about this part of its largest. */
const rounding = 2 ** -20;

function outputColumns({ output: old }: Trace, { output: now }: Trace): Column[] {
  const noise = now.max.map(
    (high, c) => rounding * Math.max(Math.abs(high), Math.abs(now.min[c] as number)),
  );
  return [
    { label: 'output mean', before: old.mean, after: now.mean, noise },
    { label: 'output σ', before: old.std, after: now.std, noise },
    { label: 'not finite', before: notFinite(old), after: notFinite(now) },
  ];
}

function movingColumns(old: Trace, now: Trace): Column[] {
  return [
    { label: 'moving mean next', before: old.movingMeanAfter, after: now.movingMeanAfter },
    {
      label: 'moving variance next',
      before: old.movingVarianceAfter,
      after: now.movingVarianceAfter,
    },
  ];
}

function notFinite({ nan, posInf, negInf }: ChannelSummaries): Float64Array {
  return nan.map((count, c) => count + (posInf[c] as number) + (negInf[c] as number));
}

function changing(columns: readonly Column[]): Column[] {
  return columns.filter(column => changedChannels([column]).length > 0);
}

/** Channels, ascending, in which one of the columns is not what it was. */
function changedChannels(columns: readonly Column[]): number[] {
  const found = new Set<number>();
  for (const { before, after, noise } of columns) {
    before.forEach((old, c) => {
      const now = after[c] as number;
      const same = Object.is(old, now) || Math.abs(now - old) <= (noise?.[c] ?? 0);
      if (!same) found.add(c);
    });
  }
  return [...found].sort((a, b) => a - b);
}

function outputText(
  channels: readonly number[],
  total: number,
  largest: Float64Array | undefined,
): string {
  if (channels.length === 0) return 'The output stays as it was.';
  const most = (c: number): number => largest?.[c] ?? NaN;
  const finite = channels.filter(c => Number.isFinite(most(c)));
  const worst = worstOf(finite, most);
  const where = channels.length === 1 ? '' : ` (channel ${worst})`;
  const by = finite.length === 0 ? '' : `, by up to ${formatSignificant(most(worst), 4)}${where}`;
  return `The output changes in ${nameChannels(channels, total)}${by}.`;
}

function movedText(channels: readonly number[], total: number): string {
  if (channels.length === 0) return '';
  return `The moving statistics after the next step are others in ${nameChannels(channels, total)}.`;
}

/** Of the whole output, since channel by channel there is nothing to set beside each other. */
function otherChannels(before: Examined, after: Examined): string {
  const [old, now] = [pooled(before.trace.output), pooled(after.trace.output)];
  const change = (a: number, b: number): string =>
    `${formatSignificant(a, 4)} → ${formatSignificant(b, 4)}`;
  const lost = old.other === now.other ? '' : `, not finite ${old.other} → ${now.other}`;
  return `The channels are others now: ${channelCount(after.layer)} on axis ${after.layer.channelAxis}, where there were ${channelCount(before.layer)} on axis ${before.layer.channelAxis}. Of the whole output: mean ${change(old.mean, now.mean)}, standard deviation ${change(old.std, now.std)}${lost}.`;
}

/** Over the finite elements of all channels. σ² = within + between: Σn·(σ² + (mean − total mean)²)/Σn. */
function pooled(output: ChannelSummaries): { mean: number; std: number; other: number } {
  const outside = notFinite(output);
  const weights = output.n.map((n, c) => n - (outside[c] as number));
  const count = weights.reduce((sum, n) => sum + n, 0);
  const average = (value: (c: number) => number): number =>
    weights.reduce((sum, n, c) => (n === 0 ? sum : sum + n * value(c)), 0) / count;
  const mean = average(c => output.mean[c] as number);
  const variance = average(
    c => (output.std[c] as number) ** 2 + ((output.mean[c] as number) - mean) ** 2,
  );
  return { mean, std: Math.sqrt(variance), other: outside.reduce((sum, n) => sum + n, 0) };
}
