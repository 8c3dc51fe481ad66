import {
  channelRatios,
  ProductStream,
  type ChannelRatios,
} from '../core/batchnorm/folding/channelProducts';
import type { PairStream } from '../core/formats/compareEntries';
import { ok, type Result } from '../core/problem';
import { ComparisonStream, type Comparison, type Tolerance } from '../core/statistics/compare';
import type { ChannelLayout } from '../core/tensor/shape';
import type { TensorData } from '../core/tensor/tensor';
import { cancelled } from '../protocol/rpc';
import { Slices } from './slices';

/** Pairs that are compared before others have their turn: a millisecond or two. */
const pairsAtOnce = 1 << 16;

/** Compares two tensors of one size in slices. */
export async function compareInSlices(
  a: TensorData,
  b: TensorData,
  tolerance: Tolerance,
  signal: AbortSignal,
): Promise<Result<Comparison>> {
  const stream = new ComparisonStream(tolerance, worstPairs);
  const done = await eachSlice(a, b, stream, signal);
  return done ? ok(stream.comparison()) : { ok: false, problem: cancelled };
}

/** How one weight follows from another, an output channel, in slices. */
export async function ratiosInSlices(
  a: TensorData,
  b: TensorData,
  layout: ChannelLayout,
  signal: AbortSignal,
): Promise<Result<ChannelRatios>> {
  const stream = new ProductStream(layout);
  const done = await eachSlice(a, b, stream, signal);
  return done ? ok(channelRatios(stream.products())) : { ok: false, problem: cancelled };
}

/** @returns false where it was cancelled */
function eachSlice(
  a: TensorData,
  b: TensorData,
  stream: PairStream,
  signal: AbortSignal,
): Promise<boolean> {
  const starts = Array.from(
    { length: Math.ceil(a.length / pairsAtOnce) },
    (_, i) => i * pairsAtOnce,
  );
  return new Slices(signal).each(starts, start => {
    const end = start + pairsAtOnce;
    stream.add(a.subarray(start, end), b.subarray(start, end), start);
  });
}

/** As many as a page lists. */
const worstPairs = 20;
