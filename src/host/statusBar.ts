import * as vscode from 'vscode';
import type { OpenInspections } from './inspection/openInspections';
import { DisposableStore, type Disposable } from './lifecycle';
import { statusText } from './statusText';

/** One item, on the right, while an inspection is open. */
export function registerStatusBar(inspections: OpenInspections): Disposable {
  const store = new DisposableStore();
  const item = store.add(
    vscode.window.createStatusBarItem('normscope.inspection', vscode.StatusBarAlignment.Right, 90),
  );
  item.name = 'Normscope Inspection';
  item.command = 'normscope.showActions';
  store.add(
    inspections.onActiveChanged(session => {
      if (session?.state.kind !== 'ready') {
        item.hide();
        return;
      }
      const { text, tooltip, label } = statusText(session.state.view);
      item.text = text;
      item.tooltip = tooltip;
      item.accessibilityInformation = { label };
      item.show();
    }),
  );
  return store;
}
