/** Work that is done in steps: who asks for it may let others work between them. */
export type Steps<T> = Generator<undefined, T>;

/** All the steps at once. */
export function finish<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** Turns of a loop that make a step, less than a millisecond each time: a power of two, less one. */
export const stepMask = 0x7ff;
