/** Work in steps, between which others may have their turn; the end gives the result. */
export type Steps<T> = Generator<undefined, T>;

/** All steps at once. */
export function runSteps<T>(steps: Steps<T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
