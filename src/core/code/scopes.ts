import { itemsBetween } from './bindings';
import type { CodeFile } from './codeFile';

/** Statements around a statement, the nearest first, as indexes; −1, the file itself, is the last. */
export function statementsAround({ statements }: CodeFile, statement: number): readonly number[] {
  const around: number[] = [];
  let at = statement;
  while (at >= 0) {
    at = statements.all[at]?.parent ?? -1;
    around.push(at);
  }
  return around.length === 0 ? [-1] : around;
}

/** The function that a statement is in, by the index of its header; −1 where it is in none. A class is none. */
export function functionAround({ statements }: CodeFile, statement: number): number {
  return statements.all[statement]?.scope ?? -1;
}

/** The class that a statement is in, through the functions of it; −1 where it is in none. */
export function classAround({ statements }: CodeFile, statement: number): number {
  return statements.all[statement]?.owner ?? -1;
}

const parameters = new WeakMap<CodeFile, Map<number, ReadonlySet<string>>>();

/** Names of the parameters of a function, by the index of its header. */
export function parametersOf(file: CodeFile, header: number): ReadonlySet<string> {
  const known = parameters.get(file) ?? new Map<number, ReadonlySet<string>>();
  parameters.set(file, known);
  const names = known.get(header) ?? readParameters(file, header);
  known.set(header, names);
  return names;
}

function readParameters(file: CodeFile, header: number): ReadonlySet<string> {
  const { tokens, brackets, statements } = file;
  const statement = statements.all[header];
  const names = new Set<string>();
  if (!statement) return names;
  for (let i = statement.first; i < statement.end; i++) {
    if (tokens.is(i + 1, '=>') && tokens.isName(i)) names.add(tokens.textOf(i));
    if (!tokens.is(i, '(')) continue;
    const close = brackets.partner(i);
    if (close < 0) break;
    // The last brackets are an arrow function's: those before may be of a call that it is given to.
    for (const { first, end } of itemsBetween(tokens, brackets, i + 1, close)) {
      let at = first;
      while (at < end && tokens.kind(at) === 'mark' && brackets.partner(at) < 0) at++;
      if (tokens.isName(at)) names.add(tokens.textOf(at));
    }
    i = close;
  }
  return names;
}
