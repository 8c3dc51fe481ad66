import type { LineLeftOut } from '../../core/recording/reader';
import type { LayerSeries } from '../../core/recording/series';
import type { RecordingFile } from './recordingFile';

/** What was read of a recording and what is wrong with it, in sentences; empty where nothing is. */
export function recordingProblems({ reader, problem, startedOver }: RecordingFile): string {
  const { bad, firstBad, full, firstFull } = reader.counts;
  const over =
    startedOver === 0 ? '' : 'The file was replaced or cut off: it was read again from its start.';
  return [problem, over, leftOut(bad, firstBad), leftOut(full, firstFull)]
    .filter(text => text !== '')
    .join(' ');
}

function leftOut(lines: number, first: LineLeftOut | undefined): string {
  if (first === undefined) return '';
  return lines === 1
    ? `1 line was left out: line ${first.line}, ${first.reason}.`
    : `${grouped(lines)} lines were left out; the first is line ${first.line}: ${first.reason}.`;
}

/** `1,200 lines of 3 layers`. */
export function recordingSummary({ reader }: RecordingFile): string {
  const { good, unfinished } = reader.counts;
  const lines = good === 1 ? '1 line' : `${grouped(good)} lines`;
  const layers = reader.layers.length === 1 ? '1 layer' : `${grouped(reader.layers.length)} layers`;
  return `${lines} of ${layers}${unfinished ? '; one more is being written' : ''}`;
}

/** What a person should know of one layer's series; empty where it is whole and in order. */
export function seriesNotes({ lines, kept, stride, outOfOrder }: LayerSeries): string {
  const thinned =
    stride === 1
      ? ''
      : `Of ${grouped(lines)} lines ${grouped(kept)} are kept, one in ${grouped(stride)}, with each channel's lowest and highest.`;
  const order =
    outOfOrder === 0
      ? ''
      : `${outOfOrder === 1 ? '1 line goes' : `${grouped(outOfOrder)} lines go`} back in the steps: the last line of a step counts.`;
  return [thinned, order].filter(text => text !== '').join(' ');
}

function grouped(count: number): string {
  return count.toLocaleString('en-GB');
}
