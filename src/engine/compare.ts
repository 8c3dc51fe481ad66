import { ok, type Result } from '../core/problem';
import { ComparisonStream, type Comparison, type Tolerance } from '../core/statistics/compare';
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
  const starts = Array.from(
    { length: Math.ceil(a.length / pairsAtOnce) },
    (_, i) => i * pairsAtOnce,
  );
  const done = await new Slices(signal).each(starts, start => {
    const end = start + pairsAtOnce;
    stream.add(a.subarray(start, end), b.subarray(start, end), start);
  });
  return done ? ok(stream.comparison()) : { ok: false, problem: cancelled };
}

/** As many as a page lists. */
const worstPairs = 20;
