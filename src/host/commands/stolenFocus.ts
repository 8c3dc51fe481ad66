/**
 * Milliseconds within which nobody has left a prompt on purpose. VS Code gives the focus back to a webview late when the
 * palette closes over it, on a busy machine after the prompt has opened, which closes the prompt.
 */
const tooSoonToLeave = 400;

/**
 * Shows a prompt, and once more where it went before a person could have left it.
 *
 * @returns what `show` gives: undefined where the user left it
 */
export async function despiteStolenFocus<T>(
  show: () => Thenable<T | undefined>,
  now: () => number = () => performance.now(),
): Promise<T | undefined> {
  const shown = now();
  const answer = await show();
  if (answer !== undefined || now() - shown > tooSoonToLeave) return answer;
  return show();
}
