import type { Call } from '../../calls';
import type { CodeFile } from '../../codeFile';
import type { TextEdit } from '../codeFinding';
import { blockSpan } from './places';

/** Adds an argument behind those that a call has. */
export function insertArgument({ tokens, brackets }: CodeFile, call: Call, text: string): TextEdit {
  const { open, close } = call;
  const last = close - 1;
  const at = tokens.end(Math.max(open, last));
  // What ends in a comma goes on behind it.
  const before =
    last <= open ? '' : tokens.is(last, ',') && brackets.partner(last) < 0 ? ' ' : ', ';
  return { range: { start: at, end: at }, text: before + text };
}

/** What stands before a statement on its line; undefined where it does not begin the line. */
export function indentBefore(
  { text, tokens, statements }: CodeFile,
  index: number,
): string | undefined {
  const statement = statements.all[index];
  if (!statement) return undefined;
  const start = tokens.start(statement.first);
  const line = text.lastIndexOf('\n', start - 1) + 1;
  const indent = text.slice(line, start);
  return indent.trim() === '' ? indent : undefined;
}

/** A line before a statement, as far in as it is; undefined where the statement shares its line. */
export function insertLineBefore(
  file: CodeFile,
  index: number,
  line: string,
): TextEdit | undefined {
  const statement = file.statements.all[index];
  const indent = indentBefore(file, index);
  if (!statement || indent === undefined) return undefined;
  const at = file.tokens.start(statement.first);
  return { range: { start: at, end: at }, text: `${line}${lineEnd(file)}${indent}` };
}

/** A line behind the block of a header, as far in as the header is. */
export function insertLineAfterBlock(
  file: CodeFile,
  header: number,
  line: string,
): TextEdit | undefined {
  const indent = indentBefore(file, header);
  if (indent === undefined) return undefined;
  const { end } = blockSpan(file, header);
  const last = file.tokens.end(end - 1);
  const next = file.text.indexOf('\n', last);
  // A comment may follow on the last line.
  const at = next < 0 ? file.text.length : next - (file.text.charAt(next - 1) === '\r' ? 1 : 0);
  return { range: { start: at, end: at }, text: `${lineEnd(file)}${indent}${line}` };
}

/** The first statement of a function that is no docstring, by its index; undefined where it has none. */
export function firstStatement(file: CodeFile, header: number): number | undefined {
  const { statements, tokens } = file;
  let at = header + 1;
  while (statements.all[at]?.parent === header) {
    const { first, end } = statements.all[at] ?? { first: 0, end: 0 };
    if (end - first > 1 || tokens.kind(first) !== 'string') return at;
    at++;
  }
  return undefined;
}

export function lineEnd({ text }: CodeFile): string {
  return text.charAt(text.indexOf('\n') - 1) === '\r' ? '\r\n' : '\n';
}
