import { existsSync } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, ok, type Result } from '../../core/problem';
import type { FoundFile } from './languageTool';

/** A file that a call names. */
export interface ToolFile extends FoundFile {
  /** Whether it is outside of the open folders, links followed. */
  readonly outside: boolean;
}

/** A folder of the workspace, on this machine. */
export interface OpenFolder {
  readonly name: string;
  readonly path: string;
}

/**
 * Finds a file that a model names: by its absolute path or `file:` address, or by a path inside of an open
 * folder, which may begin with the folder's name.
 * @returns a problem that says where it was looked for
 */
export async function findFile(
  named: string,
  folders: readonly OpenFolder[],
): Promise<Result<ToolFile>> {
  const candidates = candidatesOf(named, folders);
  if (!candidates.ok) return candidates;
  for (const path of candidates.value) {
    const info = await stat(path).catch(() => undefined);
    if (info === undefined) continue;
    if (info.isDirectory()) {
      return fail('is-folder', `${path} is a folder: name a file in it.`);
    }
    return ok({ path, size: info.size, outside: await isOutside(path, folders) });
  }
  return fail('file-missing', notThere(named, folders));
}

function candidatesOf(named: string, folders: readonly OpenFolder[]): Result<readonly string[]> {
  if (/^file:/i.test(named)) {
    try {
      return ok([fileURLToPath(named)]);
    } catch {
      return fail(
        'bad-input',
        `"${named}" is no address of a file on this machine: give its path.`,
      );
    }
  }
  if (/^[a-z][a-z0-9+.-]+:\/\//i.test(named)) {
    return fail(
      'bad-input',
      `"${named}" is not on the file system of this machine: give the path of a file that is.`,
    );
  }
  if (isAbsolute(named)) return ok([named]);
  return ok(
    folders.flatMap(({ name, path }) => {
      const inside = named.split(/[\\/]/);
      const rest = inside[0] === name && inside.length > 1 ? [join(path, ...inside.slice(1))] : [];
      return [join(path, named), ...rest];
    }),
  );
}

async function isOutside(path: string, folders: readonly OpenFolder[]): Promise<boolean> {
  const real = await realpath(path);
  for (const folder of folders) {
    const root = await realpath(folder.path).catch(() => folder.path);
    const way = relative(root, real);
    if (way !== '' && way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)) return false;
  }
  return true;
}

function notThere(named: string, folders: readonly OpenFolder[]): string {
  if (isAbsolute(named)) return `There is no file ${named}: check the path.`;
  if (folders.length === 0) {
    return `"${named}" is a relative path and no folder is open: give an absolute one.`;
  }
  const where = folders.map(({ path }) => path).join(', ');
  return `There is no file "${named}" in ${where}: give its path from there, or an absolute one.`;
}

/**
 * The command line takes `FILE#NAME` for a file where there is one so called: a name could lead to a file that
 * nobody was asked about.
 * @returns a problem where an argument would be taken so
 */
export function checkNames(args: readonly string[], files: readonly FoundFile[]): Result<null> {
  const bases = ['-', ...files.map(({ path }) => path)];
  for (const argument of args) {
    const operand = argument.replace(/^--[a-z]+=/, '');
    const base = bases.find(path => operand.startsWith(`${path}#`));
    if (base === undefined) continue;
    const other = prefixes(operand, base.length + 1).find(prefix => existsSync(prefix));
    if (other === undefined) continue;
    const name = operand.slice(base.length + 1);
    return fail(
      'bad-input',
      `"${name}" cannot be told from the file ${other}: name that file alone.`,
    );
  }
  return ok(null);
}

/** The text up to each `#` from a place on, and all of it. */
function prefixes(text: string, from: number): string[] {
  const found = [text];
  for (let i = text.indexOf('#', from); i >= 0; i = text.indexOf('#', i + 1)) {
    found.push(text.slice(0, i));
  }
  return found;
}
