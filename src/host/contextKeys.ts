import * as vscode from 'vscode';
import type { OpenTensorFiles } from './files/openTensorFiles';
import type { OpenInspections } from './inspection/openInspections';
import { isLayerSource } from './inspection/source';
import { DisposableStore, type Disposable } from './lifecycle';

/** Keeps the keys that `enablement` and `when` of the manifest ask for; each is set only when it changes. */
export function registerContextKeys(
  inspections: OpenInspections,
  files: OpenTensorFiles,
): Disposable {
  const store = new DisposableStore();
  const keys = new ContextKeys();
  store.add(
    inspections.onActiveChanged(session => {
      const inspection = session?.shown ? session.inspection : undefined;
      const changed = inspection !== undefined && inspection.present !== inspection.base;
      keys.set('hasInspection', inspection !== undefined);
      keys.set('isOpen', session !== undefined);
      keys.set('isReading', session?.state.kind === 'loading');
      keys.set(
        'isLayer',
        session !== undefined && inspection !== undefined && isLayerSource(session.source),
      );
      keys.set('canUndo', (inspection?.past.length ?? 0) > 0);
      keys.set('canRedo', (inspection?.future.length ?? 0) > 0);
      keys.set('canReset', changed);
      keys.setOnce('hasToggled', session?.toggled === true);
      keys.setOnce('hasStepped', (inspection?.present.steps ?? 0) > 0);
    }),
  );
  store.add(
    files.onChanged(() => {
      const { active } = files;
      keys.set('hasTensorFile', active !== undefined);
      const layers = active?.contents?.layers.length ?? 0;
      const { checked, running } = active?.checks ?? { checked: 0, running: false };
      keys.set('canCheckLayers', !running && checked < layers);
      keys.set('isCheckingLayers', running);
      keys.set('selectedItem', active?.selected?.kind ?? '');
    }),
  );
  return store;
}

class ContextKeys {
  readonly #known = new Map<string, boolean | string>();

  set(key: string, value: boolean | string): void {
    if (this.#known.get(key) === value) return;
    this.#known.set(key, value);
    void vscode.commands.executeCommand('setContext', `normscope.${key}`, value);
  }

  /** Steps of the walkthrough: once done, done. */
  setOnce(key: string, value: boolean): void {
    if (value) this.set(key, true);
  }
}
