import type { Shape } from '../tensor/shape';
import { allocate, decodeStored, storedDTypes, type StoredDType } from '../tensor/storedDType';
import type { TensorData } from '../tensor/tensor';
import { heed, refuse } from './badFile';
import { checkRange, type ByteSource } from './byteSource';
import type { ElementRange, EntryRead, EntryValues, TensorEntry } from './catalog';
import { mostLoadedElements } from './limits';
import { checkShape, quoted } from './shapes';

/** Where the elements of a tensor lie in a source. */
export interface DenseLayout {
  readonly name: string;
  readonly shape: Shape;
  readonly stored: StoredDType;
  /** dtype to show, where it is not `stored`. */
  readonly dtype?: string;
  /** A function where the bytes have to be made first (an inflated member); called once a read. */
  readonly source: ByteSource | ((signal: AbortSignal) => Promise<ByteSource>);
  /** Whether that function costs nothing, so that ranges do not either. */
  readonly ranges?: boolean;
  /** Byte of the first element. */
  readonly offset: number;
  readonly littleEndian?: boolean;
  /** Elements between neighbours along each axis, ≥ 0; absent is row-major without gaps. */
  readonly strides?: readonly number[];
}

/** Bytes that are decoded at once. */
const chunkBytes = 1 << 22;

/**
 * An entry whose elements lie in a source at regular distances.
 * @throws BadFile where the shape is impossible or the elements are not all inside the source
 */
export function denseEntry(layout: DenseLayout): TensorEntry {
  const { name, shape, stored, source } = layout;
  const elements = checkShape(shape, name);
  const info = storedDTypes[stored];
  // A vector's usual strides need not be worked out: nearly all that a checkpoint lists are such.
  const { strides } = layout;
  const contiguous = strides === undefined || isRowMajor(shape, strides);
  const span = contiguous ? elements : spanOf(shape, strides);
  if (typeof source !== 'function') {
    if (!Number.isSafeInteger(span * info.bytes)) {
      refuse('shape-invalid', `the tensor ${quoted(name)} has impossible strides.`);
    }
    checkRange(source, layout.offset, span * info.bytes);
  }
  const read = async ({ signal, range, into }: EntryRead): Promise<EntryValues> => {
    const wanted = checkElementRange(range, elements, name);
    const data = into ?? allocateValues(stored, wanted.count, name);
    const bytes = typeof source === 'function' ? await source(signal) : source;
    checkRange(bytes, layout.offset, span * info.bytes);
    const job: ReadJob = { ...layout, source: bytes, littleEndian: layout.littleEndian ?? true };
    const inexact = contiguous
      ? await readRun(job, wanted, data, signal)
      : await gather(job, strides, wanted, data, signal);
    return { data, inexact };
  };
  return {
    name,
    shape,
    dtype: layout.dtype ?? stored,
    bytes: elements * info.bytes,
    content: {
      kind: 'readable',
      dtype: info.dtype,
      numbers: info.numbers,
      ranges: contiguous && (layout.ranges ?? typeof source !== 'function'),
      read,
    },
  };
}

/** An entry that is listed with the reason why its values are not read. */
export function unreadableEntry(
  name: string,
  shape: Shape,
  dtype: string,
  bytes: number,
  reason: string,
): TensorEntry {
  checkShape(shape, name);
  return { name, shape, dtype, bytes, content: { kind: 'unreadable', reason } };
}

/** The range asked for, or all; refuses one outside the tensor. */
export function checkElementRange(
  range: ElementRange | undefined,
  elements: number,
  name: string,
): ElementRange {
  if (range === undefined) return { start: 0, count: elements };
  const { start, count } = range;
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(count);
  if (!whole || start < 0 || count < 0 || start + count > elements) {
    refuse(
      'range-invalid',
      `elements ${start} to ${start + count} of ${quoted(name)} were asked for, and it has ${elements}.`,
    );
  }
  return range;
}

