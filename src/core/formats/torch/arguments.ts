import {
  PickleCall,
  PickleDict,
  PickleGlobal,
  PicklePersistent,
  PickleSequence,
  type PickleValue,
} from '../pickle/values';
import { refuse } from '../badFile';
import { mostDimensions } from '../limits';
import { storageDTypes, type PickledBytes, type PickledStorage } from './pickledTensor';

/** More numbers than any shape has: a tuple of a million may be the shape of a million tensors. */
const mostNumbers = 2 * mostDimensions;

/** Whole numbers of a tuple or a `torch.Size`; undefined for anything else. */
export function wholeNumbers(value: PickleValue | undefined): readonly number[] | undefined {
  const inner = value instanceof PickleCall && value.path === 'torch.Size' ? value.args[0] : value;
  if (!(inner instanceof PickleSequence) || inner.items.length > mostNumbers) return undefined;
  for (const item of inner.items) if (!Number.isSafeInteger(item)) return undefined;
  return inner.items as number[];
}

/** A whole number that is no size, offset or count unless it is at least 0. */
export function count(value: PickleValue | undefined): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

/** `float8_e4m3fn` of `torch.float8_e4m3fn`. */
export function torchName(value: PickleValue | undefined): string | undefined {
  return value instanceof PickleGlobal && value.module === 'torch' ? value.name : undefined;
}

/**
 * What a persistent id says: `('storage', type, key, location, elements)`, in legacy files with the view of a part
 * of another storage as sixth.
 */
export function storageOf(value: PickleValue | undefined): PickledStorage | undefined {
  if (!(value instanceof PicklePersistent) || !(value.id instanceof PickleSequence))
    return undefined;
  const [tag, type, key, , elements, view] = value.id.items;
  const total = count(elements);
  const isKey = typeof key === 'string' || typeof key === 'number';
  if (tag !== 'storage' || !isKey || total === undefined) return undefined;
  const name = type instanceof PickleGlobal ? type.name : '';
  const viewOffset = view instanceof PickleSequence ? count(view.items[1]) : 0;
  if (viewOffset === undefined) return undefined;
  return { key: String(key), elements: total, dtype: storageDTypes.get(name), viewOffset };
}

/**
 * Bytes, also as protocol 2 writes them: text of Latin-1 that is to be encoded, perhaps for a bytearray. Text
 * becomes bytes only when it is read, since many arrays may be of one text.
 */
export function bytesOf(value: PickleValue | undefined): PickledBytes | undefined {
  let inner = value;
  for (let level = 0; level < 3 && inner instanceof PickleCall; level++) {
    const encodes =
      inner.path === '_codecs.encode' || /^(__builtin__|builtins)\.bytearray$/.test(inner.path);
    if (!encodes) return undefined;
    inner = inner.args[0];
  }
  return typeof inner === 'string' || inner instanceof Uint8Array ? inner : undefined;
}

export function fromLatin1(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0xff) refuse('pickle-invalid', 'the text of an array in it holds more than bytes.');
    bytes[i] = code;
  }
  return bytes;
}

/** Attributes of an object, as `BUILD` gives them: a dict, or a pair of dicts where it has slots. */
export function attributesOf(value: PickleCall): readonly PickleDict[] {
  const { state } = value;
  if (state instanceof PickleDict) return [state];
  if (!(state instanceof PickleSequence)) return [];
  return state.items.slice(0, 2).filter(item => item instanceof PickleDict);
}
