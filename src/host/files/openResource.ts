import * as vscode from 'vscode';
import { say } from '../commands/prompts';
import type { InspectionPanels } from '../panel/inspectionPanels';
import { isTensorFileName, viewTypeOf } from './fileNames';
import { isRecordingFile } from '../recordings/isRecordingFile';
import { fileToOpen } from './folderFile';

/** Files that one command, or one drop, opens at most: each gets a page of its own. */
export const mostFiles = 8;

/** Opens a file as what it is: a list of tensors, or an inspection of a run file. A saved model may be a folder. */
export async function openResource(panels: InspectionPanels, chosen: vscode.Uri): Promise<void> {
  const file = await fileToOpen(chosen);
  if (!file.ok) {
    await say(file.problem.message);
    return;
  }
  const uri = file.value;
  const isFile = uri.scheme !== 'untitled' && uri.scheme !== 'vscode-notebook-cell';
  if (isFile && (await isRecordingFile(uri))) {
    await vscode.commands.executeCommand('normscope.openRecording', uri);
  } else if (isFile && isTensorFileName(uri.path)) await openTensorFile(uri);
  else await panels.open({ kind: 'resource', uri: uri.toString() }).settled();
}

/** Shows what a tensor file holds, in the group that shows it already where one does. */
export async function openTensorFile(uri: vscode.Uri): Promise<void> {
  await vscode.commands.executeCommand('vscode.openWith', uri, viewTypeOf(uri.path), columnOf(uri));
}

/** Undefined is the active group. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn | undefined {
  const showing = vscode.window.tabGroups.all.find(group =>
    group.tabs.some(
      ({ input }) =>
        input instanceof vscode.TabInputCustom && input.uri.toString() === uri.toString(),
    ),
  );
  return showing?.viewColumn;
}

/** Opens what was dropped somewhere. @param addresses as the drag names them */
export async function openDropped(
  panels: InspectionPanels,
  addresses: readonly string[],
): Promise<void> {
  if (addresses.length === 0) {
    await say(
      'A page is not told where a file from outside of VS Code is: drop it on the view “Tensor Files” of the Explorer, or run “Normscope: Inspect Tensor File…”.',
    );
    return;
  }
  await openAll(
    panels,
    addresses.map(address => droppedUri(address)),
  );
}

export async function openAll(
  panels: InspectionPanels,
  uris: readonly vscode.Uri[],
): Promise<void> {
  if (uris.length > mostFiles) {
    await say(`${uris.length} files were chosen: inspect at most ${mostFiles} at once.`);
    return;
  }
  for (const uri of uris) await openResource(panels, uri);
}

/** A window names files of the machine it is connected to by that machine; here they are plain files. */
function droppedUri(address: string): vscode.Uri {
  const uri = vscode.Uri.parse(address, false);
  return uri.scheme === 'vscode-remote' ? vscode.Uri.file(uri.path) : uri;
}
