import { refuse } from '../../core/formats/badFile';
import type { ReadableContent, TensorEntry } from '../../core/formats/catalog';
import { quoted } from '../../core/formats/shapes';
import { sizeOf, type Shape } from '../../core/tensor/shape';
import type { DType, Tensor, TensorData } from '../../core/tensor/tensor';
import { elementLimit, type NumberMemory } from '../../core/text/numberMemory';

/** A tensor of a file, as the engine can hold it. */
export interface EntryInput {
  readonly tensor: Tensor;
  readonly notes: readonly string[];
}

/** Elements that are converted at once. */
const chunk = 1 << 20;

/**
 * Reads a whole tensor. float64 becomes float32, piece by piece where that can be.
 * @param numbers where float32 is kept: in the engine's memory it is the tensor's data as it stands
 * @throws BadFile
 */
export async function readInput(
  entry: TensorEntry,
  numbers: NumberMemory,
  signal: AbortSignal,
): Promise<EntryInput> {
  const { name, content } = entry;
  if (content.kind === 'unreadable') {
    refuse('tensor-unreadable', `the tensor ${quoted(name)} cannot be read: ${content.reason}.`);
  }
  const shape = shapeRead(entry, content);
  const size = sizeOf(shape);
  if (size === 0) refuse('empty-input', `the tensor ${quoted(name)} has no elements.`);
  if (size > elementLimit) {
    refuse(
      'tensor-too-large',
      `the tensor ${quoted(name)} has ${size} numbers, and ${elementLimit} is the limit: save a part of it.`,
    );
  }
  const { data, dtype, inexact } = await readHeld(entry, content, size, numbers, signal);
  const notes = [...notesOn(entry, content), ...roundedNote(inexact)];
  return { tensor: { shape, dtype, data }, notes };
}

function shapeRead({ shape }: TensorEntry, { numbers }: ReadableContent): Shape {
  return numbers === 1 ? shape : [...shape, numbers];
}

interface HeldValues {
  readonly data: TensorData;
  readonly dtype: DType;
  readonly inexact: number;
}

async function readHeld(
  { name }: TensorEntry,
  content: ReadableContent,
  size: number,
  memory: NumberMemory,
  signal: AbortSignal,
): Promise<HeldValues> {
  const { dtype, numbers, ranges } = content;
  if (dtype === 'int32' || dtype === 'bool') {
    return { dtype, ...(await content.read({ signal })) };
  }
  const data = memory.allocate(size);
  if (data === undefined) {
    refuse(
      'out-of-memory',
      `the tensor ${quoted(name)} takes ${size * 4} bytes, and there is no room for them: close other inspections, or save a part of it.`,
    );
  }
  if (dtype === 'float32') {
    const { inexact } = await content.read({ signal, into: data });
    return { data, dtype, inexact };
  }
  let inexact = 0;
  const elements = size / numbers;
  const step = ranges ? chunk : elements;
  for (let start = 0; start < elements; start += step) {
    const range = { start, count: Math.min(step, elements - start) };
    const part = await content.read({ signal, range });
    data.set(part.data, start * numbers);
    inexact += part.inexact;
  }
  return { data, dtype: 'float32', inexact };
}

function notesOn({ dtype }: TensorEntry, { numbers, dtype: held }: ReadableContent): string[] {
  if (numbers === 2) {
    return [`Its elements are ${dtype}: real and imaginary part are the last axis.`];
  }
  return held === 'float64' ? [`Its elements are ${dtype}, and are rounded to float32.`] : [];
}

function roundedNote(inexact: number): string[] {
  return inexact === 0 ? [] : [`${inexact} integers are larger than 2^53 and were rounded twice.`];
}
