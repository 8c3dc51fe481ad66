import { lastBefore, type Binding } from '../bindings';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import { classAround, functionAround } from '../scopes';
import type { CallFamily } from './callFamily';

/** Where a layer is in a variable: from where it is made until the variable is something else. */
export interface LayerLife {
  readonly file: CodeFile;
  readonly family: CallFamily;
  /** The variable: `bn`, `self.bn1`; empty where it is in none. */
  readonly path: string;
  /** Tokens. */
  readonly made: number;
  readonly until: number;
}

/** @param path the variable that the layer is in @param made the last token of the call that makes it */
export function layerLife(
  file: CodeFile,
  family: CallFamily,
  path: string,
  made: number,
): LayerLife {
  const at = file.statements.indexOf(made);
  const others = isAttribute(path)
    ? file.bindings.inClass(path, classAround(file, at))
    : file.bindings.inFunction(path, functionAround(file, at));
  const next = others[lastBefore(others, made + 1, ({ token }) => token) + 1];
  return { file, family, path, made, until: next?.token ?? file.tokens.count };
}

/** Those of some calls, in the order of the text, that are of the layer: while it is in its variable. */
export function callsWithin(
  { file, path, made, until }: LayerLife,
  calls: readonly Call[],
): readonly Call[] {
  const found: Call[] = [];
  for (let i = lastBefore(calls, made + 1, ({ open }) => open) + 1; i < calls.length; i++) {
    const call = calls[i] as Call;
    if (call.open >= until || found.length === mostCalls) break;
    if (sameScope(file, path, call.open, made)) found.push(call);
  }
  return found;
}

/** Calls on one layer that are looked into: of a handful the last counts, and nobody writes thousands. */
const mostCalls = 256;

/** What sets an attribute of the layer while it is in its variable, in the order of the text. */
export function bindingsWithin(
  { file, path, made, until }: LayerLife,
  attribute: string,
): readonly Binding[] {
  return file.bindings
    .of(`${path}.${attribute}`)
    .filter(({ token }) => token > made && token < until && sameScope(file, path, token, made));
}

function isAttribute(path: string): boolean {
  return /^(?:self|this)\./.test(path);
}

/** An attribute of `self` may be changed in any method; a variable only where it is one. */
function sameScope(file: CodeFile, path: string, token: number, made: number): boolean {
  const [at, from] = [file.statements.indexOf(token), file.statements.indexOf(made)];
  return isAttribute(path)
    ? classAround(file, at) === classAround(file, from)
    : functionAround(file, at) === functionAround(file, from);
}

/** Whether both tokens are in statements of one block of one function. */
export function sameBlock({ statements }: CodeFile, a: number, b: number): boolean {
  const [first, second] = [a, b].map(token => statements.all[statements.indexOf(token)]);
  return first?.parent === second?.parent && first?.scope === second?.scope;
}
