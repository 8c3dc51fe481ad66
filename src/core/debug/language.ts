import type { Problem } from '../problem';

/** How much one evaluation may bring. */
export interface DescribeLimits {
  /** The values come with the description where they have at most this many bytes. */
  readonly inlineBytes: number;
  /** Health is measured over this many elements at most, from the first; 0 is not at all. */
  readonly healthElements: number;
}

/** Names a frame knows, each with the expression that reads it. */
export interface NamedExpression {
  readonly name: string;
  readonly expression: string;
}

/**
 * One kind of program that is debugged: what is evaluated in it to describe and read a value, a file beside the others
 * and a line in registry.ts. Every expression only reads: it imports nothing that the program has not imported, assigns
 * nothing that survives it, writes no file, and asks no object for its own text (`repr`, `toString`), which may take
 * for ever. All of them answer with one string that {@link decodeAnswer} understands.
 */
export interface DebuggeeLanguage {
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Types of the debug sessions that speak it. */
  readonly sessionTypes: readonly string[];
  /**
   * Whether an expression only walks to a value, so that it may be evaluated as often as is useful. One that calls
   * something is evaluated once.
   */
  readonly isPath: (expression: string) => boolean;
  /** Why an expression is not evaluated at all; undefined where it may be. */
  readonly refusal: (expression: string) => Problem | undefined;
  /** Answers with a `Description`. */
  readonly describe: (expression: string, limits: DescribeLimits) => string;
  /** Answers with the bytes of elements `start` to `end`, little-endian and row-major. */
  readonly read: (expression: string, start: number, end: number) => string;
  /**
   * Answers with a `Listing` of what a frame holds.
   * @param names of the frame's variables, where the language cannot find them itself
   */
  readonly list: (names: readonly string[], limits: DescribeLimits) => string;
  /** Whether `list` has to be given names. */
  readonly needsNames: boolean;
}

/** The expression does more than read. */
export function assigns(expression: string): Problem {
  return {
    code: 'debug-assigns',
    severity: 'error',
    message: `“${shortened(expression)}” would change the program that is being debugged: give an expression that only reads, such as a variable's name.`,
  };
}

/** An expression as messages quote it. */
export function shortened(expression: string): string {
  const line = expression.replace(/\s+/g, ' ').trim();
  return line.length <= 60 ? line : `${line.slice(0, 59)}…`;
}

/** Quoted text replaced by nothing, so that what is in it is not taken for code. */
export function withoutStrings(expression: string): string {
  return expression.replace(/'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/g, "''");
}
