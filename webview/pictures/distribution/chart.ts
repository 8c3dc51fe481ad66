import { nothing, svg, type SVGTemplateResult } from 'lit/html.js';
import type {
  DistributionMark,
  DistributionReply,
} from '../../../src/protocol/pictures/distribution';
import { axesView, placeFrame, px, type Frame } from '../../charts/frame';
import { placesOf, summaryOf, type Place } from './model';

export interface ChartOptions {
  readonly width: number;
  readonly counts: 'linear' | 'log';
  /** Which place is pointed at. */
  readonly active: number | undefined;
}

const height = 250;

/** Pixels at each end for what lies outside of the range. */
const outside = 34;

/** Input and output over each other, with the means and standard deviations that normalise. Pure. */
export function distributionChart(
  reply: DistributionReply,
  options: ChartOptions,
): SVGTemplateResult {
  const places = placesOf(reply);
  const frame = frameOf(reply, places, options);
  const { width } = options;
  return svg`<svg class="chart distribution-chart" viewBox="0 0 ${width} ${height}" width=${width} height=${height}
    role="img" aria-label=${summaryOf(reply)}>
    <defs>
      <pattern id="output-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
        <path class="hatch" d="M0 0V5" />
      </pattern>
    </defs>
    ${axesView(frame)}
    ${activeView(frame, places, options.active)}
    <path class="input-bars" d=${bars(frame, places, ({ input }) => input)} />
    <path class="output-bars" d=${bars(frame, places, ({ output }) => output)} />
    ${outsideView(frame, places)}
    ${reply.marks.map((mark, i) => markView(frame, reply, mark, i))}
  </svg>`;
}

/** The frame that the chart and the mouse share. */
export function frameOf(
  { low, high }: DistributionReply,
  places: readonly Place[],
  { width, counts }: ChartOptions,
): Frame {
  const most = Math.max(1, ...places.map(({ input, output }) => Math.max(input, output)));
  return placeFrame({
    ...{ width, height, inset: outside },
    x: { domain: [low, high], label: 'value' },
    y: { domain: [0, most], label: 'count', kind: counts, whole: true },
  });
}

/** Left and right of a place, in pixels. */
export function spanOf(frame: Frame, places: number, i: number): readonly [number, number] {
  const bins = places - 2;
  if (i === 0) return [frame.left + 2, frame.left + outside - 8];
  if (i === places - 1) return [frame.right - outside + 8, frame.right - 2];
  const [from, to] = [frame.left + outside, frame.right - outside];
  const step = (to - from) / bins;
  return [from + (i - 1) * step, from + i * step];
}

/** Which place is at a pixel. */
export function placeAt(frame: Frame, places: number, x: number): number | undefined {
  for (let i = 0; i < places; i++) {
    const [from, to] = spanOf(frame, places, i);
    if (x >= from && x < to) return i;
  }
  return undefined;
}

function bars(frame: Frame, places: readonly Place[], of: (place: Place) => number): string {
  return places
    .map((place, i) => {
      const count = of(place);
      if (count === 0) return '';
      const [from, to] = spanOf(frame, places.length, i);
      // Whatever is there is seen.
      const top = Math.min(frame.y.at(count), frame.bottom - 1);
      return `M${px(from)} ${px(frame.bottom)}V${px(top)}H${px(Math.max(from + 1, to - 0.5))}V${px(frame.bottom)}z`;
    })
    .join('');
}

function activeView(frame: Frame, places: readonly Place[], active: number | undefined): unknown {
  if (active === undefined) return nothing;
  const [from, to] = spanOf(frame, places.length, active);
  return svg`<rect class="active-place" x=${px(from)} y=${px(frame.top)} width=${px(to - from)} height=${px(frame.bottom - frame.top)} />`;
}

function outsideView(frame: Frame, places: readonly Place[]): SVGTemplateResult {
  const y = px(frame.bottom + 15);
  const dashed = (x: number): SVGTemplateResult =>
    svg`<path class="range-end" d="M${px(x)} ${px(frame.top)}V${px(frame.bottom)}" />`;
  const label = (i: number, text: string): SVGTemplateResult => {
    const [from, to] = spanOf(frame, places.length, i);
    return svg`<text class="tick-text" x=${px((from + to) / 2)} y=${y} text-anchor="middle">${text}</text>`;
  };
  return svg`<g aria-hidden="true">
    ${dashed(frame.left + outside - 3)} ${dashed(frame.right - outside + 3)}
    ${label(0, 'below')} ${label(places.length - 1, 'above')}
  </g>`;
}

/** A line at the mean and a bar over one standard deviation on each side, at a height of its own. */
function markView(
  frame: Frame,
  { low, high }: DistributionReply,
  { kind, mean, std }: DistributionMark,
  row: number,
): SVGTemplateResult | typeof nothing {
  if (!Number.isFinite(mean) || mean < low || mean > high) return nothing;
  const y = frame.top + 6 + row * 9;
  const spread = Number.isFinite(std) ? std : 0;
  const [from, to] = [Math.max(low, mean - spread), Math.min(high, mean + spread)].map(frame.x.at);
  return svg`<g class="mark ${kind}" aria-hidden="true">
    <path class="mean" d="M${px(frame.x.at(mean))} ${px(y)}V${px(frame.bottom)}" />
    <path class="deviation" d="M${px(from as number)} ${px(y - 3)}v6m0 -3H${px(to as number)}m0 -3v6" />
  </g>`;
}
