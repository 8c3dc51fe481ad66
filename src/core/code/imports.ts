import type { Brackets } from './brackets';
import type { CodeLanguage } from './codeLanguage';
import type { Statement, Statements } from './statements';
import type { Tokens } from './tokens';

/** What names stand for by the imports of a file: `nn` for `torch.nn`, `tf` for `@tensorflow/tfjs`. */
export interface Imports {
  /** Dotted names by the names that a file has for them. A module's own name keeps what it is spelled with. */
  readonly names: ReadonlyMap<string, string>;
  /** Modules that a file imports anything of, as spelled. */
  readonly modules: ReadonlySet<string>;
  /** Modules all of whose names are imported: `from torch.nn import *`. */
  readonly whole: readonly string[];
}

/** @param tokens of the file; imports in functions and branches count as those at its top do */
export function findImports(
  tokens: Tokens,
  brackets: Brackets,
  { all }: Statements,
  language: CodeLanguage,
): Imports {
  const reader = new ImportReader(tokens, brackets);
  for (const statement of all) {
    if (language.blocks === 'indentation') reader.python(statement);
    else reader.javascript(statement);
  }
  return reader;
}

class ImportReader implements Imports {
  readonly names = new Map<string, string>();
  readonly modules = new Set<string>();
  readonly whole: string[] = [];

  constructor(
    private readonly tokens: Tokens,
    private readonly brackets: Brackets,
  ) {}

  python({ word, first, end }: Statement): void {
    const { tokens } = this;
    if (word === 'from') {
      const [module, at] = this.dotted(first + 1);
      this.modules.add(module);
      if (tokens.is(at, 'import')) this.list(module, at + 1, end);
      return;
    }
    if (word !== 'import') return;
    for (let i = first + 1; i < end;) {
      const [module, at] = this.dotted(i);
      if (module === '') return;
      this.modules.add(module);
      if (tokens.is(at, 'as')) this.names.set(tokens.textOf(at + 1), module);
      else {
        const top = module.replace(/\..*$/, '');
        this.names.set(top, top);
      }
      i = at;
      while (i < end && !tokens.is(i, ',')) i++;
      i++;
    }
  }

  /** `a, b as c` of a module, in brackets or not; `b: c` is how JavaScript's patterns say it. */
  private list(module: string, from: number, end: number): void {
    const { tokens } = this;
    for (let i = from; i < end; i++) {
      if (tokens.is(i, '*')) this.whole.push(module);
      if (!tokens.isName(i) || tokens.is(i, 'type')) continue;
      const name = tokens.textOf(i);
      const renamed = tokens.is(i + 1, 'as') || tokens.is(i + 1, ':');
      if (renamed) i += 2;
      this.names.set(tokens.textOf(i), `${module}.${name}`);
      // A default of a pattern: `{ a = 1 }`.
      while (i + 1 < end && !tokens.is(i + 1, ',')) i++;
    }
  }

  /** A dotted name and the token after it; points before it are of a package's own modules. */
  private dotted(from: number): readonly [name: string, next: number] {
    const { tokens } = this;
    let [name, at] = ['', from];
    while (tokens.is(at, '.') || tokens.is(at, '...')) name += tokens.textOf(at++);
    while (tokens.isName(at) && !tokens.is(at, 'import')) {
      name += tokens.textOf(at++);
      if (!tokens.is(at, '.')) break;
      name += '.';
      at++;
    }
    return [name, at];
  }

  javascript({ word, first, end }: Statement): void {
    if (word === 'import') this.ecma(first, end);
    else if (word === 'const' || word === 'let' || word === 'var') this.required(first, end);
  }

  /** `import d, { a as b } from 'm'`, `import * as d from 'm'`, `import d = require('m')`. */
  private ecma(first: number, end: number): void {
    const { tokens } = this;
    let at = first;
    while (!tokens.is(at, 'import')) at++;
    const module = this.lastString(at, end);
    if (module === undefined) return;
    this.modules.add(module);
    for (let i = at + 1; i < end; i++) {
      if (tokens.is(i, 'from') || tokens.is(i, '=') || tokens.kind(i) === 'string') break;
      if (tokens.is(i, '{')) {
        const close = this.brackets.partner(i);
        this.list(module, i + 1, close < 0 ? end : close);
        i = close < 0 ? end : close;
      } else if (tokens.isName(i) && !tokens.is(i, 'type') && !tokens.is(i, 'as')) {
        this.names.set(tokens.textOf(i), module);
      }
    }
  }

  /** `const d = require('m')`, `const { a: b } = await import('m')`, `const l = require('m').layers`. */
  private required(first: number, end: number): void {
    const { tokens } = this;
    let equals = first;
    while (equals < end && !tokens.is(equals, '=')) {
      const close = tokens.is(equals, '{') ? this.brackets.partner(equals) : -1;
      equals = close > equals ? close : equals + 1;
    }
    let at = equals + 1;
    if (tokens.is(at, 'await')) at++;
    if (!tokens.is(at, 'require') && !tokens.is(at, 'import')) return;
    if (!tokens.is(at + 1, '(') || tokens.kind(at + 2) !== 'string') return;
    let module = unquoted(tokens.textOf(at + 2));
    this.modules.add(module);
    for (let i = at + 4; tokens.is(i, '.') && tokens.isName(i + 1); i += 2) {
      module += `.${tokens.textOf(i + 1)}`;
    }
    let target = first;
    while (/^(?:export|const|let|var)$/.test(tokens.textOf(target))) target++;
    if (tokens.is(target, '{')) this.list(module, target + 1, this.brackets.partner(target));
    else this.names.set(tokens.textOf(target), module);
  }

  private lastString(first: number, end: number): string | undefined {
    for (let i = end - 1; i > first; i--) {
      if (this.tokens.kind(i) === 'string') return unquoted(this.tokens.textOf(i));
    }
    return undefined;
  }
}

function unquoted(string: string): string {
  return string.slice(1, -1);
}
