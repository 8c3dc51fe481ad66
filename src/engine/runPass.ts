import { ok, type Result } from '../core/problem';
import { cancelled } from '../protocol/rpc';
import type { Pass } from './kernels/pass';
import type { Slices } from './slices';
import { runKernel, valuesOf, type PassKernel, type Tensor } from './tensorflow';
import type { SharedJob } from './threads/team';
import { teamFor } from './threads/threadTeam';

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
  const part = (index: number): void => runKernel(kernel, x, { pass, index }, y);
  try {
    do {
      const shared = await shareParts(pass, part, slices, x, y);
      for (let index = shared; index < pass.parts; index++) {
        if (!(await slices.goOn())) return { ok: false, problem: cancelled };
        part(index);
      }
    } while (pass.finish());
    return ok(null);
  } finally {
    pass.dispose();
  }
}

/** Does the parts that helper threads can take, with them. @returns how many are done: none without helpers */
async function shareParts(
  pass: Pass,
  part: (index: number) => void,
  slices: Slices,
  x: Tensor,
  y: Tensor | undefined,
): Promise<number> {
  const team = pass.calls && teamFor(x.size);
  if (team === undefined || pass.calls === undefined) return 0;
  const calls = pass.calls(valuesOf(x) as Float32Array, (y && valuesOf(y)) as Float32Array);
  const job = team.begin(calls);
  if (job === undefined) return 0;
  try {
    while (await doParts(job, part, slices)) if (await job.settled()) return calls.list.length;
    // Cancelled: whoever called looks at the same signal.
    return 0;
  } finally {
    await job.close();
  }
}

/** Does the parts that nobody has taken. @returns false where it was cancelled meanwhile */
async function doParts(
  job: SharedJob,
  part: (index: number) => void,
  slices: Slices,
): Promise<boolean> {
  while (await slices.goOn()) {
    const index = job.take();
    if (index === undefined) return true;
    part(index);
    job.end(index);
  }
  return false;
}
