import type { Problem, Result } from '../core/problem';

/** Version of every message between host, webview and worker. A mismatch asks for a reload. */
export const protocolVersion = 1;

/** One end of a channel that carries structured clones: a worker port, a webview, a test double. */
export interface Port {
  post(message: unknown, transfer?: readonly ArrayBuffer[]): void;
  /** @returns a function that stops listening */
  listen(listener: (message: unknown) => void): () => void;
}

/**
 * Methods an end offers: one argument, one reply. A reply is a `Result`: expected failures are values.
 * An exception in a handler reaches the caller as the problem `internal`, without a stack.
 */
export type Api = object;

export type Handlers<T> = {
  readonly [M in keyof T]: T[M] extends (argument: infer A) => Promise<Result<infer R>>
    ? (argument: A, signal: AbortSignal) => Promise<Result<R>> | Result<R>
    : never;
};

export type Client<T> = {
  readonly [M in keyof T]: T[M] extends (argument: infer A) => Promise<Result<infer R>>
    ? (argument: A, options?: CallOptions) => Promise<Result<R>>
    : never;
};

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Buffers inside the argument to move instead of copy. */
  readonly transfer?: readonly ArrayBuffer[];
}

/** The problem a caller gets when its signal was aborted, or a newer request took its place. */
export const cancelled: Problem = {
  code: 'cancelled',
  severity: 'note',
  message: 'Cancelled.',
};
