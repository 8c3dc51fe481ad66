/**
 * Milliseconds within which nobody has left a prompt on purpose. VS Code gives the focus back to a webview late when the
 * palette closes over it, on a busy machine after the prompt has opened, which closes the prompt.
 */
const tooSoonToLeave = 400;

/** Milliseconds after which the focus has settled: a prompt that is shown at once may be closed as well. */
const settling = 150;

/** The time in milliseconds, and a wait: tests have their own. */
export interface Clock {
  readonly now: () => number;
  readonly wait: (milliseconds: number) => Promise<void>;
}

const clock: Clock = {
  now: () => performance.now(),
  wait: milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds)),
};

/**
 * Shows a prompt, and once more where it went before a person could have left it.
 *
 * @returns what `show` gives: undefined where the user left it
 */
export async function despiteStolenFocus<T>(
  show: () => Thenable<T | undefined>,
  { now, wait }: Clock = clock,
): Promise<T | undefined> {
  const shown = now();
  const answer = await show();
  if (answer !== undefined || now() - shown > tooSoonToLeave) return answer;
  await wait(settling);
  return show();
}
