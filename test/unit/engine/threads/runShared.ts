import { expect } from 'vitest';
import type { Pass } from '../../../../src/engine/kernels/pass';
import type { Team } from '../../../../src/engine/threads/team';

export function alone(pass: Pass, x: Float32Array, y: Float32Array = new Float32Array()): void {
  do for (let index = 0; index < pass.parts; index++) pass.part(index, x, y);
  while (pass.finish());
  pass.dispose();
}

/**
 * Makes a pass with helpers.
 * @param own whether the calling thread takes a part now; where it does not, the helpers must. Without any, it
 *   does everything.
 * @returns how many parts it took
 */
export async function together(
  team: Team,
  own: () => boolean,
  pass: Pass,
  x: Float32Array,
  y: Float32Array = new Float32Array(),
): Promise<number> {
  let taken = 0;
  do {
    const calls = pass.calls?.(x, y) ?? expect.fail('nothing that threads can share');
    const job = team.begin(calls);
    if (job === undefined) {
      for (let index = 0; index < pass.parts; index++) pass.part(index, x, y);
      taken += pass.parts;
      continue;
    }
    while (!(await job.settled())) {
      await new Promise(resolve => setImmediate(resolve));
      if (!own()) continue;
      const index = job.take();
      if (index === undefined) continue;
      pass.part(index, x, y);
      job.end(index);
      taken++;
    }
    await job.close();
    for (let index = calls.list.length; index < pass.parts; index++) pass.part(index, x, y);
  } while (pass.finish());
  pass.dispose();
  return taken;
}

/** Waits until so many helpers are there. */
export async function ready(team: Team, helpers: number): Promise<void> {
  await expect.poll(() => team.ready, { timeout: 30_000, interval: 5 }).toBe(helpers);
}
