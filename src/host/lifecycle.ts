/** Anything that must be let go of; VS Code's own disposables fit. */
export interface Disposable {
  dispose(): void;
}

/** Owns what it registers, and lets all of it go at once, last first. */
export class DisposableStore implements Disposable {
  readonly #owned = new Set<Disposable>();
  #disposed = false;

  get disposed(): boolean {
    return this.#disposed;
  }

  /** Takes ownership; what comes too late is let go of at once. */
  add<T extends Disposable>(item: T): T {
    if (this.#disposed) item.dispose();
    else this.#owned.add(item);
    return item;
  }

  /** Runs when the store is disposed. */
  onDispose(act: () => void): void {
    this.add({ dispose: act });
  }

  dispose(): void {
    if (this.#disposed) return;
    this.#disposed = true;
    const owned = [...this.#owned].reverse();
    this.#owned.clear();
    for (const item of owned) item.dispose();
  }
}

export type Listener<T> = (value: T) => void;

/** One event of a class that knows nothing of VS Code. */
export class Emitter<T> implements Disposable {
  readonly #listeners = new Set<Listener<T>>();

  readonly on = (listener: Listener<T>): Disposable => {
    // The same function may listen twice.
    const own: Listener<T> = value => listener(value);
    this.#listeners.add(own);
    return { dispose: () => this.#listeners.delete(own) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  dispose(): void {
    this.#listeners.clear();
  }
}

/** Calls `act` once `delay` milliseconds after the last `run`. */
export class Debouncer implements Disposable {
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #act: () => void;

  constructor(act: () => void) {
    this.#act = act;
  }

  run(delay: number): void {
    this.dispose();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#act();
    }, delay);
  }

  dispose(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

/** Calls `act` at once, and then no more than once in every `interval` milliseconds; the last `run` is always acted on. */
export class Throttle implements Disposable {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #again = false;
  readonly #act: () => void;
  readonly #interval: number;

  constructor(act: () => void, interval: number) {
    this.#act = act;
    this.#interval = interval;
  }

  run(): void {
    if (this.#timer !== undefined) {
      this.#again = true;
      return;
    }
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#again) this.run();
    }, this.#interval);
    this.#again = false;
    this.#act();
  }

  dispose(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#again = false;
  }
}

/** Aborts when either does. (`AbortSignal.any` is younger than the Node of the oldest VS Code we run in.) */
export function eitherAborts(a: AbortSignal, b: AbortSignal): AbortSignal {
  const both = new AbortController();
  for (const signal of [a, b]) {
    if (signal.aborted) both.abort();
    else signal.addEventListener('abort', () => both.abort(), { once: true });
  }
  return both.signal;
}

/** Asks anew: a signal that has not been aborted may be by the time that something awaited is there. */
export function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
