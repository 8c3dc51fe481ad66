import { summarizeChannels } from '../statistics/reference';
import { SummaryStream, type TensorSummaries } from '../statistics/streamedSummaries';
import { sizeOf, type ChannelLayout, type Shape } from '../tensor/shape';
import { allocate } from '../tensor/storedDType';
import type { DType, TensorData } from '../tensor/tensor';
import { heed, refuse } from './badFile';
import type { ReadableContent, TensorEntry } from './catalog';
import { quoted } from './shapes';

/** What a tensor of a file holds. */
export interface EntrySummary {
  /** As one channel; with a histogram where it was small enough to be held whole. */
  readonly summary: TensorSummaries;
  /** As its numbers are read: a complex tensor has one more axis, of 2. */
  readonly shape: Shape;
  /** What its numbers are held as. */
  readonly dtype: DType;
}

/** Elements that are read at once. */
const pieceElements = 1 << 20;

/**
 * Summarises a tensor in one pass over the file, some megabytes at a time.
 * @throws BadFile
 */
export async function summarizeEntry(
  entry: TensorEntry,
  signal: AbortSignal,
): Promise<EntrySummary> {
  const { name, content, shape } = entry;
  if (content.kind === 'unreadable') {
    refuse('tensor-unreadable', `the tensor ${quoted(name)} cannot be read: ${content.reason}.`);
  }
  const { dtype, numbers, ranges } = content;
  const elements = sizeOf(shape);
  const read = { shape: numbers === 1 ? shape : [...shape, numbers], dtype };
  if (elements > pieceElements && ranges) {
    return { ...read, summary: await streamed(content, elements, signal) };
  }
  const { data } = await content.read({ signal });
  if (elements <= pieceElements) {
    return { ...read, summary: summarizeChannels(data, oneChannel(data)) };
  }
  const stream = new SummaryStream(1);
  stream.add(data, oneChannel(data), 0);
  return { ...read, summary: stream.summaries() };
}

async function streamed(
  content: ReadableContent,
  elements: number,
  signal: AbortSignal,
): Promise<TensorSummaries> {
  const stream = new SummaryStream(1);
  const piece = allocate(content.dtype, pieceElements * content.numbers);
  for (let start = 0; start < elements; start += pieceElements) {
    heed(signal);
    const count = Math.min(pieceElements, elements - start);
    const into = piece.subarray(0, count * content.numbers);
    await content.read({ signal, range: { start, count }, into });
    stream.add(into, oneChannel(into), 0);
  }
  return stream.summaries();
}

function oneChannel({ length }: TensorData): ChannelLayout {
  return { outer: 1, channels: 1, inner: length };
}
