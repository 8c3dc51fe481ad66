import { isIndex } from '../guards';

/** JSON has no NaN and no infinities; every other number, −0 apart, survives it. */
type SavedNumber = number | string;

function writeNumber(x: number): SavedNumber {
  return Number.isFinite(x) && !Object.is(x, -0) ? x : Object.is(x, -0) ? '-0' : String(x);
}

function readNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Number(value) : undefined;
}

/** Vectors, each written once however many states share it. */
export class VectorTable {
  readonly lists: SavedNumber[][] = [];
  numbers = 0;
  readonly #known = new Map<Float64Array, number>();

  index(vector: Float64Array): number {
    const known = this.#known.get(vector);
    if (known !== undefined) return known;
    const index = this.lists.length;
    this.lists.push(Array.from(vector, writeNumber));
    this.numbers += vector.length;
    this.#known.set(vector, index);
    return index;
  }
}

/** @returns undefined where they are none */
export function parseVectors(value: unknown): Float64Array[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const vectors = value.map(list => {
    const numbers = Array.isArray(list) ? list.map(readNumber) : [undefined];
    return numbers.every(isDefined) ? Float64Array.from(numbers) : undefined;
  });
  return vectors.every(isDefined) ? vectors : undefined;
}

export function at(vectors: readonly Float64Array[], index: unknown): Float64Array | undefined {
  return isIndex(index) ? vectors[index] : undefined;
}

export function isDefined<T>(value: T | undefined): value is T {
  return value !== undefined;
}
