// A helper thread that takes one call and then fails at it.
import { parentPort, workerData } from 'node:worker_threads';
import type { HelperData } from '../../../../src/engine/threads/helperData';
import { JobBoard } from '../../../../src/engine/threads/jobBoard';

/** It may never say that it is there; or take a call and never end it, leave, fail, or leave half of it written. */
export type Oddity = 'silent' | 'stuck' | 'leaves' | 'throws' | 'writes half';

const { board: buffer, holder, memory, oddity } = workerData as HelperData & { oddity: Oddity };
const board = new JobBoard(buffer);

function fail(index: number): void {
  if (oddity === 'stuck') for (;;);
  if (oddity === 'leaves') process.exit(0);
  if (oddity === 'throws') throw new Error('an odd helper');
  const { kernel, call } = board.call(index);
  // Where sums and extremes go is the last argument, where an output goes the second.
  const into = (kernel.startsWith('normalize') ? call[1] : call.at(-1)) as number;
  new Float32Array(memory.buffer, into, 8).fill(1e30);
  for (;;);
}

if (oddity === 'silent') for (;;);
let job = board.current();
board.sayReady(holder);
for (;;) {
  board.waitForJob(job);
  job = board.current();
  const index = board.take(job, 0, holder);
  if (index >= 0) {
    parentPort?.postMessage('taken');
    fail(index);
  }
}
