import type { FileAction, FileItem } from '../../protocol/tensorFile';
import { chooseInput } from '../files/chooseInput';
import { runFileAction } from '../files/fileRequests';
import { parseFileItem } from '../files/parseFileAction';
import { openTensorFile } from '../files/openResource';
import type { TensorFileSession } from '../files/tensorFileSession';
import { isRecord } from '../guards';
import { isLayerSource } from '../inspection/source';
import * as vscode from 'vscode';
import { onActive, type Command, type CommandContext } from './command';
import { choose, say } from './prompts';

/** What a command acts on: a row of a file. */
interface Target {
  readonly session: TensorFileSession;
  readonly item: FileItem;
}

/** A command on the selected row; menus name the row themselves. */
function onItem(
  id: string,
  action: (item: FileItem) => FileAction,
  kind?: FileItem['kind'],
): Command {
  return {
    id,
    run: async (context, argument) => {
      const target = targetOf(context, argument);
      if (!target || (kind !== undefined && target.item.kind !== kind)) {
        const what = kind === 'layer' ? 'batch norm' : 'tensor or a batch norm';
        await say(`Select a ${what} in an open tensor file first.`);
        return;
      }
      await act(context, target.session, action(target.item));
    },
  };
}

async function act(
  { tensorFiles, inspections, panels }: CommandContext,
  session: TensorFileSession,
  action: FileAction,
): Promise<void> {
  await session.listed();
  const done = await runFileAction({ ...tensorFiles, inspections, panels }, session, action);
  if (!done.ok && done.problem.code !== 'cancelled') await say(done.problem.message);
}

/** What a menu of the page, a tree item or a caller names, or else the selected row of the active file. */
export function targetOf({ tensorFiles }: CommandContext, argument: unknown): Target | undefined {
  const { active } = tensorFiles.open;
  const fields = isRecord(argument) ? argument : {};
  const uri = typeof fields.uri === 'string' ? fields.uri : undefined;
  const session = uri === undefined ? active : tensorFiles.open.find(uri);
  const named = parseFileItem({ kind: fields.webviewSection, name: fields.item });
  const item = parseFileItem(fields.item) ?? named ?? session?.selected ?? undefined;
  return session && item && { session, item };
}

export const inspectItem = onItem('inspectItem', item => ({ kind: 'inspect', item }));

export const inspectLayerWithInput = onItem(
  'inspectLayerWithInput',
  item => ({ kind: 'chooseInput', item }),
  'layer',
);

export const copyTensorName = onItem('copyTensorName', item => ({
  kind: 'copy',
  item,
  what: 'name',
}));

export const copyTensorShape = onItem('copyTensorShape', item => ({
  kind: 'copy',
  item,
  what: 'shape',
}));

/** A command on the tensor file that was looked at last. */
function onFile(id: string, action: FileAction): Command {
  return {
    id,
    run: async context => {
      const session = context.tensorFiles.open.active;
      if (session) await act(context, session, action);
      else await say('Open a tensor file first: run “Normscope: Inspect Tensor File…”.');
    },
  };
}

export const reloadTensorFile = onFile('reloadTensorFile', { kind: 'reload' });

export const checkLayers = onFile('checkLayers', { kind: 'checkHealth', on: true });

export const stopCheckingLayers = onFile('stopCheckingLayers', { kind: 'checkHealth', on: false });

/** Goes to a row of the active file, found as one types. */
export const goToTensor: Command = {
  id: 'goToTensor',
  run: async ({ tensorFiles: { open, editor } }) => {
    const session = open.active;
    const contents = session?.contents;
    if (!session || !contents) {
      await say('Open a tensor file first: run “Normscope: Inspect Tensor File…”.');
      return;
    }
    const layers = contents.layers.map(({ name, channels }) => ({
      label: `$(layers) ${name === '' ? session.title : name}`,
      description: `batch norm · ${channels} channels`,
      value: { kind: 'layer', name } as const,
    }));
    const tensors = contents.tensors.map(({ name, dtype, shape }) => ({
      label: name,
      description: `${dtype} [${shape.join(', ')}]`,
      value: { kind: 'tensor', name } as const,
    }));
    const item = await choose<FileItem>(`Go to, in ${session.title}`, [...layers, ...tensors]);
    if (!item) return;
    await openTensorFile(vscode.Uri.parse(session.uri));
    editor.reveal(session.uri, item);
  },
};

/** For links, and for “Reveal Source” of an inspection: the address of a file, and a row in it. */
export const revealInTensorFile: Command = {
  id: 'revealInTensorFile',
  run: async ({ tensorFiles: { editor } }, uri, item) => {
    const parsed = parseFileItem(item);
    if (typeof uri !== 'string') return;
    await openTensorFile(vscode.Uri.parse(uri, true));
    if (parsed) editor.reveal(uri, parsed);
  },
};

/** Runs the active inspection's layer over another input. */
export const chooseLayerInput = onActive(
  'chooseInput',
  async ({ session, inspection }, { debugging, tensorFiles, inspections }) => {
    const { source } = session;
    if (!isLayerSource(source)) {
      await say('This inspection has an input of its own: open a layer of a tensor file.');
      return;
    }
    const { layer } = inspection.present;
    const picker = { ...tensorFiles, inspections };
    const isCall = source.kind === 'call';
    const nearby = source.kind === 'module' ? await debugging.inputsOf(source) : [];
    const wanted = { uri: source.uri, channels: layer.gamma.length, hasOwn: isCall, nearby };
    const input = await chooseInput(picker, source.name, wanted);
    if (!input) return;
    session.moveSource({ ...source, input });
    await session.refresh();
  },
);
