import { BadFile, heed, refuse } from '../badFile';
import { partOf, readBytes, type ByteSource } from '../byteSource';
import { ByteReader } from '../bytes';
import { mostPickleBytes, mostTensors } from '../limits';
import { unpickle, type Unpickled } from '../pickle/machine';
import { PickleSequence, type PicklePersistent, type PickleValue } from '../pickle/values';
import { storedDTypes } from '../../tensor/storedDType';
import type { Storages } from './entries';
import { storageOf } from './arguments';
import { storageBytes, torchDTypes, type PickledStorage } from './pickledTensor';

/** The number that checkpoints from before PyTorch 1.6 begin with. Source: torch/serialization.py. */
const magic = 0x1950a86a20f9469cfc6cn;

/** The magic number as a pickle has it, after two bytes of protocol. */
const magicBytes = [0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];

export function startsAsLegacy(head: Uint8Array): boolean {
  // Protocol 4 puts a frame of nine bytes before it.
  return [2, 11].some(at => magicBytes.every((byte, i) => head[at + i] === byte));
}

/** Bytes that are tried as the whole of the pickles: more, where they are cut short. */
const attempts = [1 << 16, 1 << 20, 1 << 24, mostPickleBytes];

/** The five pickles of a legacy file, of which the value is the fourth. */
export interface LegacyPickles extends Unpickled {
  /** Keys of the storages, in the order of their bytes. */
  readonly keys: readonly string[];
}

/** Reads the pickles at the start of a legacy checkpoint. */
export async function readLegacyPickles(
  source: ByteSource,
  signal: AbortSignal,
): Promise<LegacyPickles> {
  for (const most of attempts) {
    const length = Math.min(most, source.size);
    const bytes = await readBytes(source, 0, length, signal);
    try {
      return parsePickles(bytes);
    } catch (error) {
      const isShort = error instanceof BadFile && error.code === 'cut-short';
      if (!isShort || length === source.size) throw error;
    }
  }
  return refuse('pickle-too-large', `its pickle has more than ${mostPickleBytes} bytes.`);
}

function parsePickles(bytes: Uint8Array): LegacyPickles {
  const number = unpickle(bytes);
  if (number.value !== magic) refuse('pickle-invalid', 'it does not begin as a checkpoint does.');
  const version = unpickle(bytes, number.end);
  if (version.value !== 1001) {
    refuse('pickle-invalid', `its version is ${printed(version.value)}, and 1001 can be read.`);
  }
  const system = unpickle(bytes, version.end);
  const content = unpickle(bytes, system.end);
  const keys = unpickle(bytes, content.end);
  if (!(keys.value instanceof PickleSequence)) {
    refuse('pickle-invalid', 'its list of storages is missing.');
  }
  return {
    ...content,
    end: keys.end,
    keys: keys.value.items.map(key => (typeof key === 'string' ? key : printed(key))),
  };
}

function printed(value: PickleValue): string {
  return typeof value === 'object' ? 'no number' : String(value).slice(0, 40);
}

/**
 * Finds where each storage lies: one after another, each with its number of elements before it.
 */
export async function findStorages(
  source: ByteSource,
  { keys, end, persistents }: LegacyPickles,
  signal: AbortSignal,
): Promise<Storages> {
  if (keys.length > mostTensors) refuse('too-many-tensors', `it lists ${keys.length} storages.`);
  const widths = elementWidths(persistents);
  const places = new Map<string, ByteSource>();
  let at = end;
  let lost = 'its storage is not in the file';
  for (const key of keys) {
    heed(signal);
    const width = widths.get(key);
    if (at + 8 > source.size) {
      lost = 'the file ends before its data: it is cut short';
      break;
    }
    const elements = new ByteReader(await readBytes(source, at, 8, signal), 0, at).size64();
    // Nothing that can be read refers to it, so nobody knows how long it is.
    if (width === undefined) {
      lost = 'it comes after data of an unknown type';
      break;
    }
    const size = elements * width;
    if (!Number.isSafeInteger(size) || at + 8 + size > source.size) {
      lost = 'the file ends before its data: it is cut short';
      break;
    }
    places.set(key, partOf(source, at + 8, size));
    at += 8 + size;
  }
  return {
    littleEndian: true,
    find: key => {
      const place = places.get(key);
      if (place === undefined) return lost;
      return { size: place.size, ranges: true, open: () => Promise.resolve(place) };
    },
  };
}

/** Bytes of an element of each storage; the data of a legacy file do not say. */
function elementWidths(persistents: readonly PicklePersistent[]): ReadonlyMap<string, number> {
  const widths = new Map<string, number>();
  for (const persistent of persistents) {
    const storage = storageOf(persistent);
    const width = storage && elementBytes(storage);
    if (storage && width !== undefined) widths.set(storage.key, width);
  }
  return widths;
}

function elementBytes({ dtype = '' }: PickledStorage): number | undefined {
  const stored = torchDTypes.get(dtype);
  return stored === undefined ? storageBytes.get(dtype) : storedDTypes[stored].bytes;
}
