import type { Port } from './rpc';

/**
 * VS Code carries webview messages as JSON with the typed arrays beside it, so a NaN or an infinity
 * outside a typed array would arrive as null, and be shown as 0. Such numbers travel as `{ $number }`.
 */
interface NumberAsText {
  readonly $number: string;
}

function isNumberAsText(value: object): value is NumberAsText {
  return '$number' in value && typeof value.$number === 'string';
}

/** Wraps either end of a webview's channel: both must be wrapped. */
export function jsonSafePort(port: Port): Port {
  return {
    post: (message, transfer) => port.post(toJsonSafe(message), transfer),
    listen: listener => port.listen(message => listener(fromJsonSafe(message))),
  };
}

/** The same value where all numbers in it are finite, else a copy in which the others are text. */
export function toJsonSafe(value: unknown): unknown {
  if (typeof value === 'number') {
    return Number.isFinite(value) ? value : { $number: String(value) };
  }
  return mapInside(value, toJsonSafe);
}

export function fromJsonSafe(value: unknown): unknown {
  if (typeof value === 'object' && value !== null && isNumberAsText(value)) {
    return Number(value.$number);
  }
  return mapInside(value, fromJsonSafe);
}

/** Copies only what changes; buffers and typed arrays are carried as they are. */
function mapInside(value: unknown, map: (inner: unknown) => unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value;
  if (Array.isArray(value)) {
    const items: readonly unknown[] = value;
    const mapped = items.map(map);
    return mapped.some((item, i) => item !== items[i]) ? mapped : value;
  }
  const entries = Object.entries(value);
  const mapped = entries.map(([key, inner]) => [key, map(inner)] as const);
  const changed = mapped.some(([, inner], i) => inner !== entries[i]?.[1]);
  return changed ? Object.fromEntries(mapped) : value;
}
