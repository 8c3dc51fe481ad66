import type { EntryRead, EntryValues, TensorEntry } from '../catalog';
import { allocateValues, checkElementRange } from '../denseEntry';
import { checkShape } from '../shapes';

/** Elements that are held as integers at once. */
const chunk = 1 << 20;

/**
 * An entry whose stored integers stand for `stored × scale + min`, computed as tfjs does: in doubles,
 * then rounded to the weight's type. Source: tfjs-core 4.22.0, io/io_utils.ts (decodeWeight).
 * @param integers the entry of what is stored
 */
export function dequantised(
  integers: TensorEntry,
  { scale, min }: { readonly scale: number; readonly min: number },
  dtype: 'float32' | 'int32',
): TensorEntry {
  const { content, name, shape } = integers;
  if (content.kind === 'unreadable') return integers;
  const elements = checkShape(shape, name);
  const read = async ({ signal, range, into }: EntryRead): Promise<EntryValues> => {
    const { start, count } = checkElementRange(range, elements, name);
    const data = into ?? allocateValues(dtype, count, name);
    for (let done = 0; done < count; done += chunk) {
      const now = Math.min(chunk, count - done);
      const codes = await content.read({ signal, range: { start: start + done, count: now } });
      for (let i = 0; i < now; i++) {
        const value = (codes.data[i] as number) * scale + min;
        data[done + i] = dtype === 'int32' ? Math.round(value) : value;
      }
    }
    return { data, inexact: 0 };
  };
  return { ...integers, content: { ...content, dtype, read } };
}
