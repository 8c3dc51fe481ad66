import * as vscode from 'vscode';
import type { Command, CommandContext } from './command';
import { choose } from './prompts';

interface Sample {
  readonly name: string;
  readonly label: string;
  readonly detail: string;
}

/** What media/samples has, the one to start with first. */
export const samples: readonly Sample[] = [
  {
    name: 'seed',
    label: 'What do training and trainable do?',
    detail: 'A 2×2 image with four channels: the question that Normscope was born from',
  },
  {
    name: 'domain-shift',
    label: 'Fine in train(), garbage in eval()',
    detail: 'PyTorch, 16 channels: three of them no longer look like their running statistics',
  },
  {
    name: 'never-updated',
    label: 'Moving statistics that never moved',
    detail: 'Keras 3, 24 channels: still exactly 0 and 1',
  },
];

export const openSample: Command = {
  id: 'openSample',
  run: async (context, argument) => {
    const given = samples.find(sample => sample.name === argument);
    const sample = given ?? (await pickSample());
    if (!sample) return;
    const uri = await editableCopy(context, `${sample.name}.bn.json`);
    await vscode.window.showTextDocument(uri, { viewColumn: vscode.ViewColumn.One });
    await context.panels.open({ kind: 'resource', uri: uri.toString() }).settled();
  },
};

function pickSample(): Promise<Sample | undefined> {
  const choices = samples.map(sample => ({ ...sample, value: sample }));
  return choose('Open a sample', choices, 'Each opens as a text that you may edit, with its panel');
}

/** The sample in the extension's own storage, where editing it spoils nothing; fresh where untouched or gone. */
async function editableCopy(context: CommandContext, name: string): Promise<vscode.Uri> {
  const shipped = vscode.Uri.joinPath(context.extension, 'media', 'samples', name);
  const folder = vscode.Uri.joinPath(context.storage, 'samples');
  const copy = vscode.Uri.joinPath(folder, name);
  const keep = await isEdited(copy, shipped);
  if (!keep || (await startsAfresh(name))) {
    await vscode.workspace.fs.createDirectory(folder);
    await vscode.workspace.fs.copy(shipped, copy, { overwrite: true });
  }
  return copy;
}

async function isEdited(copy: vscode.Uri, shipped: vscode.Uri): Promise<boolean> {
  try {
    const { fs } = vscode.workspace;
    const [mine, theirs] = await Promise.all([fs.readFile(copy), fs.readFile(shipped)]);
    return Buffer.compare(mine, theirs) !== 0;
  } catch {
    return false;
  }
}

async function startsAfresh(name: string): Promise<boolean> {
  const answer = await choose(`You have edited ${name}`, [
    { label: 'Open my edited copy', value: false },
    { label: 'Start from a fresh copy', description: 'discards the edits', value: true },
  ]);
  return answer === true;
}
