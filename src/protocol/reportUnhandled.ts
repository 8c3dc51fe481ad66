/** For an end without a log: the platform reports a rejection that nobody handles (a page's console). */
export function reportUnhandled(error: unknown): void {
  void Promise.reject(error instanceof Error ? error : new Error(String(error)));
}
