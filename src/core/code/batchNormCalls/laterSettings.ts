import type { TokenSpan } from '../bindings';
import { batchNormWord } from './word';
import type { CodeFile } from '../codeFile';
import { functionAround, parametersOf, statementsAround } from '../scopes';
import { bindingsWithin, sameBlock, type LayerLife } from './layerLife';
import type { ArgumentRole } from './roles';

/** A number or a flag of a layer that code sets after the layer was made: `bn.momentum = 0.01`. */
export interface LaterSetting {
  readonly role: ArgumentRole;
  /** The attribute. */
  readonly name: string;
  /** What it is set to; where that is not to be told, what sets it. */
  readonly value: TokenSpan;
  /** Why it is not certain that the layer has this value; absent where it is. */
  readonly open?: string;
}

/** What is set of a layer in a variable, by its name or for all layers that a loop or a function is given. */
export function laterSettings(life: LayerLife): readonly LaterSetting[] {
  const { file, path, family } = life;
  return Object.entries(family.settings ?? {}).flatMap(([name, role]) => {
    const shared = setForAll(file, name, role);
    if (shared) return [shared];
    const own = path === '' ? undefined : bindingsWithin(life, name).at(-1);
    if (!own) return [];
    const { token, value } = own;
    if (value) return [settingAt(life, { role, name, value, token })];
    const open = `${path}.${name} is changed on the way`;
    return [{ role, name, value: pathSpan(file, token), open }];
  });
}

/** What one statement sets: certain where it is in the block that makes the layer, else it may not run. */
export function settingAt(
  { file, path, made }: LayerLife,
  { token, ...setting }: Omit<LaterSetting, 'open'> & { readonly token: number },
): LaterSetting {
  if (sameBlock(file, token, made)) return setting;
  return { ...setting, open: `${path}.${setting.name} is set elsewhere, or in a branch` };
}

/** Of a dotted name. */
function pathSpan({ tokens }: CodeFile, first: number): TokenSpan {
  let end = first + 1;
  while (tokens.is(end, '.')) end += 2;
  return { first, end };
}

const forAll = new WeakMap<CodeFile, ReadonlyMap<string, TokenSpan>>();

/** `for m in model.modules(): m.momentum = 0.01`: which layers that reaches is not known. */
function setForAll(file: CodeFile, name: string, role: ArgumentRole): LaterSetting | undefined {
  const known = forAll.get(file) ?? setOfFound(file);
  forAll.set(file, known);
  const value = known.get(name);
  if (!value) return undefined;
  const text = file.text.slice(file.tokens.start(value.first), file.tokens.end(value.end - 1));
  return { role, name, value, open: `${text} is set for all layers that are found` };
}

/** Attributes that are set of what a loop over a model's layers, or a function for batch norms, calls a name of its own. */
function setOfFound(file: CodeFile): ReadonlyMap<string, TokenSpan> {
  const found = new Map<string, TokenSpan>();
  for (const path of file.bindings.paths) {
    const [head = '', name, further] = path.split('.');
    if (name === undefined || further !== undefined || !settable.test(name)) continue;
    if (/^(?:self|this|cls)$/.test(head)) continue;
    const binding = file.bindings.of(path).find(({ token }) => isOfFound(file, head, token));
    if (binding) found.set(name, pathSpan(file, binding.token));
  }
  return found;
}

const settable = /^(?:momentum|eps|epsilon|track_running_stats)$/;

function isOfFound(file: CodeFile, head: string, token: number): boolean {
  const at = file.statements.indexOf(token);
  const scope = functionAround(file, at);
  for (const header of statementsAround(file, at)) {
    if (header === scope) break;
    if (isLoopOver(headerText(file, header), head)) return true;
  }
  return scope >= 0 && parametersOf(file, scope).has(head) && mentionsBatchNorm(file, scope, token);
}

function isLoopOver(text: string, head: string): boolean {
  return (
    /^(?:async\s+)?for\b/.test(text) &&
    /(?:modules|children|layers)\b/.test(text) &&
    new RegExp(`\\b${head.replaceAll('$', '\\$')}\\b`).test(text.replace(/\bin\b.*/s, ''))
  );
}

function headerText({ statements, tokens, text }: CodeFile, header: number): string {
  const statement = statements.all[header];
  return statement ? text.slice(tokens.start(statement.first), tokens.end(statement.end - 1)) : '';
}

/** Characters of a function before a place that are searched. */
const reach = 4096;

function mentionsBatchNorm(
  { statements, tokens, text }: CodeFile,
  scope: number,
  token: number,
): boolean {
  const start = tokens.start(statements.all[scope]?.first ?? 0);
  const end = tokens.start(token);
  return batchNormWord.test(text.slice(Math.max(start, end - reach), end));
}
