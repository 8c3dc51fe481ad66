import type { Progress } from '../protocol/engineFiles';

/** A number that requests carry, so that they are told apart when the engine says how far it is. */
export interface ProgressWatch {
  readonly progress: number;
  stop(): void;
}

/** Whoever wants to hear how far a request is. */
export class ProgressWatchers {
  private readonly listeners = new Map<number, (progress: Progress) => void>();
  private last = 0;

  watch(listener: (progress: Progress) => void): ProgressWatch {
    const progress = ++this.last;
    this.listeners.set(progress, listener);
    return { progress, stop: () => void this.listeners.delete(progress) };
  }

  tell(progress: Progress): void {
    this.listeners.get(progress.progress)?.(progress);
  }
}
