import type { Brackets } from './brackets';
import type { CodeLanguage, StatementKind } from './codeLanguage';
import { stepMask, type Steps } from './steps';
import type { Tokens } from './tokens';

/** A statement without its block; the statements of the block have it as their parent. */
export interface Statement {
  readonly kind: StatementKind;
  /** Its tokens, from `first` to just before `end`. */
  readonly first: number;
  readonly end: number;
  /** Columns before it on its line, a tab to the next multiple of 8. */
  readonly indent: number;
  /** Index of the statement whose block it is in; −1 at the top. */
  readonly parent: number;
  /** Indexes of the function and of the class that it is in; −1 where it is in none. */
  readonly scope: number;
  readonly owner: number;
  /** The word that it begins with, decorators and `async` aside; empty where it begins with none. */
  readonly word: string;
}

/** As it is cut, before what is around it is looked up. */
type Cut = Omit<Statement, 'scope' | 'owner'>;

export interface Statements {
  readonly all: readonly Statement[];
  /** Index of the statement that a token is in, a header included; −1 where it is in none. */
  indexOf(token: number): number;
}

/** Cuts tokens into statements, in the order of the text. */
export function* cutStatements(
  tokens: Tokens,
  brackets: Brackets,
  language: CodeLanguage,
): Steps<Statements> {
  const cut = yield* language.blocks === 'indentation'
    ? indentedStatements(tokens, brackets, language)
    : bracedStatements(tokens, brackets, language);
  const all = withScopes(cut);
  return {
    all,
    indexOf: token => {
      let [low, high] = [0, all.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if ((all[middle]?.first ?? 0) <= token) low = middle + 1;
        else high = middle;
      }
      const index = low - 1;
      return token < (all[index]?.end ?? 0) ? index : -1;
    },
  };
}

/** A header stands before its block, so one pass is enough. */
function withScopes(cut: readonly Cut[]): readonly Statement[] {
  const all: Statement[] = [];
  for (const statement of cut) {
    const around = all[statement.parent];
    const of = (kind: StatementKind, further: number): number =>
      around?.kind === kind ? statement.parent : further;
    const [scope, owner] = [of('function', around?.scope ?? -1), of('class', around?.owner ?? -1)];
    all.push({ ...statement, scope, owner });
  }
  return all;
}

/** Words before the one that says what a statement is. */
const prefixes = new Set(['async', 'export', 'default', 'abstract', 'declare', 'static', 'public']);

function wordOf(tokens: Tokens, first: number, end: number): string {
  let at = first;
  while (at < end && prefixes.has(tokens.textOf(at))) at++;
  return at < end && tokens.isName(at) ? tokens.textOf(at) : '';
}

function kindOf(language: CodeLanguage, word: string): StatementKind {
  return language.statementKinds.get(word) ?? 'plain';
}

function* indentedStatements(
  tokens: Tokens,
  brackets: Brackets,
  language: CodeLanguage,
): Steps<Cut[]> {
  const all: Cut[] = [];
  /** Headers around, with their indentation. */
  const headers: { readonly index: number; readonly indent: number }[] = [];
  let [first, indent] = [0, 0];
  const close = (end: number, isHeader: boolean, isInline: boolean): void => {
    if (end <= first) return;
    const word = wordOf(tokens, first, end);
    const parent = headers.at(-1)?.index ?? -1;
    all.push({ kind: kindOf(language, word), first, end, indent, parent, word });
    if (isHeader) headers.push({ index: all.length - 1, indent: isInline ? indent + 0.5 : indent });
  };
  for (let i = 0; i <= tokens.count; i++) {
    if ((i & stepMask) === stepMask) yield;
    const outside = i === tokens.count || brackets.around(i) < 0;
    if (!outside) continue;
    if (i === tokens.count || tokens.startsLine(i)) {
      close(i, i > 0 && tokens.is(i - 1, ':'), false);
      if (i === tokens.count) break;
      [first, indent] = [i, columnOf(tokens.text, tokens.start(i))];
      while ((headers.at(-1)?.indent ?? -1) >= indent) headers.pop();
    } else if (tokens.is(i, ';')) {
      close(i, false, false);
      first = i + 1;
    } else if (tokens.is(i, ':') && !tokens.startsLine(i + 1) && i + 1 < tokens.count) {
      // `if x: y = 1`: the rest of the line is its block.
      if (!opensBlock(tokens, first, i, language)) continue;
      close(i + 1, true, true);
      first = i + 1;
      indent += 0.75;
    }
  }
  return all;
}

