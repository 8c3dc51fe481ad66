import type { NativeHdf5, NativeMetadata } from './native';
import { withMemory } from './memory';

const textClass = 3;

/** Bytes of text that an attribute may have; a model's configuration has less than a tenth of that. */
const limit = 1 << 27;

/** @returns the text, or the texts, of an attribute; undefined where it is absent or of another type */
export function readText(
  native: NativeHdf5,
  id: bigint,
  path: string,
  name: string,
): string | string[] | undefined {
  if (!native.get_attribute_names(id, path).includes(name)) return undefined;
  const metadata = native.get_attribute_metadata(id, path, name);
  const { type, size, shape, total_size: count } = metadata;
  if (type !== textClass || shape === null) return undefined;
  const bytes = size * count;
  if (bytes > limit) throw new Error(`attribute ${name} has ${bytes} bytes of text`);
  const texts = withMemory(native, bytes, pointer => {
    native.get_attribute_data(id, path, name, BigInt(pointer));
    const read = metadata.vlen ? variableTexts : fixedTexts;
    const values = read(native, pointer, metadata);
    if (metadata.vlen) native.reclaim_vlen_memory(id, path, name, BigInt(pointer));
    return values;
  });
  return shape.length === 0 ? texts[0] : texts;
}

/** Pointers to texts that end with a zero. */
function variableTexts(native: NativeHdf5, pointer: number, metadata: NativeMetadata): string[] {
  const view = new DataView(native.HEAPU8.buffer, pointer, metadata.total_size * 4);
  return Array.from({ length: metadata.total_size }, (_, i) => {
    const text = view.getUint32(i * 4, true);
    return text === 0 ? '' : native.UTF8ToString(text);
  });
}

/** Runs of `size` bytes, cut at the first zero. */
function fixedTexts(native: NativeHdf5, pointer: number, metadata: NativeMetadata): string[] {
  return Array.from({ length: metadata.total_size }, (_, i) => {
    const start = pointer + i * metadata.size;
    const bytes = native.HEAPU8.slice(start, start + metadata.size);
    const end = bytes.indexOf(0);
    return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
  });
}
