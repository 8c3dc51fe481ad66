import * as vscode from 'vscode';
import { ok, type Problem, type Result } from '../../core/problem';
import { isRecord } from '../guards';
import { answerLimit } from './boundedText';
import { runCommandLine } from './commandThread';
import type { Cancellation, Prepared, ToolInvocation } from './languageModels';
import type { ToolCall } from './languageTool';
import { checkNames, findFile, type OpenFolder, type ToolFile } from './toolFiles';
import type { ToolName } from './toolNames';
import { toolsByName } from './toolRegistry';

/** What the tools do. */
export interface Tools {
  /** @returns the answer. VS Code wants what went wrong thrown: the message goes to the model. */
  readonly invoke: (
    name: ToolName,
    invocation: ToolInvocation,
    token: Cancellation,
  ) => Promise<string>;
  /** What is asked before it runs: files outside of the open folders, and any in a folder that is not trusted. */
  readonly prepare: (name: ToolName, invocation: ToolInvocation) => Promise<Prepared>;
}

/** @param extension where it is installed, with the command line in `dist/cli.js` */
export function createTools(extension: vscode.Uri): Tools {
  const program = vscode.Uri.joinPath(extension, 'dist', 'cli.js').fsPath;
  return {
    invoke: (name, invocation, token) => invoke(program, name, invocation, token),
    prepare: async (name, invocation) => {
      const call = await understand(name, invocation.input);
      // What is wrong with it is said when it is invoked.
      return call.ok ? preparation(call.value) : {};
    },
  };
}

interface UnderstoodCall {
  readonly call: ToolCall;
  readonly files: readonly ToolFile[];
}

async function understand(name: ToolName, input: unknown): Promise<Result<UnderstoodCall>> {
  const call = toolsByName.get(name)?.parse(isRecord(input) ? input : {});
  if (call === undefined) throw new Error(`no tool ${name}`);
  if (!call.ok) return call;
  const files: ToolFile[] = [];
  for (const named of call.value.files) {
    const file = await findFile(named, openFolders());
    if (!file.ok) return file;
    files.push(file.value);
  }
  return ok({ call: call.value, files });
}

function openFolders(): readonly OpenFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).flatMap(({ name, uri }) =>
    uri.scheme === 'file' ? [{ name, path: uri.fsPath }] : [],
  );
}

async function invoke(
  program: string,
  name: ToolName,
  { input, tokenizationOptions }: ToolInvocation,
  token: Cancellation,
): Promise<string> {
  const understood = await understand(name, input);
  if (!understood.ok) throw asError(understood.problem);
  const { call, files } = understood.value;
  const cancel = new AbortController();
  const listening = token.onCancellationRequested(() => cancel.abort());
  if (token.isCancellationRequested) cancel.abort();
  try {
    const command = call.command(files);
    const named = checkNames(command.args, files);
    if (!named.ok) throw asError(named.problem);
    const limit = answerLimit(tokenizationOptions?.tokenBudget);
    const bounds = { limit, more: call.more };
    const answer = await runCommandLine(program, command, bounds, cancel.signal);
    if (!answer.ok) throw asError(answer.problem);
    return unsavedNotes(files) + answer.value;
  } finally {
    listening.dispose();
  }
}

function asError({ code, message }: Problem): Error {
  return code === 'cancelled' ? new vscode.CancellationError() : new Error(message);
}

/** A tool reads what is saved; an editor may show more. */
function unsavedNotes(files: readonly ToolFile[]): string {
  return files
    .filter(({ path }) =>
      vscode.workspace.textDocuments.some(
        ({ isDirty, uri }) => isDirty && uri.scheme === 'file' && uri.fsPath === path,
      ),
    )
    .map(
      ({ path }) => `${path} has unsaved changes: what follows is of the file as it is saved.\n\n`,
    )
    .join('');
}

function preparation({ call, files }: UnderstoodCall): Prepared {
  const names = files.map(({ path }) => vscode.workspace.asRelativePath(path));
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  const what = names.length === 0 ? 'the numbers given' : names.slice(0, 3).join(', ') + more;
  const invocationMessage = `${call.doing} ${what}`;
  const trusted = vscode.workspace.isTrusted;
  const asked = trusted ? files.filter(({ outside }) => outside) : files;
  if (asked.length === 0) return { invocationMessage };
  const message = new vscode.MarkdownString();
  message.appendText(
    trusted
      ? 'Outside of the open folders; what is read goes to the language model:'
      : 'This folder is not trusted; what is read goes to the language model:',
  );
  for (const { path } of asked) message.appendMarkdown('\n\n').appendText(path);
  const title = asked.length === 1 ? 'Read this file?' : `Read these ${asked.length} files?`;
  return { invocationMessage, confirmationMessages: { title, message } };
}
