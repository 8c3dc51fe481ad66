import * as vscode from 'vscode';
import type { EngineClient } from '../../engine/client';
import { fail, type Result } from '../../core/problem';
import { formatBytes } from '../../core/text/byteSize';
import type { Progress } from '../../protocol/engineFiles';
import { eitherAborts } from '../lifecycle';
import type { WatchReading } from './engineFiles';
import { cancelledByUser } from './fileEngine';

/** What takes longer than this many milliseconds is said to be under way, and can be cancelled. */
export const lateAfter = 500;

type WithProgress = typeof vscode.window.withProgress;

/** Shows a notification for reads that take long, with how far they are and a way to stop them. */
export function watchReading(
  engine: () => Pick<EngineClient, 'watchProgress'>,
  withProgress: WithProgress = vscode.window.withProgress,
): WatchReading {
  const late = watchLate(withProgress);
  return (title, signal, read) =>
    late(title, signal, async (either, told) => {
      const watch = engine().watchProgress(({ done, total }) => told(done, total));
      const result = await read(either, { progress: watch.progress });
      watch.stop();
      return result;
    });
}

/** A read that says itself how far it is, in bytes; the total is null where nobody knows. */
export type ToldRead<T> = (
  signal: AbortSignal,
  told: (done: number, total: number | null) => void,
) => Promise<Result<T>>;

/** The same for reads that the host does itself. */
export function watchLate(
  withProgress: WithProgress = vscode.window.withProgress,
): <T>(title: string, signal: AbortSignal, read: ToldRead<T>) => Promise<Result<T>> {
  return async (title, signal, read) => {
    const byUser = new AbortController();
    const shown = new Notification(withProgress, title, () => byUser.abort());
    const either = eitherAborts(signal, byUser.signal);
    const told = (done: number, total: number | null): void => shown.report({ done, total });
    const result = await read(either, told).finally(() => shown.close());
    const stopped = byUser.signal.aborted && !signal.aborted && !result.ok;
    return stopped ? saidStopped(title) : result;
  };
}

function saidStopped(title: string): Result<never> {
  return fail(cancelledByUser, `${title} was cancelled: ask for it again when it is wanted.`);
}

/** A notification that opens late, and closes when it is told to. */
class Notification {
  readonly #timer: ReturnType<typeof setTimeout>;
  #closed = false;
  #close: () => void = () => undefined;
  #reporter: vscode.Progress<{ message?: string; increment?: number }> | undefined;
  /** Per cent. */
  #reported = 0;

  constructor(
    private readonly withProgress: WithProgress,
    title: string,
    cancel: () => void,
  ) {
    this.#timer = setTimeout(() => this.#open(title, cancel), lateAfter);
  }

  report({ done, total }: Pick<Progress, 'done' | 'total'>): void {
    if (!this.#reporter) return;
    if (total === null || total === 0) {
      this.#reporter.report({ message: `${formatBytes(done)} read` });
      return;
    }
    const percent = Math.min(100, (100 * done) / total);
    const increment = Math.max(0, percent - this.#reported);
    this.#reported += increment;
    this.#reporter.report({ message: `${formatBytes(done)} of ${formatBytes(total)}`, increment });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#closed = true;
    this.#close();
  }

  #open(title: string, cancel: () => void): void {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    void this.withProgress(options, (reporter, token) => {
      this.#reporter = reporter;
      token.onCancellationRequested(cancel);
      return new Promise<void>(resolve => {
        this.#close = resolve;
        // VS Code asks some time after it was told to open.
        if (this.#closed) resolve();
      });
    });
  }
}
