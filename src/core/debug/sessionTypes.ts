/**
 * Types of the debug sessions by what they debug. Apart from the languages themselves, which are loaded when a program
 * is first looked into: which sessions are listened to is asked before.
 */
export const sessionTypes = {
  python: ['debugpy', 'python'],
  javascript: [
    'pwa-node',
    'node',
    'node-terminal',
    'pwa-chrome',
    'chrome',
    'pwa-msedge',
    'msedge',
    'pwa-extensionHost',
    'extensionHost',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>;

const known = new Set<string>(Object.values(sessionTypes).flat());

/** Whether Normscope can look into a program of a session of this type. */
export function isKnownSession(type: string): boolean {
  return known.has(type);
}