/** Room for elements of a stored dtype; refuses more than can be loaded at once. */
export function allocateValues(stored: StoredDType, elements: number, name: string): TensorData {
  if (elements > mostLoadedElements) {
    refuse(
      'tensor-too-large',
      `the tensor ${quoted(name)} has ${elements} elements, and ${mostLoadedElements} can be loaded at once: read a part of it.`,
    );
  }
  const { dtype, numbers } = storedDTypes[stored];
  return allocate(dtype, elements * numbers);
}

export function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= shape[axis] ?? 1;
  }
  return strides;
}

export function columnMajorStrides(shape: Shape): number[] {
  return rowMajorStrides([...shape].reverse()).reverse();
}

/** Whether strides are those of row-major order; axes of size 1 have no say. */
function isRowMajor(shape: Shape, strides: readonly number[]): boolean {
  if (shape.includes(0)) return true;
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    if (size !== 1 && strides[axis] !== step) return false;
    step *= size;
  }
  return true;
}

/** Elements from the first to the last, both included; 0 where there is none. */
function spanOf(shape: Shape, strides: readonly number[]): number {
  if (shape.some(dimension => dimension === 0)) return 0;
  return shape.reduce((span, d, axis) => span + (d - 1) * (strides[axis] ?? 0), 1);
}

interface ReadJob extends DenseLayout {
  readonly source: ByteSource;
  readonly littleEndian: boolean;
}

/** Neighbouring elements: straight into place where the bytes are those wanted, else chunk by chunk. */
async function readRun(
  { source, offset, stored, littleEndian }: ReadJob,
  { start, count }: ElementRange,
  into: TensorData,
  signal: AbortSignal,
): Promise<number> {
  const { bytes, direct, numbers } = storedDTypes[stored];
  const first = offset + start * bytes;
  if (direct && littleEndian) {
    const target = new Uint8Array(into.buffer, into.byteOffset, count * bytes);
    await source.readInto(target, first, signal);
    return 0;
  }
  let inexact = 0;
  const step = Math.floor(chunkBytes / bytes);
  // One buffer for all: new memory costs as much as what is read into it.
  const buffer = new Uint8Array(Math.min(step, count) * bytes);
  for (let done = 0; done < count; done += step) {
    heed(signal);
    const now = Math.min(step, count - done);
    const chunk = buffer.subarray(0, now * bytes);
    await source.readInto(chunk, first + done * bytes, signal);
    inexact += decodeStored(stored, chunk, littleEndian, into, done * numbers);
  }
  return inexact;
}

/** Elements at any distances: everything between the first and the last is read and decoded, then picked. */
async function gather(
  job: ReadJob,
  strides: readonly number[],
  range: ElementRange,
  into: TensorData,
  signal: AbortSignal,
): Promise<number> {
  const { shape, stored, name } = job;
  const span = spanOf(shape, strides);
  const all = allocateValues(stored, span, name);
  const inexact = await readRun(job, { start: 0, count: span }, all, signal);
  const { numbers } = storedDTypes[stored];
  const index = startIndex(shape, range.start);
  let at = index.reduce((sum, i, axis) => sum + i * (strides[axis] as number), 0);
  for (let i = 0; i < range.count; i++) {
    for (let k = 0; k < numbers; k++) into[i * numbers + k] = all[at * numbers + k] as number;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const [size, stride] = [shape[axis] as number, strides[axis] as number];
      at += stride;
      index[axis] = (index[axis] as number) + 1;
      if ((index[axis] as number) < size) break;
      index[axis] = 0;
      at -= stride * size;
    }
  }
  return inexact;
}

/** Multi-index of a row-major flat index. */
function startIndex(shape: Shape, start: number): number[] {
  const index = new Array<number>(shape.length).fill(0);
  let rest = start;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const size = shape[axis] as number;
    index[axis] = rest % size;
    rest = Math.floor(rest / size);
  }
  return index;
}
