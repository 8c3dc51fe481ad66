import type { TextRange } from '../problem';
import type { NumberArray, NumberTools } from './numberArray';
import type { ProblemList } from './problemList';

/** A JSON value as far as tensors go: arrays of numbers are read whole, everything else is passed over. */
export type JsonValue =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'numbers'; readonly array: NumberArray }
  /** An array with an object somewhere in it. */
  | { readonly kind: 'list' }
  | { readonly kind: 'object' }
  /** JSON Lines of which the first is no array. Each is a member, called by its number from 1. */
  | { readonly kind: 'lines'; readonly count: number }
  /** What stood there is a problem already. */
  | { readonly kind: 'unreadable' };

/** A key with its value, in the document's object or in one inside it. */
export interface JsonMember {
  /** Keys of the objects around it, joined by `/`; empty at the top. */
  readonly parent: string;
  /** As spelled. */
  readonly key: string;
  readonly keyRange: TextRange;
  readonly valueRange: TextRange;
  readonly value: JsonValue;
}

export interface JsonDocument {
  /** Undefined where the text holds no value at all. */
  readonly root: JsonValue | undefined;
  readonly rootRange: TextRange;
  /** Members of objects that stand in objects; those of objects in arrays are passed over. */
  readonly members: readonly JsonMember[];
  /** What is wrong in any JSON. Comments, `NaN` and infinities are not. */
  readonly problems: ProblemList;
  /** Nothing after this offset was understood; the text's length where all of it was. */
  readonly readUntil: number;
}

export interface DocumentOptions {
  /**
   * Whether the text is JSON Lines: values one after the other. Arrays are the rows of one array; of
   * objects each has the number of its line, from 1, for a name, unless there is only one.
   */
  readonly lines?: boolean;
  /** Absent: in JavaScript, into plain arrays. */
  readonly tools?: NumberTools;
}

/** Whether a file of this name holds JSON Lines. */
export function isLinesName(name: string): boolean {
  return /\.(?:jsonl|ndjson)$/i.test(name);
}

/** The full name of a key inside objects: `bn1/gamma`. */
export function join(parent: string, key: string): string {
  return parent === '' ? key : `${parent}/${key}`;
}
