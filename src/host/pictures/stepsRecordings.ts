import type { RecordedArray } from '../../core/recording/line';
import { thinnedPoints } from '../../core/recording/thinned';
import type { LayerSeries } from '../../core/recording/series';
import type { RecordedLine, RecordingChoice, StepsRecording } from '../../protocol/pictures/steps';
import { baseName } from '../inspection/source';
import { recordingProblems, seriesNotes } from '../recordings/describeRecording';
import type { RecordingShelf } from '../recordings/openRecordings';
import type { RecordingFile } from '../recordings/recordingFile';

/** Points of one line of a chart, at most. */
const mostPoints = 1200;

/** What a recording has of one channel of one of its layers. */
export function recordedOf(
  shelf: RecordingShelf,
  choice: RecordingChoice,
  channel: number,
): StepsRecording {
  const file = shelf.get(choice.uri);
  const series = file?.reader.layer(choice.layer);
  return {
    ...choice,
    name: baseName(choice.uri),
    note: file === undefined ? '' : notesOf(file, series, choice.layer, channel),
    movingMean: pointsOf(series, 'movingMean', channel),
    movingVariance: pointsOf(series, 'movingVariance', channel),
    batchMean: pointsOf(series, 'batchMean', channel),
    batchVariance: pointsOf(series, 'batchVariance', channel),
  };
}

export function pointsOf(
  series: LayerSeries | undefined,
  array: RecordedArray,
  channel: number,
): RecordedLine {
  const none = { steps: new Float64Array(0), values: new Float64Array(0) };
  return series === undefined ? none : thinnedPoints(series.points(array, channel), mostPoints);
}

function notesOf(
  file: RecordingFile,
  series: LayerSeries | undefined,
  layer: string,
  channel: number,
): string {
  const about =
    series === undefined
      ? `It has no layer ${layer}.`
      : channel >= series.channels
        ? `Its layer ${layer} has ${series.channels} channels, and no channel ${channel}.`
        : seriesNotes(series);
  return [recordingProblems(file), about].filter(text => text !== '').join(' ');
}
