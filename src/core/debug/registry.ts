import { javascript } from './javascript';
import type { DebuggeeLanguage } from './language';
import { python } from './python';

/** Every kind of program that can be looked into at a breakpoint. */
export const debuggeeLanguages: readonly DebuggeeLanguage[] = [python, javascript];

/** @param sessionType of a debug session: `debugpy`, `pwa-node` */
export function languageOfSession(sessionType: string): DebuggeeLanguage | undefined {
  return debuggeeLanguages.find(({ sessionTypes }) => sessionTypes.includes(sessionType));
}
