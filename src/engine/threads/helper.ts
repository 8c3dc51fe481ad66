// A helper thread: its own bundle (dist/helper.js), started by team.ts. It has the compiled kernels over the
// engine's memory, and takes calls of them from the board until it is terminated. It knows no tensors.
import { workerData } from 'node:worker_threads';
import { callPart } from '../kernels/callPart';
import { hostWebAssembly } from '../memory/hostWebAssembly';
import type { HelperData } from './helperData';
import { JobBoard } from './jobBoard';

/** How long it looks out for the next job before it sleeps, in ms: waking it takes a good part of that. */
const lookout = 0.1;

const pageBytes = 65_536;

const { module, memory, board: buffer, holder } = workerData as HelperData;
const { exports: kernels } = new hostWebAssembly.Instance(module, { env: { memory } });
const board = new JobBoard(buffer);

function waitForJobAfter(job: number): number {
  const start = performance.now();
  while (performance.now() - start < lookout) {
    if (board.current() !== job) return board.current();
  }
  board.waitForJob(job);
  return board.current();
}

/** Whether this thread sees all that the job needs of the memory: another may have let it grow. */
function sees(pages: number): boolean {
  // Growing by nothing brings this thread's view up to date.
  if (memory.buffer.byteLength < pages * pageBytes) memory.grow(0);
  return memory.buffer.byteLength >= pages * pageBytes;
}

function work(job: number): void {
  if (!sees(board.pages())) return;
  let index = board.take(job, 0, holder);
  while (index >= 0) {
    const { kernel, call } = board.call(index);
    callPart(kernels as object, kernel, call);
    board.end(job, index, holder);
    index = board.take(job, index + 1, holder);
  }
}

let job = board.current();
board.sayReady(holder);
for (;;) {
  job = waitForJobAfter(job);
  work(job);
}
