import { refuse } from './badFile';
import { mostHeaderBytes, mostHeaderDepth } from './limits';

/** A JSON value as it was parsed: nothing about it may be trusted. */
export type Unknown = unknown;

/**
 * Parses JSON inside a file: a header, a manifest, an index. V8's parser has no depth limit, so depth is
 * counted first. Look into the value with the functions below.
 * @param what `its header`, for the message
 */
export function parseHeaderJson(bytes: Uint8Array, what: string): Unknown {
  if (bytes.length > mostHeaderBytes) {
    refuse(
      'header-too-large',
      `${what} is ${bytes.length} bytes long, and ${mostHeaderBytes} is the most.`,
    );
  }
  checkDepth(bytes, what);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)) as Unknown;
  } catch {
    return refuse(
      'header-invalid',
      `${what} is not JSON in UTF-8: it is damaged or not what its name says.`,
    );
  }
}

const [quote, backslash] = [0x22, 0x5c];

function checkDepth(bytes: Uint8Array, what: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (inString) {
      if (byte === backslash) i++;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > mostHeaderDepth) {
        refuse('header-too-deep', `${what} is nested more than ${mostHeaderDepth} levels deep.`);
      }
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
}

/** Members of a JSON object, in order; undefined for anything else. A map, so that `__proto__` is a name. */
export function membersOf(value: Unknown): ReadonlyMap<string, Unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}

/** A list of numbers; undefined for anything else. */
export function numbersOf(value: Unknown): readonly number[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items: readonly Unknown[] = value;
  return items.every(item => typeof item === 'number') ? items : undefined;
}
