import * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import type { SeriesOrigin } from '../../protocol/series';
import { entryPoint, ownExtensions, sharedExtensions } from '../files/fileNames';
import type { ChosenMember } from './seriesReader';

/** Files or folders that are looked through for checkpoints, at most. */
const mostLookedAt = 5000;

/** Endings of files that hold tensors, but no trained parameters. */
const noCheckpoints: ReadonlySet<string> = new Set(['csv', 'tsv', 'jsonl', 'ndjson', 'npy']);

const endings: ReadonlySet<string> = new Set(
  [...ownExtensions, ...sharedExtensions].filter(ending => !noCheckpoints.has(ending)),
);

/** Files beside a model in the folder of a checkpoint, which hold none themselves. */
const beside = /^(optimizer|scheduler|scaler|rng_state|training_args|trainer_state)/i;

/** The checkpoints that a series has been made of. @returns a problem where there is none */
export async function findMembers(origin: SeriesOrigin): Promise<Result<readonly ChosenMember[]>> {
  const named = await namedMembers(origin);
  if (!named.ok) return named;
  if (named.value.length === 0) return fail('no-checkpoints', nothingIn(origin));
  const members: ChosenMember[] = [];
  for (const { name, uri } of named.value) {
    const changed = await vscode.workspace.fs.stat(uri).then(
      ({ mtime }) => mtime,
      () => 0,
    );
    members.push({ name, uri: uri.toString(), changed });
  }
  return ok(members);
}

interface Named {
  /** From where the series is. */
  readonly name: string;
  readonly uri: vscode.Uri;
}

async function namedMembers(origin: SeriesOrigin): Promise<Result<readonly Named[]>> {
  switch (origin.kind) {
    case 'files':
      return ok(namedFrom(origin.uris.map(uri => vscode.Uri.parse(uri, true))));
    case 'glob': {
      const found = await vscode.workspace.findFiles(origin.pattern, undefined, mostLookedAt);
      return ok(namedFrom(found));
    }
    case 'folder':
      return inFolder(vscode.Uri.parse(origin.uri, true));
  }
}

/** Names from the folder that all of them are in. */
function namedFrom(uris: readonly vscode.Uri[]): readonly Named[] {
  const paths = uris.map(({ path }) => path.split('/'));
  const [first = []] = paths;
  const parts = first.findIndex((part, i) => paths.some(path => path[i] !== part));
  const shared = Math.min(parts < 0 ? first.length - 1 : parts, first.length - 1);
  return uris.map((uri, i) => ({ name: paths[i]?.slice(shared).join('/') ?? '', uri }));
}

/** The checkpoints of a folder; where it has none, the model in each of its folders. */
async function inFolder(folder: vscode.Uri): Promise<Result<readonly Named[]>> {
  const entries = await entriesOf(folder);
  if (entries === undefined) {
    return fail('folder-unreadable', `${folder.path} cannot be listed: check that it is a folder.`);
  }
  const files = namesOf(entries, vscode.FileType.File).filter(isCheckpoint);
  if (files.length > 1) {
    return ok(files.map(name => ({ name, uri: vscode.Uri.joinPath(folder, name) })));
  }
  const nested: Named[] = files.map(name => ({ name, uri: vscode.Uri.joinPath(folder, name) }));
  for (const name of namesOf(entries, vscode.FileType.Directory)) {
    const inside = await entriesOf(vscode.Uri.joinPath(folder, name));
    const model = inside && modelIn(namesOf(inside, vscode.FileType.File));
    if (model === undefined) continue;
    nested.push({ name: `${name}/${model}`, uri: vscode.Uri.joinPath(folder, name, model) });
  }
  return ok(nested);
}

async function entriesOf(
  folder: vscode.Uri,
): Promise<readonly [string, vscode.FileType][] | undefined> {
  try {
    return (await vscode.workspace.fs.readDirectory(folder)).slice(0, mostLookedAt);
  } catch {
    return undefined;
  }
}

function namesOf(entries: readonly [string, vscode.FileType][], kind: vscode.FileType): string[] {
  return entries.filter(([, type]) => (type & kind) !== 0).map(([name]) => name);
}

function modelIn(names: readonly string[]): string | undefined {
  return entryPoint(names) ?? names.find(name => isCheckpoint(name) && !beside.test(name));
}

/** @param name of a file, or its path */
export function isCheckpoint(name: string): boolean {
  return endings.has(/\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? '');
}

function nothingIn(origin: SeriesOrigin): string {
  const kinds = 'such as .pt, .safetensors, .h5, .keras or .onnx';
  switch (origin.kind) {
    case 'folder':
      return `There is no checkpoint in the folder or in the folders in it: choose one with files ${kinds}.`;
    case 'glob':
      return `No file of the open folders is named like ${origin.pattern}: give a pattern such as runs/**/*.pt.`;
    case 'files':
      return `No file was chosen: choose checkpoints, ${kinds}.`;
  }
}
