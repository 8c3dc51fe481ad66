import { ok, type Result } from '../core/problem';
import type { Moments } from '../core/statistics/channels';
import type { ChannelLayout } from '../core/tensor/shape';
import { cancelled } from '../protocol/rpc';
import { spans } from './kernels/masked';
import { searchFor } from './kernels/nonFinite';
import { Slices } from './slices';
import { runKernel, type Tensor } from './tensorflow';

/**
 * Flat index of the first NaN or infinity of every channel whose mean says that it holds one; −1 for
 * the others. Finite data are not looked at.
 */
export async function findNonFinite(
  x: Tensor,
  layout: ChannelLayout,
  { mean, n }: Moments,
  signal: AbortSignal,
): Promise<Result<Float64Array>> {
  const search = searchFor(mean, n);
  if (search.left === 0) return ok(search.first);
  const slices = new Slices(signal);
  const done = await slices.each(spans(x.size), span => {
    if (search.left > 0) runKernel('NormscopeNonFinite', x, { layout, span, search });
  });
  return done ? ok(search.first) : { ok: false, problem: cancelled };
}
