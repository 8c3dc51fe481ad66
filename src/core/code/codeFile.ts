import { findBindings, type Bindings } from './bindings';
import { pairBrackets, type Brackets } from './brackets';
import { CallIndex } from './callIndex';
import { callAt, findCalls, type Call } from './calls';
import type { CodeLanguage } from './codeLanguage';
import { findImports, type Imports } from './imports';
import { findLocalNames, type LocalNames } from './localNames';
import { cutStatements, type Statements } from './statements';
import { finish, type Steps } from './steps';
import { tokenize } from './tokenize';
import type { Tokens } from './tokens';

/**
 * What can be told of a file's code without running it. Each part is found when it is first asked for, in time that
 * grows with the text alone; no text is refused.
 */
export class CodeFile {
  #tokens: Tokens | undefined;
  #brackets: Brackets | undefined;
  #statements: Statements | undefined;
  #imports: Imports | undefined;
  #bindings: Bindings | undefined;
  #localNames: LocalNames | undefined;
  #calls: readonly Call[] | undefined;
  #index: CallIndex | undefined;

  constructor(
    readonly text: string,
    readonly language: CodeLanguage,
  ) {}

  get tokens(): Tokens {
    return (this.#tokens ??= finish(tokenize(this.text, this.language)));
  }

  get brackets(): Brackets {
    return (this.#brackets ??= finish(pairBrackets(this.tokens, this.language)));
  }

  get statements(): Statements {
    return (this.#statements ??= finish(cutStatements(this.tokens, this.brackets, this.language)));
  }

  get imports(): Imports {
    return (this.#imports ??= findImports(
      this.tokens,
      this.brackets,
      this.statements,
      this.language,
    ));
  }

  get bindings(): Bindings {
    return (this.#bindings ??= finish(
      findBindings(this.tokens, this.brackets, this.statements, this.language),
    ));
  }

  get localNames(): LocalNames {
    return (this.#localNames ??= finish(
      findLocalNames(this.tokens, this.brackets, this.statements, this.language),
    ));
  }

  /** All of them, in the order of their opening brackets. */
  get calls(): readonly Call[] {
    return (this.#calls ??= finish(findCalls(this.tokens, this.brackets, this.language)));
  }

  get callIndex(): CallIndex {
    return (this.#index ??= finish(CallIndex.of(this.tokens, this.calls)));
  }

  /** Finds every part in steps of a millisecond or less, so that who waits for a long file holds up nobody. */
  *steps(): Steps<void> {
    const { language } = this;
    const tokens = (this.#tokens ??= yield* tokenize(this.text, language));
    const brackets = (this.#brackets ??= yield* pairBrackets(tokens, language));
    const statements = (this.#statements ??= yield* cutStatements(tokens, brackets, language));
    this.#bindings ??= yield* findBindings(tokens, brackets, statements, language);
    this.#localNames ??= yield* findLocalNames(tokens, brackets, statements, language);
    this.#calls ??= yield* findCalls(tokens, brackets, language);
    yield;
    this.#imports ??= findImports(tokens, brackets, statements, language);
    yield;
    this.#index ??= yield* CallIndex.of(tokens, this.#calls);
  }

  /** The call whose arguments the bracket at a token opens. */
  callAt(open: number): Call | undefined {
    return callAt(this.tokens, this.brackets, this.language, open);
  }
}

export function codeFile(text: string, language: CodeLanguage): CodeFile {
  return new CodeFile(text, language);
}
