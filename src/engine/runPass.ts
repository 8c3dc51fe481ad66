import { ok, type Result } from '../core/problem';
import { cancelled } from '../protocol/rpc';
import type { Pass } from './kernels/pass';
import type { Slices } from './slices';
import { runKernel, type PassKernel, type Tensor } from './tensorflow';

/** Makes a pass over a tensor, as often as it takes, and disposes it. `y` is its output. */
export async function runPass(
  kernel: PassKernel,
  x: Tensor,
  opened: Result<Pass>,
  slices: Slices,
  y?: Tensor,
): Promise<Result<null>> {
  if (!opened.ok) return opened;
  const pass = opened.value;
  try {
    do {
      for (let index = 0; index < pass.parts; index++) {
        if (!(await slices.goOn())) return { ok: false, problem: cancelled };
        runKernel(kernel, x, { pass, index }, y);
      }
    } while (pass.finish());
    return ok(null);
  } finally {
    pass.dispose();
  }
}
