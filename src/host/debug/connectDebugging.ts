import { watchLate } from '../files/lateProgress';
import type { OpenInspections } from '../inspection/openInspections';
import { settings } from '../settings';
import { DebugSessions } from './debugSessions';
import { LazyDebugging } from './lazyDebugging';
import { registerTensorsView } from './tensorsView';

/** Listens to debug sessions from now on; the rest waits until a program is looked into. */
export function connectDebugging(inspections: () => OpenInspections): LazyDebugging {
  const sessions = new DebugSessions();
  const debugging = new LazyDebugging(() => ({
    sessions,
    inspections: inspections(),
    limits: () => settings.debugLimits(),
    watch: watchLate(),
  }));
  debugging.own(sessions);
  debugging.own(registerTensorsView(debugging));
  return debugging;
}
