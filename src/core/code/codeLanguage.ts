import { javascriptLanguage, pythonLanguage, type LanguageProfile } from '../text/literalLanguage';

/** What the code model must know of a language: data, so that a language is a value and not a branch. */
export interface CodeLanguage {
  readonly id: 'python' | 'javascript';
  /** How literals and expressions of it are read. */
  readonly literals: LanguageProfile;
  /** What groups statements. */
  readonly blocks: 'indentation' | 'braces';
  readonly lineComment: '#' | '//';
  readonly blockComments: boolean;
  /** Quotes whose strings may go over lines. */
  readonly longQuotes: readonly string[];
  /** Backquotes open text with `${…}` in it, and a slash may open a regular expression. */
  readonly templates: boolean;
  /** Lines of notebooks that begin with `%`, `!` or `?` are IPython's: no statement of the language does. */
  readonly magics: boolean;
  /** Words that only begin statements: a bracket that is still open before one, at a line's start, was forgotten. */
  readonly beginners: ReadonlySet<string>;
  /** Words that are not names of things. */
  readonly keywords: ReadonlySet<string>;
  /** What a statement that begins with a word is; others are plain. */
  readonly statementKinds: ReadonlyMap<string, StatementKind>;
}

/** What a statement does to the statements in its block. */
export type StatementKind =
  /** Its block is another scope, which runs when it is called. */
  | 'function'
  | 'class'
  /** Its block may run or not. */
  | 'branch'
  /** Its block may run many times, or never. */
  | 'loop'
  /** Its block runs once: `with`. */
  | 'context'
  | 'import'
  | 'plain';

const pythonKinds: ReadonlyMap<string, StatementKind> = new Map<string, StatementKind>([
  ['def', 'function'],
  ['class', 'class'],
  ['if', 'branch'],
  ['elif', 'branch'],
  ['else', 'branch'],
  ['try', 'context'],
  ['except', 'branch'],
  ['finally', 'context'],
  ['match', 'plain'],
  ['for', 'loop'],
  ['while', 'loop'],
  ['with', 'context'],
  ['import', 'import'],
  ['from', 'import'],
]);

export const pythonCode: CodeLanguage = {
  id: 'python',
  literals: pythonLanguage,
  blocks: 'indentation',
  lineComment: '#',
  blockComments: false,
  longQuotes: ['"""', "'''"],
  templates: false,
  magics: true,
  beginners: words(
    'def class import from return with while elif try except finally raise pass break continue del global nonlocal assert',
  ),
  keywords: words(
    'False None True and as assert async await break class continue def del elif else except finally for from global if' +
      ' import in is lambda nonlocal not or pass raise return try while with yield',
  ),
  statementKinds: pythonKinds,
};

const javascriptKinds: ReadonlyMap<string, StatementKind> = new Map<string, StatementKind>([
  ['function', 'function'],
  ['class', 'class'],
  ['if', 'branch'],
  ['else', 'branch'],
  ['try', 'context'],
  ['catch', 'branch'],
  ['finally', 'context'],
  ['switch', 'branch'],
  ['for', 'loop'],
  ['while', 'loop'],
  ['do', 'loop'],
  ['import', 'import'],
]);

export const javascriptCode: CodeLanguage = {
  id: 'javascript',
  literals: javascriptLanguage,
  blocks: 'braces',
  lineComment: '//',
  blockComments: true,
  longQuotes: [],
  templates: true,
  magics: false,
  beginners: new Set(),
  keywords: words(
    'async await break case catch class const continue debugger default delete do else export extends false finally for' +
      ' function if import in instanceof let new null of return static super switch this throw true try typeof undefined' +
      ' var void while with yield',
  ),
  statementKinds: javascriptKinds,
};

const byId: ReadonlyMap<string, CodeLanguage> = new Map([
  ['python', pythonCode],
  ['javascript', javascriptCode],
  ['javascriptreact', javascriptCode],
  ['typescript', javascriptCode],
  ['typescriptreact', javascriptCode],
]);

/** VS Code language ids whose documents are read as code. */
export const codeLanguageIds: readonly string[] = [...byId.keys()];

/** The profile of a VS Code language id; undefined where it is not read as code. */
export function codeLanguage(languageId: string): CodeLanguage | undefined {
  return byId.get(languageId);
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}
