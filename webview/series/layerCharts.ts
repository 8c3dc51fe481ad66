import { html, type TemplateResult } from 'lit/html.js';
import type { ParameterName } from '../../src/core/batchnorm/layer';
import type { ParameterLines, SeriesLayer, SeriesLines } from '../../src/protocol/series';
import { lineChart, type ChartLine, type ChartMark } from '../charts/lineChart';
import { plural } from '../ui/number';
import type { LayerContext } from './layerView';

export const parameterWords: Readonly<Record<ParameterName, string>> = {
  gamma: 'gamma',
  beta: 'beta',
  movingMean: 'moving mean',
  movingVariance: 'moving variance',
};

/** What went bad shows in the moving statistics most often, so they come first. */
const drawnOrder: readonly ParameterName[] = ['movingMean', 'movingVariance', 'gamma', 'beta'];

/** CSS pixels: small multiples, of which several layers are in view. */
const height = 132;

/** The four parameters of a layer over the checkpoints. */
export function chartsView(
  layer: SeriesLayer,
  lines: SeriesLines,
  { state, width, isFirst }: LayerContext,
): TemplateResult {
  const first = state.x[0] ?? 0;
  const last = Math.max(state.x.at(-1) ?? 1, first + 1);
  const inOrder = inDrawnOrder(lines);
  const told = inOrder.find(({ nonFinite }) => nonFinite.some(count => count > 0)) ?? inOrder[0];
  return html`<div class="charts series-charts">
    ${inOrder.map((parameter, i) =>
      lineChart({
        heading: headingOf(parameter),
        label: `Chart of the ${parameterWords[parameter.parameter]} of ${layer.name} over ${plural(state.x.length, 'checkpoint')}`,
        xLabel: state.xLabel,
        x: [first, last],
        width: width.pixels,
        height,
        ...(isFirst && i === 0 && { attach: width.attach }),
        levels: [],
        points: [],
        marks: marksOf(layer, parameter, { x: state.x, isNamed: parameter === told }),
        lines: linesOf(parameter, lines.channel, state.x),
      }),
    )}
  </div>`;
}

export function inDrawnOrder({ parameters }: SeriesLines): readonly ParameterLines[] {
  return drawnOrder.flatMap(name => parameters.find(({ parameter }) => parameter === name) ?? []);
}

function headingOf({ parameter, nonFinite }: ParameterLines): string {
  const most = nonFinite.reduce((max, count) => (count > max ? count : max), 0);
  const words = parameterWords[parameter];
  return most === 0 ? words : `${words}: NaN or infinite in ${plural(most, 'channel')}`;
}

function linesOf(
  { least, median, greatest, channel: values }: ParameterLines,
  channel: number | null,
  x: readonly number[],
): ChartLine[] {
  return [
    { label: 'Least channel', kind: 'extreme', x, y: least },
    { label: 'Greatest channel', kind: 'extreme', x, y: greatest },
    { label: 'Median of the channels', kind: 'taken', x, y: median },
    ...(channel === null
      ? []
      : [{ label: `Channel ${channel}`, kind: 'found-channel', x, y: values }]),
  ];
}

/**
 * Where the layer went bad. What is not finite there has its mark at the last number before it. The finding is
 * named in one of the charts, which shows it if any does.
 */
function marksOf(
  { onsets }: SeriesLayer,
  { channel, median }: ParameterLines,
  { x, isNamed }: { readonly x: readonly number[]; readonly isNamed: boolean },
): ChartMark[] {
  // The one whose channel is drawn.
  const first = onsets.find(({ lasts }) => lasts) ?? onsets[0];
  if (first === undefined) return [];
  const { member, id, when } = first;
  const line = channel.length > 0 ? channel : median;
  const until = [...line.slice(0, member + 1)].filter(Number.isFinite);
  const y = until.at(-1) ?? [...median].find(Number.isFinite);
  const at = x[member];
  return y === undefined || at === undefined
    ? []
    : [{ text: isNamed ? id : '', title: `${id} ${when}`, x: at, y }];
}

/** What the lines are. */
export function legendView(): TemplateResult {
  return html`<ul class="chart-legend" aria-label="Legend">
    ${legendItem('taken', 'median of the channels')}
    ${legendItem('extreme', 'least and greatest channel')}
    ${legendItem('found-channel', 'channel that the first finding names')}
  </ul>`;
}

function legendItem(kind: string, text: string): TemplateResult {
  return html`<li>
    <svg viewBox="0 0 28 8" aria-hidden="true">
      <line class="line ${kind}" x1="1" x2="27" y1="4" y2="4"></line>
    </svg>
    ${text}
  </li>`;
}
