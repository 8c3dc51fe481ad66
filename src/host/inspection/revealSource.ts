import * as vscode from 'vscode';
import type { InspectionSource } from './source';

/** Shows where a tensor comes from, with a literal selected, beside the panel rather than over it. */
export async function revealSource(source: InspectionSource): Promise<void> {
  const uri = vscode.Uri.parse(source.uri);
  if (source.kind === 'tensor' || source.kind === 'layer') {
    const { kind, name } = source;
    await vscode.commands.executeCommand('normscope.revealInTensorFile', source.uri, {
      kind,
      name,
    });
    return;
  }
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const options: vscode.TextDocumentShowOptions = { viewColumn: columnOf(uri) };
    if (source.kind === 'literal' || source.kind === 'call') {
      const { start, end } = source.range;
      options.selection = new vscode.Range(document.positionAt(start), document.positionAt(end));
    }
    await vscode.window.showTextDocument(document, options);
  } catch {
    // Too large for a text editor, or gone: VS Code's own way of opening it says which.
    await vscode.commands.executeCommand('vscode.open', uri);
  }
}

/** The group that shows the document already, else the one before the panel's. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn {
  const groups = vscode.window.tabGroups.all;
  const showing = groups.find(group =>
    group.tabs.some(
      ({ input }) =>
        input instanceof vscode.TabInputText && input.uri.toString() === uri.toString(),
    ),
  );
  return showing?.viewColumn ?? vscode.ViewColumn.One;
}
