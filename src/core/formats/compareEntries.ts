import { formatShape, sizeOf, type Shape } from '../tensor/shape';
import { allocate } from '../tensor/storedDType';
import type { DType, Tensor, TensorData } from '../tensor/tensor';
import { heed, refuse } from './badFile';
import type { ReadableContent, TensorEntry } from './catalog';
import { quoted } from './shapes';

/** Elements of each that are read at once. */
const pieceElements = 1 << 18;

/** Memory for parts of two tensors, used again for the next two. */
export class PairMemory {
  private readonly held = new Map<string, TensorData>();

  take(side: 'a' | 'b', dtype: DType, length: number): TensorData {
    const key = `${side} ${dtype}`;
    let data = this.held.get(key);
    if (data === undefined || data.length < length) {
      data = allocate(dtype, length);
      this.held.set(key, data);
    }
    return data.subarray(0, length);
  }
}

/** Takes the elements of two tensors in, part by part, in their order. */
export interface PairStream {
  /** @param start index of the first element of both parts */
  add(a: TensorData, b: TensorData, start: number): void;
}

/**
 * Compares two tensors of files in one pass, some megabytes of each at a time.
 * @param stream takes their elements in
 * @throws BadFile where one cannot be read, or their shapes differ
 */
export async function compareEntries(
  a: TensorEntry,
  b: TensorEntry,
  stream: PairStream,
  signal: AbortSignal,
  memory = new PairMemory(),
): Promise<void> {
  const [contentA, contentB] = [readable(a), readable(b)];
  const shape = shapeRead(a, contentA);
  const other = shapeRead(b, contentB);
  if (formatShape(shape) !== formatShape(other)) {
    refuse('shapes-differ', shapesDiffer(nameAndShape(a, shape), nameAndShape(b, other)));
  }
  const elements = sizeOf(a.shape);
  // Reading any part of some reads all of it.
  const most = contentA.ranges && contentB.ranges ? pieceElements : Math.max(1, elements);
  const readA = pieceReader(
    contentA,
    signal,
    memory.take('a', contentA.dtype, Math.min(most, elements) * contentA.numbers),
  );
  const readB = pieceReader(
    contentB,
    signal,
    memory.take('b', contentB.dtype, Math.min(most, elements) * contentB.numbers),
  );
  for (let start = 0; start < elements; start += most) {
    heed(signal);
    const count = Math.min(most, elements - start);
    const [partA, partB] = await Promise.all([readA(start, count), readB(start, count)]);
    stream.add(partA, partB, start * contentA.numbers);
  }
}

function readable({ name, content }: TensorEntry): ReadableContent {
  if (content.kind === 'readable') return content;
  refuse('tensor-unreadable', `the tensor ${quoted(name)} cannot be read: ${content.reason}.`);
}

function shapeRead({ shape }: TensorEntry, { numbers }: ReadableContent): Shape {
  return numbers === 1 ? shape : [...shape, numbers];
}

function nameAndShape({ name }: TensorEntry, shape: Shape): string {
  return `${quoted(name)} is ${formatShape(shape)}`;
}

/** @param a `"w" is [2,3]` */
export function shapesDiffer(a: string, b: string): string {
  return `${a}, and ${b}: only tensors of one shape are compared, element by element, and nothing is broadcast.`;
}

type PieceReader = (start: number, count: number) => Promise<TensorData>;

function pieceReader(
  { numbers, read }: ReadableContent,
  signal: AbortSignal,
  piece: TensorData,
): PieceReader {
  return async (start, count) => {
    const into = piece.subarray(0, count * numbers);
    return (await read({ signal, range: { start, count }, into })).data;
  };
}

/** A tensor that is in memory, as one of a file. */
export function heldEntry(name: string, { shape, dtype, data }: Tensor): TensorEntry {
  return {
    name,
    shape,
    dtype,
    bytes: data.byteLength,
    content: {
      kind: 'readable',
      dtype,
      numbers: 1,
      ranges: true,
      read: ({ range, into }) => {
        const part =
          range === undefined ? data : data.subarray(range.start, range.start + range.count);
        into?.set(part);
        return Promise.resolve({ data: into ?? part, inexact: 0 });
      },
    },
  };
}
