import {
  inputGradient,
  inputGradientRule,
  type BackwardPlan,
  type BackwardSums,
} from '../../core/batchnorm/backward';
import type { ElementMask } from '../../core/statistics/reference';
import { eachColumn, type Range } from './box';
import type { Slab } from './slabs';

/** What batch norm over a slab needs to know of the whole batch that it is a part of. */
export interface SlabAttributes {
  readonly slab: Slab;
  readonly plan: BackwardPlan;
  /** Over the slabs so far; over the whole batch before an input's gradient is asked for. */
  readonly sums: BackwardSums;
  readonly mask: ElementMask | undefined;
}

/** The output of a slab, gamma and beta being vectors of its own channels. */
export function slabOutput(
  x: Float32Array,
  gamma: Float32Array,
  beta: Float32Array,
  { slab, plan }: SlabAttributes,
): Float32Array {
  const y = new Float32Array(x.length);
  eachRun(slab, (channel, from, to, step) => {
    const c = slab.firstChannel + channel;
    const mean = plan.mean[c] as number;
    const g = gamma[channel] as number;
    const scale = g * (plan.inv[c] as number) * (plan.r[c] as number);
    const shift = g * (plan.d[c] as number) + (beta[channel] as number);
    for (let at = from; at < to; at += step) y[at] = ((x[at] as number) - mean) * scale + shift;
  });
  return y;
}

/** Σdy of the slab's channels, which is beta's gradient; added to the batch's sums. */
export function betaGradient(dy: Float32Array, { slab, sums }: SlabAttributes): Float32Array {
  const own = sumDy(dy, slab);
  addTo(sums.dy, own, slab.firstChannel);
  return Float32Array.from(own);
}

/** gamma's gradient; Σdy·(x − m) is added to the batch's sums. */
export function gammaGradient(
  dy: Float32Array,
  x: Float32Array,
  { slab, plan, sums }: SlabAttributes,
): Float32Array {
  const { layout, firstChannel } = slab;
  const products = new Float64Array(layout.channels);
  eachRun(slab, (channel, from, to, step) => {
    const mean = plan.mean[firstChannel + channel] as number;
    let sum = 0;
    for (let at = from; at < to; at += step) {
      sum += (dy[at] as number) * ((x[at] as number) - mean);
    }
    products[channel] = (products[channel] as number) + sum;
  });
  addTo(sums.product, products, firstChannel);
  const ofDy = sumDy(dy, slab);
  return Float32Array.from(products, (product, channel) => {
    const c = firstChannel + channel;
    const inv = (plan.inv[c] as number) * (plan.r[c] as number);
    return product * inv + (ofDy[channel] as number) * (plan.d[c] as number);
  });
}

/** The input's gradient, through the whole batch's mean and variance where those normalise. */
export function slabInputGradient(
  dy: Float32Array,
  x: Float32Array,
  { slab, plan, sums, mask }: SlabAttributes,
): Float32Array {
  const dx = new Float32Array(x.length);
  const weightAt = ({ weights, run }: ElementMask, at: number): number =>
    weights[Math.floor((slab.start + at) / run)] as number;
  eachRun(slab, (channel, from, to, step) => {
    const rule = inputGradientRule(plan, sums, slab.firstChannel + channel);
    for (let at = from; at < to; at += step) {
      const weight = mask === undefined ? 1 : weightAt(mask, at);
      dx[at] = inputGradient(rule, x[at] as number, dy[at] as number, weight);
    }
  });
  return dx;
}

function sumDy(dy: Float32Array, slab: Slab): Float64Array {
  const sums = new Float64Array(slab.layout.channels);
  eachRun(slab, (channel, from, to, step) => {
    let sum = 0;
    for (let at = from; at < to; at += step) sum += dy[at] as number;
    sums[channel] = (sums[channel] as number) + sum;
  });
  return sums;
}

function addTo(total: Float64Array, own: Float64Array, first: number): void {
  own.forEach((value, channel) => {
    const c = first + channel;
    total[c] = (total[c] as number) + value;
  });
}

/**
 * Visits the elements of each channel of a slab in runs, in the order that suits the cache.
 * @param visit channel, first index, end (exclusive), and how far it is from one element to the next
 */
function eachRun(
  { layout }: Slab,
  visit: (channel: number, from: number, to: number, step: number) => void,
): void {
  const range = (to: number): Range => ({ from: 0, to });
  const box = {
    outer: range(layout.outer),
    channels: range(layout.channels),
    inner: range(layout.inner),
  };
  eachColumn(layout, box, (channel, start, { segments, segmentStride, span, step }) => {
    for (let segment = 0, from = start; segment < segments; segment++, from += segmentStride) {
      visit(channel, from, from + span, step);
    }
  });
}
