import { registerCodeHelp } from '../code/connectCode';
import type { LazyCode } from '../code/lazyCode';
import { connectRules, type RulesSetting } from '../code/rules/connectRules';
import { registerTensorHover, type HoverServices } from '../hover/tensorHover';
import { DisposableStore, type Disposable } from '../lifecycle';
import { registerRunFileLanguage } from './runFileLanguage';

export interface EditorHelpServices extends HoverServices, RulesSetting {
  readonly engine: HoverServices['engine'] & Parameters<typeof registerRunFileLanguage>[0];
  readonly calls: LazyCode;
}

/** Everything that text editors have: hovers over tensors, run files, batch-norm calls, the rules for code. */
export function registerEditorHelp(services: EditorHelpServices): Disposable {
  const { engine, convention, calls, extension, log } = services;
  const store = new DisposableStore();
  store.add(registerTensorHover({ engine, convention }));
  store.add(registerRunFileLanguage(engine));
  store.add(registerCodeHelp(calls));
  store.add(connectRules({ extension, convention, log }));
  return store;
}
