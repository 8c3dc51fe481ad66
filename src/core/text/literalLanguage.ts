/** What the literal finder must know of a language: data, so that a language is a value and not a branch. */
export interface LanguageProfile {
  readonly id: 'json' | 'python' | 'javascript' | 'text';
  /** What starts a comment that ends with its line. */
  readonly lineComments: readonly string[];
  /** Whether slash-star comments exist. */
  readonly blockComments: boolean;
  /** Quotes that open a string within a line; empty where text has no strings (logs, prose). */
  readonly quotes: string;
  /** Quotes around text of many lines, which is read as the code around it is: docstrings hold examples. */
  readonly longQuotes: readonly string[];
  /** Letters that stand before a string's quote and belong to it. */
  readonly stringPrefixes: ReadonlySet<string>;
  /** What a shell puts before a line that goes on, as examples in docstrings have it; empty for none. */
  readonly continuation: string;
  /** `((1, 2), (3, 4))` nests as brackets do. */
  readonly tuples: boolean;
  readonly trailingComma: boolean;
  /** `[[1. 2.]` newline `[3. 4.]]` as numpy prints it, and `...` for what it left out. */
  readonly printed: boolean;
  /** `0x1F`, `0b101`, `0o17`. */
  readonly radixNumbers: boolean;
  /** Words after which `[` opens a literal although a name stands before it. */
  readonly keywords: ReadonlySet<string>;
  /** Values assigned with `=` at the start of a line are siblings of a literal, as keys of its object are. */
  readonly assignments: boolean;
}

export const jsonLanguage: LanguageProfile = {
  id: 'json',
  lineComments: ['//'],
  blockComments: true,
  quotes: '"',
  longQuotes: [],
  stringPrefixes: new Set(),
  continuation: '',
  tuples: false,
  trailingComma: false,
  printed: false,
  radixNumbers: false,
  keywords: new Set(),
  assignments: false,
};

/** JSON with comments: editors let a comma stand before the closing bracket. */
export const jsoncLanguage: LanguageProfile = { ...jsonLanguage, trailingComma: true };

export const pythonLanguage: LanguageProfile = {
  id: 'python',
  lineComments: ['#'],
  blockComments: false,
  quotes: `"'`,
  longQuotes: ['"""', "'''"],
  stringPrefixes: words('r u b f t br rb fr rf tr rt'),
  continuation: '...',
  tuples: true,
  trailingComma: true,
  printed: false,
  radixNumbers: true,
  keywords: words('return in and or not is if else elif yield await assert del lambda print'),
  assignments: true,
};

export const javascriptLanguage: LanguageProfile = {
  id: 'javascript',
  lineComments: ['//'],
  blockComments: true,
  quotes: `"'\``,
  longQuotes: [],
  stringPrefixes: new Set(),
  continuation: '',
  tuples: false,
  trailingComma: true,
  printed: false,
  radixNumbers: true,
  keywords: words('return of in case typeof void delete await yield throw else do extends default'),
  assignments: true,
};

/** Plain text, logs and Markdown: printed tensors as well as source. */
export const textLanguage: LanguageProfile = {
  id: 'text',
  lineComments: [],
  blockComments: false,
  quotes: '',
  longQuotes: [],
  stringPrefixes: new Set(),
  continuation: '',
  tuples: false,
  trailingComma: true,
  printed: true,
  radixNumbers: false,
  keywords: new Set(),
  assignments: true,
};

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(' '));
}

const profiles: ReadonlyMap<string, LanguageProfile> = new Map([
  ['json', jsonLanguage],
  ['jsonc', jsoncLanguage],
  ['jsonl', jsonLanguage],
  ['python', pythonLanguage],
  ['javascript', javascriptLanguage],
  ['javascriptreact', javascriptLanguage],
  ['typescript', javascriptLanguage],
  ['typescriptreact', javascriptLanguage],
  ['plaintext', textLanguage],
  ['log', textLanguage],
  ['markdown', textLanguage],
]);

/** VS Code language ids whose documents may hold tensor literals. */
export const literalLanguages: readonly string[] = [...profiles.keys()];

/** The profile of a VS Code language id; any other language is read as plain text. */
export function languageProfile(languageId: string): LanguageProfile {
  return profiles.get(languageId) ?? textLanguage;
}
