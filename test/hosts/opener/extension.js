// @ts-check
// Shows the sample's text with its panel beside it. On a reload the panel's own serializer brings it back, so nothing is opened twice.
const vscode = require('vscode');

exports.activate = async () => {
  const tabs = vscode.window.tabGroups.all.flatMap(group => group.tabs);
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined || tabs.some(tab => tab.input instanceof vscode.TabInputWebview)) return;
  const sample = vscode.Uri.joinPath(folder.uri, 'seed.bn.json');
  await vscode.window.showTextDocument(sample, { preview: false });
  await vscode.commands.executeCommand('normscope.inspectFile', sample);
};
