import { backslash, end, isLineEnd } from './characters';
import { longestToken, type TextWindow } from './textWindow';

/** A token whose length nobody knows yet. Of a very long one only the start stays at hand. */
export class TokenRun {
  at: number;
  private head: string | undefined;
  /** What of the window is still needed. */
  private keep: number;

  constructor(
    private readonly window: TextWindow,
    start: number,
  ) {
    this.at = start;
    this.keep = start;
  }

  get isLong(): boolean {
    return this.head !== undefined;
  }

  /** Code unit at the cursor, or `end`. */
  peek(): number {
    const { window, at } = this;
    if (at - this.keep >= longestToken) {
      this.head ??= window.slice(this.keep, at);
      this.keep = at;
    }
    const i = at - window.base;
    return i < window.filled ? (window.units[i] as number) : window.codeAt(at, this.keep);
  }

  text(): string {
    return this.head ?? this.window.slice(this.keep, this.at);
  }

  /** Moves over a string, from its opening quote to behind its closing one. @returns whether it has one */
  skipString(closing: number): boolean {
    for (this.at++; ; this.at++) {
      const code = this.peek();
      if (code === closing) break;
      if (code === end || isLineEnd(code)) return false;
      if (code !== backslash) continue;
      this.at++;
      const escaped = this.peek();
      // The line or the text ends behind the backslash.
      if (escaped === end || isLineEnd(escaped)) this.at--;
    }
    this.at++;
    return true;
  }
}
