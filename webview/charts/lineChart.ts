import { ref } from 'lit/directives/ref.js';
import { html, nothing, svg, type SVGTemplateResult, type TemplateResult } from 'lit/html.js';
import { movedAlong } from '../ui/rowKeys';
import { linePath } from './linePath';
import { extentOf, padded, type Extent } from './extent';
import { axesView, placeFrame, px, type Frame } from './frame';

/** A line over steps. `kind` is a class of charts.css, which says its colour and its dashes. */
export interface ChartLine {
  readonly label: string;
  readonly kind: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** A level from one end to the other. */
export interface ChartLevel {
  readonly label: string;
  readonly kind: string;
  readonly y: number;
}

/** A place on a line that a person can go to. */
export interface ChartPoint {
  /** Accessible name and tooltip. */
  readonly label: string;
  readonly x: number;
  readonly y: number;
  readonly current: boolean;
  readonly press: () => void;
}

/** A place on a line with a few words at it. */
export interface ChartMark {
  readonly text: string;
  readonly title: string;
  readonly x: number;
  readonly y: number;
}

export interface LineChartProps {
  /** Of the figure: what is drawn, in one sentence. */
  readonly label: string;
  readonly heading: string;
  readonly xLabel: string;
  readonly lines: readonly ChartLine[];
  readonly levels: readonly ChartLevel[];
  readonly points: readonly ChartPoint[];
  readonly marks: readonly ChartMark[];
  readonly x: Extent;
  /** CSS pixels. */
  readonly width: number;
  /** CSS pixels, 230 where absent. */
  readonly height?: number;
  /** Told of the box that the chart is in, which says how wide it may be. */
  readonly attach?: (box: Element | undefined) => void;
}

/** Pixels. */
const usualHeight = 230;

/** Lines over steps, drawn as SVG. Arrow keys go along its points, Enter presses one. */
export function lineChart(props: LineChartProps): TemplateResult {
  const values = [
    ...props.lines.map(line => within(line, props.x)),
    props.levels.map(({ y }) => y),
    props.points.map(({ y }) => y),
  ];
  const { width, height = usualHeight } = props;
  const frame = placeFrame({
    width,
    height,
    x: { domain: props.x, label: props.xLabel, whole: true },
    y: { domain: padded(extentOf(values) ?? [0, 1]), label: '' },
    inset: 6,
  });
  return html`<figure class="line-chart" ${props.attach ? ref(props.attach) : nothing}>
    <figcaption>${props.heading}</figcaption>
    <svg
      class="chart"
      width=${width}
      height=${height}
      viewBox="0 0 ${width} ${height}"
      role="group"
      aria-label=${props.label}
      @keydown=${(event: KeyboardEvent) => moveAlong(event)}
    >
      ${axesView(frame)} ${props.levels.map(level => levelView(level, frame))}
      ${props.lines.map(line => lineView(line, frame))}
      ${props.marks.map(mark => markView(mark, frame))} ${pointsView(props.points, frame)}
    </svg>
  </figure>`;
}

/** The values of a line that lie in view. */
function within({ x, y }: ChartLine, [low, high]: Extent): number[] {
  const values: number[] = [];
  for (let i = 0; i < y.length; i++) {
    const at = x[i] as number;
    if (at >= low && at <= high) values.push(y[i] as number);
  }
  return values;
}

function levelView(
  { label, kind, y }: ChartLevel,
  frame: Frame,
): SVGTemplateResult | typeof nothing {
  const at = frame.y.at(y);
  if (!Number.isFinite(at)) return nothing;
  return svg`<line class="line ${kind}" x1=${frame.left} x2=${frame.right} y1=${px(at)} y2=${px(at)}>
    <title>${label}</title>
  </line>`;
}

function lineView({ label, kind, x, y }: ChartLine, frame: Frame): SVGTemplateResult {
  const clipped = (value: number): number => {
    const at = frame.x.at(value);
    return at > frame.right + 0.5 || at < frame.left - 0.5 ? NaN : at;
  };
  return svg`<path class="line ${kind}" d=${linePath(x, y, clipped, frame.y.at)}>
    <title>${label}</title>
  </path>`;
}

function markView(
  { text, title, x, y }: ChartMark,
  frame: Frame,
): SVGTemplateResult | typeof nothing {
  const [left, top] = [frame.x.at(x), frame.y.at(y)];
  if (!Number.isFinite(left) || !Number.isFinite(top) || left > frame.right) return nothing;
  const above = top > frame.top + 24;
  const atEnd = left > frame.right - 60;
  return svg`<g class="mark">
    <title>${title}</title>
    <line class="mark-line" x1=${px(left)} x2=${px(left)} y1=${px(top)} y2=${frame.bottom}></line>
    <path class="mark-point" d="M${px(left)} ${px(top - 4)}l4 4l-4 4l-4 -4Z"></path>
    <text class="mark-text" x=${px(atEnd ? left - 6 : left + 6)} y=${px(above ? top - 7 : top + 15)}
      text-anchor=${atEnd ? 'end' : 'start'}>${text}</text>
  </g>`;
}

function pointsView(points: readonly ChartPoint[], frame: Frame): readonly SVGTemplateResult[] {
  const drawn = points.filter(({ x, y }) => Number.isFinite(frame.x.at(x)) && Number.isFinite(y));
  const stop = Math.max(
    drawn.findIndex(({ current }) => current),
    0,
  );
  return drawn.map(
    ({ label, x, y, current, press }, i) => svg`<circle
      class="point ${current ? 'current' : ''}"
      cx=${px(frame.x.at(x))} cy=${px(frame.y.at(y))} r=${current ? 5 : 3.5}
      role="button" tabindex=${i === stop ? 0 : -1}
      aria-label=${label} aria-current=${current ? 'step' : nothing}
      @click=${press}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        press();
      }}
    ><title>${label}</title></circle>`,
  );
}

/** Arrows move the focus along the points. */
function moveAlong(event: KeyboardEvent): void {
  const chart = event.currentTarget;
  if (!(chart instanceof SVGElement)) return;
  const points = [...chart.querySelectorAll<SVGElement>('.point')];
  const at = points.findIndex(point => point === document.activeElement);
  const target = movedAlong(event.key, at, points.length);
  if (at < 0 || target === undefined) return;
  event.preventDefault();
  points[at]?.setAttribute('tabindex', '-1');
  points[target]?.setAttribute('tabindex', '0');
  points[target]?.focus();
}
