import * as vscode from 'vscode';
import { DisposableStore, type Disposable } from '../lifecycle';
import { settings } from '../settings';
import { isRunFile } from './runFileDiagnostics';
import { runFileLenses } from './runFileLenses';

/** Links above the tensors of run files. */
export function registerRunFileCodeLens(): Disposable {
  const store = new DisposableStore();
  const changed = store.add(new vscode.EventEmitter<void>());
  const provider: vscode.CodeLensProvider = {
    onDidChangeCodeLenses: changed.event,
    provideCodeLenses,
  };
  store.add(
    vscode.workspace.onDidChangeConfiguration(event => {
      if (event.affectsConfiguration('normscope.codeLens')) changed.fire();
    }),
  );
  store.add(vscode.languages.registerCodeLensProvider({ pattern: '**/*.bn.json' }, provider));
  return store;
}

function provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
  if (!isRunFile(document) || !settings.codeLensEnabled(document.uri)) return [];
  const uri = document.uri.toString();
  return runFileLenses(document.getText()).map(({ offset, title, tooltip }) => {
    const position = document.positionAt(offset);
    const command = { title, tooltip, command: 'normscope.inspectAt', arguments: [uri, offset] };
    return new vscode.CodeLens(new vscode.Range(position, position), command);
  });
}
