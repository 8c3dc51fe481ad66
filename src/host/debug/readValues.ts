import type { DescribedTensor } from '../../core/debug/answers';
import { shortened } from '../../core/debug/language';
import { fail, ok, type Result } from '../../core/problem';
import { allocate, decodeStored, storedDTypes } from '../../core/tensor/storedDType';
import type { DType, TensorData } from '../../core/tensor/tensor';
import { bytesOf, readElements } from './evaluator';
import type { PausedFrame } from './frames';
import type { ReadingProgress } from './programReader';
import type { Waiting } from './requests';

/** Bytes of a chunk: 2.8 million characters as base64, 4.2 as hexadecimal digits. */
const chunkBytes = 1 << 21;

/** Of a chunk where the adapter cuts answers short: debugpy at 64 kB of text in the context of watches. */
const smallChunkBytes = 24_000;

/** Chunks that are asked for before the first of them is there: the way takes longer than the reading. */
const chunksAhead = 3;

export const cancelled = (): Result<never> => fail('cancelled', 'Cancelled.');

/** Bytes of an element as Normscope holds it. */
export function heldBytes(dtype: DescribedTensor['dtype']): number {
  const { dtype: held, numbers } = storedDTypes[dtype];
  return numbers * allocate(held, 1).BYTES_PER_ELEMENT;
}

interface ChunkReading {
  /** Of each answer. */
  readonly waiting: Waiting;
  readonly signal: AbortSignal;
  readonly told: ReadingProgress;
}

/** All values of a tensor, as Normscope holds them. */
export async function readValues(
  at: PausedFrame,
  tensor: DescribedTensor,
  name: string,
  { waiting, signal, told }: ChunkReading,
): Promise<Result<TensorData>> {
  const { dtype, elements } = tensor;
  const info = storedDTypes[dtype];
  const room = allocated(info.dtype, elements * info.numbers, name);
  if (!room.ok) return room;
  const into = room.value;
  if (tensor.data) {
    const bytes = bytesOf(tensor.data);
    if (bytes.length !== tensor.bytes) return changed(name);
    decodeStored(dtype, bytes, true, into);
    return ok(into);
  }
  const elementsIn = (bytes: number): number => Math.max(1, Math.floor(bytes / info.bytes));
  let step = elementsIn(chunkBytes);
  let next = 0;
  let done = 0;
  let failed: Result<never> | undefined;
  const read = async (start: number, end: number): Promise<void> => {
    if (failed) return;
    const part = await readElements(at, name, start, end, waiting);
    if (signal.aborted) failed ??= cancelled();
    else if (
      !part.ok &&
      part.problem.code === 'debug-cut' &&
      end - start > elementsIn(smallChunkBytes)
    ) {
      // The adapter does not know the context that answers whole: its others hold a little.
      step = elementsIn(smallChunkBytes);
      for (let first = start; first < end; first += step) {
        await read(first, Math.min(end, first + step));
      }
    } else if (!part.ok) failed ??= part;
    else if (part.value.length !== (end - start) * info.bytes) failed ??= changed(name);
    else {
      decodeStored(dtype, part.value, true, into, start * info.numbers);
      done += end - start;
      told(done * info.bytes, tensor.bytes);
    }
  };
  const work = async (): Promise<void> => {
    while (next < elements && !failed) {
      const start = next;
      next = Math.min(elements, start + step);
      await read(start, next);
    }
  };
  await Promise.all(Array.from({ length: chunksAhead }, work));
  return failed ?? ok(into);
}

/** What is within the bounds may still be more than the machine has left. */
function allocated(dtype: DType, length: number, name: string): Result<TensorData> {
  try {
    return ok(allocate(dtype, length));
  } catch {
    return fail(
      'debug-out-of-memory',
      `There is no memory left for “${shortened(name)}”: read a slice, such as ${shortened(name)}[0], or close other inspections.`,
    );
  }
}

function changed(name: string): Result<never> {
  return fail(
    'debug-changed',
    `“${shortened(name)}” changed while it was read: another thread is writing it, or the program went on.`,
  );
}
