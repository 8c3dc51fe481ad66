import * as vscode from 'vscode';
import { assertNever, fail, ok, type Result } from '../../core/problem';
import { formatShape } from '../../core/tensor/shape';
import type { FileAction, FileItem } from '../../protocol/tensorFile';
import type { InspectionSource } from '../inspection/source';
import type { InspectionPanels } from '../panel/inspectionPanels';
import { chooseInput, type InputPicker } from './chooseInput';
import { noSuchItem } from './fileEngine';
import { openDropped } from './openResource';
import type { TensorFileSession } from './tensorFileSession';

export interface FileActionServices extends InputPicker {
  readonly panels: InspectionPanels;
}

/** Does what a page of a tensor file, or a command, asks for with a row. */
export async function runFileAction(
  services: FileActionServices,
  session: TensorFileSession,
  action: FileAction,
): Promise<Result<null>> {
  switch (action.kind) {
    case 'inspect':
      return inspectItem(services, session, action.item);
    case 'chooseInput':
      return inspectWithInput(services, session, action.item);
    case 'copy':
      return copyItem(session, action.item, action.what);
    case 'revealFile':
      await vscode.commands.executeCommand('revealInExplorer', vscode.Uri.parse(session.uri));
      return ok(null);
    case 'openAsText':
      await vscode.commands.executeCommand(
        'vscode.openWith',
        vscode.Uri.parse(session.uri),
        'default',
      );
      return ok(null);
    case 'select':
      session.select(action.item);
      return ok(null);
    case 'checkHealth':
      session.checkHealth(action.on);
      return ok(null);
    case 'reload':
      await session.refresh();
      return ok(null);
    case 'drop':
      await openDropped(services.panels, action.addresses);
      return ok(null);
    default:
      return assertNever(action);
  }
}

/** A tensor as an input, a layer over an input generated from its moving statistics. */
function inspectItem(
  { panels }: FileActionServices,
  { uri, contents }: TensorFileSession,
  item: FileItem,
): Result<null> {
  const { kind, name } = item;
  if (!isListed(contents, item)) return { ok: false, problem: noSuchItem(kind, name) };
  const broken = kind === 'layer' ? incompleteProblem(contents, name) : undefined;
  if (broken) return broken;
  const generated = { kind: 'generated', seed: 1 } as const;
  const source: InspectionSource =
    kind === 'tensor' ? { kind, uri, name } : { kind, uri, name, input: generated };
  panels.open(source);
  return ok(null);
}

async function inspectWithInput(
  services: FileActionServices,
  session: TensorFileSession,
  item: FileItem,
): Promise<Result<null>> {
  const { kind, name } = item;
  const layer = session.contents?.layers.find(found => kind === 'layer' && found.name === name);
  if (!layer) return { ok: false, problem: noSuchItem('layer', name) };
  const broken = incompleteProblem(session.contents, name);
  if (broken) return broken;
  const { uri } = session;
  const input = await chooseInput(services, name, { uri, channels: layer.channels });
  if (input) services.panels.open({ kind: 'layer', uri, name, input });
  return ok(null);
}

async function copyItem(
  { contents }: TensorFileSession,
  item: FileItem,
  what: 'name' | 'shape',
): Promise<Result<null>> {
  const { kind, name } = item;
  const text = what === 'name' ? name : shapeOf(contents, item);
  if (text === undefined) return { ok: false, problem: noSuchItem(kind, name) };
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage(`$(check) Copied ${text}`, 3000);
  return ok(null);
}

type Contents = TensorFileSession['contents'];

function isListed(contents: Contents, { kind, name }: FileItem): boolean {
  const all = kind === 'layer' ? contents?.layers : contents?.tensors;
  return all?.some(found => found.name === name) === true;
}

/** Why a layer that is listed cannot be inspected. */
function incompleteProblem(contents: Contents, name: string): Result<never> | undefined {
  const reason = contents?.layers.find(found => found.name === name)?.incomplete?.reason;
  if (reason === undefined) return undefined;
  return fail('layer-incomplete', `“${name}” cannot be inspected: ${reason}.`);
}

function shapeOf(contents: Contents, { kind, name }: FileItem): string | undefined {
  if (kind === 'tensor') {
    const tensor = contents?.tensors.find(found => found.name === name);
    return tensor && formatShape(tensor.shape);
  }
  const layer = contents?.layers.find(found => found.name === name);
  return layer && formatShape([layer.channels]);
}
