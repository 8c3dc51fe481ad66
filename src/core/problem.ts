/** A span of source text in UTF-16 code units, end exclusive. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

export type Severity = 'error' | 'warning' | 'note';

/**
 * Something the user can do something about. `message` is one sentence or two that say what is
 * wrong and what would be right; it stands alone on a CLI line, in a diagnostic and in the panel.
 */
export interface Problem {
  /** Stable id in kebab case, for tests, quick fixes and settings. */
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Where, when the problem comes from text. */
  readonly range?: TextRange;
}

/** An expected failure is a value; an exception is a bug. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function fail(code: string, message: string, range?: TextRange): Result<never> {
  const problem: Problem = { code, severity: 'error', message };
  return { ok: false, problem: range === undefined ? problem : { ...problem, range } };
}

/** Closes a `switch` over a discriminated union; reached only by a value the types forbid. */
export function assertNever(value: never): never {
  throw new Error(`unexpected value ${JSON.stringify(value)}`);
}
