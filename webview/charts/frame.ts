import { scaleLinear, scaleSymlog } from 'd3-scale';
import { svg, type SVGTemplateResult } from 'lit/html.js';
import { numberText } from '../ui/number';

/** An axis: from numbers to pixels. */
export interface Axis {
  readonly at: (value: number) => number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly label: string;
}

/** The room of a chart in CSS pixels: marks are drawn between its axes. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly x: Axis;
  readonly y: Axis;
}

export interface AxisOptions {
  readonly domain: readonly [number, number];
  readonly label: string;
  /** `log` is a symmetric logarithm that is linear below 1: for counts, of which some are 0. */
  readonly kind?: 'linear' | 'log';
  /** Whether the values are whole numbers: none has its tick between two. */
  readonly whole?: boolean;
}

export interface FrameOptions {
  readonly width: number;
  readonly height: number;
  readonly x: AxisOptions;
  readonly y: AxisOptions;
  /** Pixels kept free between the left axis and the first value, and after the last. */
  readonly inset?: number;
}

/** Pixels beside the axes, for their numbers. */
const margin = { left: 58, right: 12, top: 16, bottom: 36 };

/** Pixels from one tick to the next, at least. */
const tickSpace = { x: 80, y: 40 };

/** Places the axes of a chart. Pure: the same options give the same frame. */
export function placeFrame({ width, height, x, y, inset = 0 }: FrameOptions): Frame {
  const [left, right] = [margin.left, Math.max(margin.left + 1, width - margin.right)];
  const [top, bottom] = [margin.top, height - margin.bottom];
  return {
    ...{ width, height, left, right, top, bottom },
    x: axis(x, [left + inset, right - inset], tickSpace.x),
    y: axis(y, [bottom, top], tickSpace.y),
  };
}

function axis(
  { domain, label, kind = 'linear', whole = false }: AxisOptions,
  pixels: readonly [number, number],
  space: number,
): Axis {
  const [from, to] = domain;
  const scale = (kind === 'log' ? scaleSymlog().constant(1) : scaleLinear())
    .domain(from === to ? [from - 0.5, to + 0.5] : [from, to])
    .range([...pixels]);
  const count = Math.max(2, Math.floor(Math.abs(pixels[1] - pixels[0]) / space));
  const even = kind === 'log' ? logTicks(to) : scale.ticks(count);
  const values = whole ? even.filter(Number.isInteger) : even;
  return {
    at: value => scale(value),
    ticks: values.map(value => ({ at: scale(value), text: numberText(value, 'short') })),
    label,
  };
}

/** 0, 1, 10, 100, …, as far as there is anything. */
function logTicks(most: number): number[] {
  const decades = Math.max(0, Math.floor(Math.log10(Math.max(most, 1))));
  const every = Math.ceil((decades + 1) / 5);
  const powers = Array.from({ length: decades + 1 }, (_, i) => i).filter(i => i % every === 0);
  return [0, ...powers.map(i => 10 ** i)];
}

/** Pixels to a tenth: what an eye sees, and the same text on every machine. */
export function px(value: number): string {
  return (Math.round(value * 10) / 10 + 0).toString();
}

/** The axes with their numbers and names. */
export function axesView({ left, right, top, bottom, x, y }: Frame): SVGTemplateResult {
  return svg`<g class="axes-lines" aria-hidden="true">
    <path class="axis-path" d="M${px(left)} ${px(top)}V${px(bottom)}H${px(right)}" />
    ${x.ticks.map(
      ({ at, text }) => svg`<path class="tick" d="M${px(at)} ${px(bottom)}v4" />
        <text class="tick-text" x=${px(at)} y=${px(bottom + 15)} text-anchor="middle">${text}</text>`,
    )}
    ${y.ticks.map(
      ({ at, text }) => svg`<path class="grid-line" d="M${px(left)} ${px(at)}H${px(right)}" />
        <text class="tick-text" x=${px(left - 6)} y=${px(at + 3.5)} text-anchor="end">${text}</text>`,
    )}
    <text class="axis-title" x=${px((left + right) / 2)} y=${px(bottom + 31)} text-anchor="middle">${x.label}</text>
    <text class="axis-title" x=${px(left)} y=${px(top - 6)} text-anchor="start">${y.label}</text>
  </g>`;
}
