/**
 * Buffers of a handler's value that are moved to the caller instead of copied. In the same process
 * nothing is moved and nothing is different, so handlers serve both.
 */
const buffersToMove = new WeakMap<object, readonly ArrayBuffer[]>();

/** Marks buffers inside a value that a handler is about to return; the handler must not use them again. */
export function moved<T extends object>(value: T, buffers: readonly ArrayBuffer[]): T {
  buffersToMove.set(value, buffers);
  return value;
}

/** What `moved` said about a value. */
export function movedBuffers(value: unknown): readonly ArrayBuffer[] {
  return typeof value === 'object' && value !== null ? (buffersToMove.get(value) ?? []) : [];
}
