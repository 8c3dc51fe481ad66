import type { Problem, Severity, TextRange } from '../problem';

/**
 * Collects problems up to a limit, so that a file with a million bad numbers costs a hundred messages
 * and one that counts the rest.
 */
export class ProblemList {
  private readonly kept: Problem[] = [];
  private left = 0;
  private errors = 0;

  constructor(private readonly limit = 100) {}

  get hasErrors(): boolean {
    return this.errors > 0;
  }

  /** @param message called only when the problem is kept */
  add(severity: Severity, code: string, range: TextRange, message: () => string): void {
    if (severity === 'error') this.errors++;
    if (this.kept.length >= this.limit) this.left++;
    else this.kept.push({ code, severity, message: message(), range });
  }

  addAll(problems: readonly Problem[]): void {
    for (const problem of problems) {
      if (problem.severity === 'error') this.errors++;
      if (this.kept.length >= this.limit) this.left++;
      else this.kept.push(problem);
    }
  }

  /** Counts problems that were not worth keeping. */
  omit(count: number): void {
    this.left += count;
  }

  /** In the order they were found, and a note about those beyond the limit. */
  all(): Problem[] {
    const last = this.kept.at(-1);
    if (this.left === 0 || last === undefined) return [...this.kept];
    const count = this.left.toLocaleString('en-GB');
    const range = last.range ?? { start: 0, end: 0 };
    const message = `And ${count} more ${this.left === 1 ? 'problem' : 'problems'} after this one.`;
    return [...this.kept, { code: 'more-problems', severity: 'note', message, range }];
  }
}

const weight: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

/** Errors first, then warnings, then notes; each as they stand in the text. */
export function byImportance(problems: readonly Problem[]): Problem[] {
  return [...problems].sort(
    (a, b) =>
      weight[a.severity] - weight[b.severity] || (a.range?.start ?? 0) - (b.range?.start ?? 0),
  );
}
