import { html, type TemplateResult } from 'lit/html.js';
import type { InspectionView } from '../../../src/protocol/panel';
import type { Statistics, StepsReply } from '../../../src/protocol/pictures/steps';
import { lineChart, type ChartLine, type ChartMark } from '../../charts/lineChart';
import { valueAt } from '../../charts/linePath';
import type { Extent } from '../../charts/extent';
import { countText, numberText, plural } from '../../ui/number';
import { approachKind, approachLabel, batchKind, recordingKind, takenKind } from './kinds';
import type { StepsParts } from './parts';

type Statistic = keyof Statistics;

const recorded = {
  mean: { moving: 'movingMean', batch: 'batchMean' },
  variance: { moving: 'movingVariance', batch: 'batchVariance' },
} as const;

/** The moving mean and the moving variance of the selected channel, side by side. */
export function chartsView(
  view: InspectionView,
  reply: StepsReply,
  parts: StepsParts,
): TemplateResult {
  const x = stepsShown(reply, parts.near);
  return html`<div class="charts">
    ${(['mean', 'variance'] as const).map(statistic => chartOf(view, reply, parts, statistic, x))}
  </div>`;
}

/** From 0 to the last step of anything that is drawn; `near` leaves recordings out of that. */
export function stepsShown(reply: StepsReply, near: boolean): Extent {
  const ends = [
    ...reply.states.map(({ steps }) => steps),
    ...reply.approaches.map(({ line }) => line.steps.at(-1) ?? 0),
    ...(near ? [] : reply.recordings.flatMap(recordedEnds)),
  ];
  return [0, Math.max(1, ...ends)];
}

function recordedEnds(recording: StepsReply['recordings'][number]): number[] {
  const { movingMean, movingVariance, batchMean, batchVariance } = recording;
  return [movingMean, movingVariance, batchMean, batchVariance].map(
    ({ steps }) => steps.at(-1) ?? 0,
  );
}

function chartOf(
  view: InspectionView,
  reply: StepsReply,
  { actions, width }: StepsParts,
  statistic: Statistic,
  x: Extent,
): TemplateResult {
  const name = `moving ${statistic}`;
  return lineChart({
    heading: `${name} of channel ${view.channels.selected}`,
    label: `Chart of the ${name} of channel ${view.channels.selected} over the steps. Arrow keys go along the states, Enter goes to one.`,
    xLabel: 'steps',
    width: width.pixels,
    ...(statistic === 'mean' && { attach: width.attach }),
    x,
    levels: [
      {
        label: `Of the batch: ${numberText(reply.batch[statistic])}`,
        kind: batchKind,
        y: reply.batch[statistic],
      },
    ],
    lines: linesOf(reply, statistic),
    marks: marksOf(reply, statistic),
    points: reply.states.map(state => ({
      label: `${state.label === '' ? 'The start' : `After ${state.label}`}, ${plural(state.steps, 'step')} taken: ${name} ${numberText(state[statistic])}`,
      x: state.steps,
      y: state[statistic],
      current: state.present,
      press: () => void actions.act({ kind: 'goToState', index: state.index }, 'picture'),
    })),
  });
}

function linesOf(reply: StepsReply, statistic: Statistic): ChartLine[] {
  const { moving, batch } = recorded[statistic];
  const recordings = reply.recordings.flatMap((recording, i) => {
    const from = `${recording.layer} in ${recording.name}`;
    return [
      {
        label: `Batch ${statistic} of ${from}`,
        kind: `${recordingKind(i)} recorded-batch`,
        x: recording[batch].steps,
        y: recording[batch].values,
      },
      {
        label: `Moving ${statistic} of ${from}`,
        kind: recordingKind(i),
        x: recording[moving].steps,
        y: recording[moving].values,
      },
    ];
  });
  const approaches = reply.approaches.map((approach, i) => ({
    label: `Projected at ${approachLabel(approach)}`,
    kind: approachKind(approach, i),
    x: approach.line.steps,
    y: approach.line[statistic],
  }));
  const taken = {
    label: 'Steps taken',
    kind: takenKind,
    x: reply.path.steps,
    y: reply.path[statistic],
  };
  // The layer's own lines lie on top.
  return [...recordings, ...approaches.slice(1), ...approaches.slice(0, 1), taken];
}

function marksOf({ approaches }: StepsReply, statistic: Statistic): ChartMark[] {
  const own = approaches.find(approach => approach.own);
  if (own === undefined) return [];
  const start = own.line.steps[0] ?? 0;
  const wanted = [
    { steps: own.halfWay[statistic], text: 'half way' },
    { steps: own.withinOnePercent[statistic], text: 'within 1 %' },
  ];
  return wanted.flatMap(({ steps, text }) =>
    steps === null
      ? []
      : [
          {
            text,
            title: `${text} after ${countText(steps)} more ${steps === 1 ? 'step' : 'steps'}`,
            x: start + steps,
            y: valueAt(own.line.steps, own.line[statistic], start + steps),
          },
        ],
  );
}
