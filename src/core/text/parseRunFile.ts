import type { Convention } from '../batchnorm/convention';
import { defaultConvention } from '../batchnorm/conventions/registry';
import type { Problem } from '../problem';
import type { JsonDocument, JsonMember } from './jsonDocument';
import { readJsonDocument } from './readJsonDocument';
import { byImportance } from './problemList';
import type { RunFile, RunFileKey, RunFileRole } from './runFile';
import { checkRunFile } from './runFileChecks';
import { readBareInput, readInput, type FoundInput } from './runFileInput';
import { assignRoles, keyOf, noteUnknown } from './runFileRoles';
import { readMask } from './runFileMask';
import { readStatement } from './runFileStatement';

export type ParsedRunFile =
  | { readonly ok: true; readonly value: RunFile }
  /** Most important first; at least one is an error. */
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface ParseOptions {
  /** The convention where the file names none and has no `running_*` names. */
  readonly fallback?: Convention;
}

/**
 * Reads a run file and checks it against its convention. It never throws, and it reads the input in one
 * pass: about 10 ms a megabyte, and memory for the numbers and half as much again while they grow.
 * @param text JSON; comments, `NaN` and infinities are allowed
 */
export function parseRunFile(text: string, options: ParseOptions = {}): ParsedRunFile {
  const unreadable = refuseBinary(text);
  if (unreadable) return { ok: false, problems: [unreadable] };
  return parseDocument(readJsonDocument(text), options);
}

/** The same of a document that was read from somewhere else. */
export function parseDocument(document: JsonDocument, options: ParseOptions = {}): ParsedRunFile {
  const read = interpretRunFile(document);
  if (!read.ok) return read;
  const checks = checkRunFile(read.value, options.fallback ?? defaultConvention);
  const problems = byImportance([...read.value.problems, ...checks.problems]);
  return checks.ok ? { ok: true, value: { ...read.value, problems } } : { ok: false, problems };
}

/**
 * Reads a run file without asking whether its numbers fit its convention: for callers that still have
 * something to say about the layer, as the command line's options do.
 */
export function readRunFile(text: string): ParsedRunFile {
  const unreadable = refuseBinary(text);
  if (unreadable) return { ok: false, problems: [unreadable] };
  return interpretRunFile(readJsonDocument(text));
}

/** Says what a document means as a run file. */
export function interpretRunFile(document: JsonDocument): ParsedRunFile {
  const problems: Problem[] = document.problems.all();
  const bare = document.root?.kind !== 'object';
  const { members } = document;
  const own = bare ? [] : members.filter(({ parent }) => parent === '');
  const roles = assignRoles(own, members);
  problems.push(...roles.problems);
  const statement = readStatement(roles, problems);
  const input = bare ? readBareInput(document, problems) : readInput(document, roles, problems);
  const mask = readMask(roles.members.mask, problems);
  const unknown = roles.unknown.filter(member => member !== input?.member);
  problems.push(...noteUnknown(unknown));
  if (!input || problems.some(problem => problem.severity === 'error')) {
    return { ok: false, problems: byImportance(problems) };
  }
  const value: RunFile = {
    input: input.tensor,
    inputName: input.name,
    statement,
    keys: keysOf(roles.members, input),
    unknownKeys: unknown.map(keyOf),
    problems: byImportance(problems),
    ...(mask && { mask }),
  };
  return { ok: true, value };
}

function keysOf(
  members: Readonly<Partial<Record<RunFileRole, JsonMember>>>,
  input: FoundInput,
): RunFile['keys'] {
  const keys: Partial<Record<RunFileRole, RunFileKey>> = {};
  for (const [role, member] of Object.entries(members)) keys[role as RunFileRole] = keyOf(member);
  const { start } = input.valueRange;
  const bare = { name: input.name, keyRange: { start, end: start }, valueRange: input.valueRange };
  return { ...keys, input: input.member ? keyOf(input.member) : bare };
}

/** What can be said of a text before it is read as JSON: that it is no text at all. */
export function refuseBinary(text: string): Problem | undefined {
  const head = text.slice(0, 4096);
  if (!head.includes('\0') && !head.startsWith('\ufffd')) return undefined;
  return {
    code: 'content-binary',
    severity: 'error',
    message: 'This is binary, not text: a run file is JSON in UTF-8.',
    range: { start: 0, end: 1 },
  };
}
