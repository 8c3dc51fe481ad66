import { DisposableStore, type Disposable } from '../lifecycle';
import { registerRunFileCodeLens } from './runFileCodeLens';
import { registerRunFileDiagnostics } from './runFileDiagnostics';
import { registerRunFileQuickFixes } from './runFileQuickFixes';

/** Everything that editors of run files have. */
export function registerRunFileLanguage(
  engine: Parameters<typeof registerRunFileDiagnostics>[0],
): Disposable {
  const store = new DisposableStore();
  store.add(registerRunFileDiagnostics(engine));
  store.add(registerRunFileQuickFixes());
  store.add(registerRunFileCodeLens());
  return store;
}
