import * as vscode from 'vscode';
import { DisposableStore, Emitter, type Disposable } from '../lifecycle';
import type { LazyDebugging } from './lazyDebugging';
import type { TensorElement } from './tensorsTree';

export const tensorsViewId = 'normscope.tensors';

/** The view “Tensors” beside the debugger's own. What fills it is loaded when it is first shown. */
export function registerTensorsView(debugging: LazyDebugging): Disposable {
  const store = new DisposableStore();
  const changed = store.add(new Emitter<undefined>());
  const onChanged = (listener: (element: undefined) => unknown): Disposable => changed.on(listener);
  let filled = false;
  const view = store.add(
    vscode.window.createTreeView<TensorElement>(tensorsViewId, {
      treeDataProvider: {
        onDidChangeTreeData: onChanged,
        getTreeItem: ({ item }) => item,
        getChildren: async element => {
          if (element) return [];
          const loaded = await debugging.load();
          if (!filled) {
            filled = true;
            store.add(loaded.tensors.onChanged(() => changed.fire(undefined)));
            loaded.tensors.setVisible(view.visible);
            store.add(view.onDidChangeVisibility(e => loaded.tensors.setVisible(e.visible)));
          }
          return loaded.tensorElements();
        },
      },
    }),
  );
  return store;
}