function opensBlock(tokens: Tokens, first: number, at: number, language: CodeLanguage): boolean {
  const kind = kindOf(language, wordOf(tokens, first, at));
  if (kind === 'plain' || kind === 'import') return false;
  for (let i = at - 1; i > first; i--) if (tokens.is(i, 'lambda')) return false;
  return true;
}

/** Columns are told apart up to here: minified code has lines of megabytes. */
const widestIndent = 512;

function columnOf(text: string, offset: number): number {
  const floor = Math.max(0, offset - widestIndent);
  let start = offset;
  while (start > floor && text.charAt(start - 1) !== '\n') start--;
  let column = 0;
  for (let i = start; i < offset; i++)
    column = text.charAt(i) === '\t' ? (column | 7) + 1 : column + 1;
  return column;
}

function* bracedStatements(
  tokens: Tokens,
  brackets: Brackets,
  language: CodeLanguage,
): Steps<Cut[]> {
  const all: Cut[] = [];
  /** Braces that are open: of a block, with the header's index; of an object, with −2. */
  const blocks = new Map<number, number>();
  const parents: number[] = [];
  let first = 0;
  const close = (end: number, kind?: StatementKind): void => {
    if (end <= first) return;
    const word = wordOf(tokens, first, end);
    const parent = parents.at(-1) ?? -1;
    const indent = columnOf(tokens.text, tokens.start(first));
    all.push({ kind: kind ?? kindOf(language, word), first, end, indent, parent, word });
  };
  for (let i = 0; i < tokens.count; i++) {
    if ((i & stepMask) === stepMask) yield;
    if (tokens.is(i, '{') && isBlock(tokens, i, first, language)) {
      close(i, headerKind(tokens, first, i, language));
      const header = i > first ? all.length - 1 : (parents.at(-1) ?? -1);
      blocks.set(brackets.partner(i), header);
      parents.push(header);
      first = i + 1;
    } else if (blocks.has(i)) {
      close(i);
      parents.pop();
      first = i + 1;
    } else if (tokens.is(i, ';') && !isInParentheses(tokens, brackets, i)) {
      close(i);
      first = i + 1;
    } else if (
      i > first &&
      tokens.startsLine(i) &&
      endsLine(tokens, brackets, i, first, language)
    ) {
      close(i);
      first = i;
    }
  }
  close(tokens.count);
  return all;
}

/** Whether a brace opens statements, and no object. */
function isBlock(tokens: Tokens, at: number, first: number, language: CodeLanguage): boolean {
  if (at === first) return true;
  const word = wordOf(tokens, first, at);
  if (word === 'import' || word === 'from') return false;
  if (tokens.is(at - 1, ')') || tokens.is(at - 1, '=>')) return true;
  const before = tokens.textOf(at - 1);
  if (before === 'else' || before === 'try' || before === 'finally' || before === 'do') return true;
  if (kindOf(language, word) === 'class' || word === 'interface' || word === 'namespace')
    return true;
  // `): Tensor {` has the type of what a function returns before its block.
  for (let i = at - 1; i > first && i > at - 8; i--) {
    if (tokens.is(i, ')')) return tokens.is(i + 1, ':');
    if (!tokens.isName(i) && !/^[.<>[\]|:]$/.test(tokens.textOf(i))) return false;
  }
  return false;
}

function headerKind(
  tokens: Tokens,
  first: number,
  at: number,
  language: CodeLanguage,
): StatementKind {
  const kind = kindOf(language, wordOf(tokens, first, at));
  if (kind !== 'plain') return kind;
  return tokens.is(at - 1, '=>') || at > first + 1 ? 'function' : 'plain';
}

function isInParentheses(tokens: Tokens, brackets: Brackets, token: number): boolean {
  return tokens.is(brackets.around(token), '(');
}

const goesOn = /^(?:[=+\-*/%&|^<>?:,.([{!~]|[=!<>+\-*/%&|^?]+=+|=>|&&|\|\||\?\?|\*\*|\?\.|\.\.\.)$/;
const joins =
  /^(?:[=+\-*/%&|^<>?:,.)\]};([`]|[=!<>+\-*/%&|^?]+=+|=>|&&|\|\||\?\?|\*\*|\?\.|instanceof|in|of)$/;

/** Whether a line's end before a token ends the statement, though no semicolon says so. */
function endsLine(
  tokens: Tokens,
  brackets: Brackets,
  token: number,
  first: number,
  language: CodeLanguage,
): boolean {
  const around = brackets.around(token);
  if (around >= first) return false;
  if (joins.test(tokens.textOf(token)) || goesOn.test(tokens.textOf(token - 1))) return false;
  const before = tokens.textOf(token - 1);
  return (
    !language.keywords.has(before) ||
    /^(?:return|break|continue|this|true|false|null)$/.test(before)
  );
}
