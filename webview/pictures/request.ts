import type { Problem, Result } from '../../src/core/problem';
import { isPassing } from '../passing';

/**
 * What a picture shows of something it asks the host for: newest wins, and the last good answer stays
 * until there is a better one.
 */
export class PictureRequest<Reply> {
  private key = '';
  private controller = new AbortController();
  private answered: Reply | undefined;
  private answeredKey = '';
  private failed: Problem | undefined;

  /** @param redraw called when there is something new to show */
  constructor(private readonly redraw: () => void) {}

  /** The last good answer. */
  get reply(): Reply | undefined {
    return this.answered;
  }

  /** The answer to what was asked last; undefined until it is there. */
  get current(): Reply | undefined {
    return this.answeredKey === this.key ? this.answered : undefined;
  }

  /** Why there is no answer to what was asked last. */
  get problem(): Problem | undefined {
    return this.failed;
  }

  /**
   * Asks, unless that was asked already.
   * @param key another one whenever the answer would be
   */
  ask(key: string, send: (signal: AbortSignal) => Promise<Result<Reply>>): void {
    if (key === this.key) return;
    this.key = key;
    this.controller.abort();
    this.controller = new AbortController();
    void this.receive(key, send(this.controller.signal));
  }

  /** Forgets the answers: they were of something else. */
  clear(): void {
    this.controller.abort();
    this.key = '';
    this.answeredKey = '';
    this.answered = undefined;
    this.failed = undefined;
  }

  private async receive(key: string, sent: Promise<Result<Reply>>): Promise<void> {
    const result = await sent;
    if (key !== this.key) return;
    if (result.ok) {
      this.answered = result.value;
      this.answeredKey = key;
      this.failed = undefined;
    } else if (isPassing(result.problem)) {
      // Asked again by the next render.
      this.key = '';
      return;
    } else {
      this.failed = result.problem;
    }
    this.redraw();
  }
}
