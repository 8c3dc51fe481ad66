import type { Steps } from '../core/steps';
import { isAborted } from './lifecycle';

/** How long the extension host is kept at a time, in milliseconds. */
const turn = 8;

/** Does work in steps, and lets others have their turn between them. @returns undefined where it was stopped */
export async function inTurns<T>(steps: Steps<T>, signal: AbortSignal): Promise<T | undefined> {
  let since = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < turn) continue;
    await new Promise(resolve => setTimeout(resolve, 0));
    if (isAborted(signal)) return undefined;
    since = performance.now();
  }
}
