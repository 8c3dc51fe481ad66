import { DisposableStore, type Disposable } from '../lifecycle';
import { registerRunFileCodeLens } from './runFileCodeLens';
import { registerRunFileDiagnostics, type FoundInFiles } from './runFileDiagnostics';
import { registerRunFileQuickFixes } from './runFileQuickFixes';

/** Everything that editors of run files have. */
export function registerRunFileLanguage(
  engine: Parameters<typeof registerRunFileDiagnostics>[0],
): Disposable {
  const store = new DisposableStore();
  const found: FoundInFiles = new Map();
  store.add(registerRunFileDiagnostics(engine, found));
  store.add(registerRunFileQuickFixes(found));
  store.add(registerRunFileCodeLens());
  return store;
}
