/** Characters of an answer: some 5,000 tokens, beside which a model has room for the rest of a conversation. */
export const mostCharacters = 16_000;

/** The least that is worth an answer, whatever the budget. */
const fewestCharacters = 1000;

/** A token of tables and numbers is seldom shorter. */
const charactersPerToken = 3;

/** @param tokenBudget of the model, where it says; @returns characters */
export function answerLimit(tokenBudget: number | undefined): number {
  if (tokenBudget === undefined) return mostCharacters;
  const fitting = Math.floor(tokenBudget * charactersPerToken);
  return Math.max(fewestCharacters, Math.min(mostCharacters, fitting));
}

/** Takes text of any length, keeps the whole lines that fit, and counts the others. */
export class BoundedText {
  #text = '';
  #lines = 0;
  #endsInLine = false;

  /** @param limit characters */
  constructor(private readonly limit: number) {}

  add(piece: string): void {
    if (piece === '') return;
    this.#lines += piece.split('\n').length - 1;
    this.#endsInLine = !piece.endsWith('\n');
    // One more than fits, which tells a text that is cut from one that just fits.
    if (this.#text.length <= this.limit) {
      this.#text = (this.#text + piece).slice(0, this.limit + 1);
    }
  }

  /** @param more how to see the rest, as a sentence */
  finish(more: string): string {
    if (this.#text.length <= this.limit) return this.#text.trimEnd();
    const end = this.#text.lastIndexOf('\n');
    const kept = end > 0 ? this.#text.slice(0, end) : this.#text.slice(0, this.limit);
    const lines = this.#lines + (this.#endsInLine ? 1 : 0);
    const shown = kept.split('\n').length;
    return `${kept}\n\n[Cut here: ${shown} of ${lines} lines are shown, as an answer has at most ${this.limit} characters. ${more}]`;
  }
}
