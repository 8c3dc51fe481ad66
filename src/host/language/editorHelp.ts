import { registerCodeHelp } from '../code/connectCode';
import type { LazyCode } from '../code/lazyCode';
import { registerTensorHover, type HoverServices } from '../hover/tensorHover';
import { DisposableStore, type Disposable } from '../lifecycle';
import { registerRunFileLanguage } from './runFileLanguage';

export interface EditorHelpServices extends HoverServices {
  readonly engine: HoverServices['engine'] & Parameters<typeof registerRunFileLanguage>[0];
  readonly calls: LazyCode;
}

/** Everything that text editors have: hovers over tensors, run files, batch-norm calls. */
export function registerEditorHelp({ engine, convention, calls }: EditorHelpServices): Disposable {
  const store = new DisposableStore();
  store.add(registerTensorHover({ engine, convention }));
  store.add(registerRunFileLanguage(engine));
  store.add(registerCodeHelp(calls));
  return store;
}
