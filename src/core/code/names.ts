import { pathAt, type Binding } from './bindings';
import type { CodeFile } from './codeFile';

/** What a dotted name stands for. */
export interface ResolvedName {
  /** With the module's own name: `torch.nn.BatchNorm2d`; several where everything of several modules is imported. */
  readonly names: readonly string[];
  /** Whether the file says so; else the name is as spelled, and what it means is a matter of habit. */
  readonly isImported: boolean;
}

/** Names that one name may lead to, one after the other. */
const mostLinks = 8;

/**
 * Follows a name through imports (`import torch.nn as nn`) and through variables that only rename
 * (`BN = nn.BatchNorm2d`, `const { layers } = tf`).
 */
export function resolveName(file: CodeFile, path: string, links = mostLinks): ResolvedName {
  const dot = path.indexOf('.');
  const head = dot < 0 ? path : path.slice(0, dot);
  const rest = dot < 0 ? '' : path.slice(dot);
  const imported = file.imports.names.get(head);
  if (imported !== undefined) return { names: [imported + rest], isImported: true };
  const bindings = file.bindings.of(head);
  const [binding] = bindings;
  if (binding) {
    const renamed = bindings.length === 1 ? renamedBy(file, binding) : undefined;
    if (renamed === undefined || links === 0) return { names: [], isImported: true };
    return resolveName(file, renamed + rest, links - 1);
  }
  const { whole } = file.imports;
  if (whole.length === 0) return { names: [path], isImported: false };
  return { names: [path, ...whole.map(module => `${module}.${path}`)], isImported: false };
}

/** The dotted name that a variable is another name of. */
function renamedBy({ tokens, brackets }: CodeFile, binding: Binding): string | undefined {
  if (binding.value) {
    const path = pathAt(tokens, binding.value.first);
    return path?.next === binding.value.end ? path.path : undefined;
  }
  // `const { layers: l } = tf`
  const open = brackets.around(binding.token);
  const close = open < 0 ? -1 : brackets.partner(open);
  if (!tokens.is(open, '{') || !tokens.is(close + 1, '=')) return undefined;
  const of = pathAt(tokens, close + 2);
  const isRenamed = tokens.is(binding.token - 1, ':');
  return of && `${of.path}.${tokens.textOf(isRenamed ? binding.token - 2 : binding.token)}`;
}
