import type { Convention } from '../../batchnorm/convention';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import { resolveName } from '../names';
import { functionAround, parametersOf } from '../scopes';
import type { BatchNormCall } from './batchNormCall';
import { readBatchNormCall } from './readCall';
import { findCallFamily } from './registry';
import type { CallFamily } from './callFamily';
import { usualMeanings } from './usualNames';
import { batchNormWord } from './word';

/**
 * The batch-norm calls of a file, in the order of the text.
 * @param fallback the user's convention, where a name leaves a choice
 */
export function findBatchNormCalls(file: CodeFile, fallback: Convention): readonly BatchNormCall[] {
  return [...eachBatchNormCall(file, fallback)];
}

/** The same one by one, for who must not be kept waiting by a file with thousands of them. */
export function* eachBatchNormCall(
  file: CodeFile,
  fallback: Convention,
): Generator<BatchNormCall, void> {
  if (!mayHaveCalls(file)) return;
  for (const call of file.calls) {
    const meant = meaningOf(file, call);
    if (meant) yield readBatchNormCall({ file, call, fallback, ...meant });
  }
}

/** The call whose name, or whose arguments, an offset is in; the innermost. */
export function batchNormCallAt(
  file: CodeFile,
  offset: number,
  fallback: Convention,
): BatchNormCall | undefined {
  const { tokens } = file;
  const around = file.calls.filter(
    ({ callee, close }) =>
      tokens.start(callee.first) <= offset &&
      offset <= tokens.end(Math.min(close, tokens.count - 1)),
  );
  for (const call of around.reverse()) {
    const meant = meaningOf(file, call);
    if (meant) return readBatchNormCall({ file, call, fallback, ...meant });
  }
  return undefined;
}

/** A cheap search for the word that all of them have. */
export function mayHaveCalls({ text }: Pick<CodeFile, 'text'>): boolean {
  return batchNormWord.test(text);
}

interface Meaning {
  readonly family: CallFamily;
  readonly canonicalName: string;
  readonly assumed: readonly string[];
}

/** Which family a call is of: by the imports, else by what the name is usually imported as. */
function meaningOf(file: CodeFile, call: Call): Meaning | undefined {
  const { path, of } = call;
  if (of !== undefined || path === '' || path.startsWith('.')) return undefined;
  if (isParameter(file, path, call.open)) return undefined;
  const { id } = file.language;
  const { names, isImported } = resolveName(file, path);
  const named = familyOf(names, id);
  if (named) return { ...named, assumed: [] };
  // A module of the project's own may pass a framework on: `from .common import tf`.
  if (isImported && !names.some(name => name.startsWith('.'))) return undefined;
  if (!batchNormWord.test(path)) return undefined;
  const usual = familyOf(usualMeanings(path, id), id);
  if (!usual) return undefined;
  const assumed = `${path} is not imported here: ${usual.canonicalName} is assumed.`;
  return { ...usual, assumed: [assumed] };
}

/** Whether what is called is given to a function around: what that is, its callers know. */
function isParameter(file: CodeFile, path: string, token: number): boolean {
  const head = path.replace(/\..*$/, '');
  if (file.imports.names.has(head) || file.bindings.of(head).length === 0) return false;
  let scope = functionAround(file, file.statements.indexOf(token));
  for (; scope >= 0; scope = functionAround(file, scope)) {
    if (parametersOf(file, scope).has(head)) return true;
  }
  return false;
}

function familyOf(
  names: readonly string[],
  language: CodeFile['language']['id'],
): Omit<Meaning, 'assumed'> | undefined {
  for (const canonicalName of names) {
    // Most calls are of something else, which one search of the name tells.
    const family = batchNormWord.test(canonicalName)
      ? findCallFamily(canonicalName, language)
      : undefined;
    if (family) return { family, canonicalName };
  }
  return undefined;
}
