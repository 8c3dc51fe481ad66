import type { StoredDType } from '../tensor/storedDType';
import { refuse } from './badFile';
import { readBytes, type ByteSource } from './byteSource';
import { ByteReader } from './bytes';
import { decodeLatin1, decodeUtf8 } from './decodeText';

/** What the header of a .npy file says. */
export interface NpyHeader {
  /** As numpy spells it: `<f4`, `|V2`, or a list of fields. */
  readonly descr: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** What `descr` means. */
  readonly dtype: NpyDType;
  /** Byte of the first element. */
  readonly dataOffset: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/** Bytes that numpy's headers take with what is before them, nearly always. */
const usualHeader = 128;

/** Longest header read: numpy itself refuses more than 10,000 bytes unless told to trust the file. */
export const mostNpyHeader = 1 << 16;

export function startsAsNpy(head: Uint8Array): boolean {
  for (let i = 0; i < magic.length; i++) if (head[i] !== magic[i]) return false;
  return true;
}

/** Bytes from which a start tells where its header ends. */
export const shortestNpyStart = 12;

/** Bytes of magic, version and header together, as its start says; undefined where that is no start. */
export function npyHeaderEnd(head: Uint8Array): number | undefined {
  if (head.length < shortestNpyStart || !startsAsNpy(head)) return undefined;
  const reader = new ByteReader(head, 8);
  return head[6] === 1 ? 10 + reader.u16() : 12 + reader.u32();
}

/** Reads a header by numpy.lib.format, versions 1.0 to 3.0. */
export async function readNpyHeader(source: ByteSource, signal: AbortSignal): Promise<NpyHeader> {
  const start = await readBytes(source, 0, Math.min(usualHeader, source.size), signal);
  const { major, at, end } = headerPlace(start);
  const bytes =
    end <= start.length ? start.subarray(at, end) : await readBytes(source, at, end - at, signal);
  return parseHeader(textOf(bytes, major), end);
}

/** Where a header is, as the first bytes of its file say. */
function headerPlace(start: Uint8Array): {
  readonly major: number;
  readonly at: number;
  readonly end: number;
} {
  const reader = new ByteReader(start);
  if (!startsAsNpy(start))
    refuse('npy-invalid', 'it does not begin as a .npy file does (\\x93NUMPY).');
  reader.skip(magic.length);
  const major = reader.u8();
  reader.skip(1);
  if (major < 1 || major > 3) {
    refuse('npy-invalid', `its .npy version is ${major}, and 1 to 3 can be read.`);
  }
  const length = major === 1 ? reader.u16() : reader.u32();
  if (length > mostNpyHeader) {
    refuse('npy-invalid', `its header is ${length} bytes long, and ${mostNpyHeader} is the most.`);
  }
  return { major, at: reader.at, end: reader.at + length };
}

/** Versions 1 and 2 are Latin-1, version 3 is UTF-8; they differ in field names alone. */
function textOf(bytes: Uint8Array, major: number): string {
  return major === 3 ? decodeUtf8(bytes) : decodeLatin1(bytes);
}

/** Headers that are kept to compare with. */
const mostKnown = 1000;

/** Parses the headers of many arrays, most of which say the same. */
export class NpyHeaders {
  private readonly known = new Map<string, NpyHeader>();

  /**
   * @param start the first bytes of an array's file
   * @returns undefined where the header does not end in them
   * @throws BadFile as `readNpyHeader` does
   */
  parse(start: Uint8Array): NpyHeader | undefined {
    const { major, at, end } = headerPlace(start);
    if (end > start.length) return undefined;
    const text = textOf(start.subarray(at, end), major);
    const known = this.known.get(text);
    if (known?.dataOffset === end) return known;
    const header = parseHeader(text, end);
    if (this.known.size < mostKnown) this.known.set(text, header);
    return header;
  }
}

/** A Python dict literal, in the one form that numpy writes; nothing of it is evaluated. */
function parseHeader(text: string, dataOffset: number): NpyHeader {
  const fortran = /'fortran_order':\s*(True|False)\b/.exec(text)?.[1];
  const shape = /'shape':\s*\(([\d,\sL]{0,2000})\)/.exec(text)?.[1];
  const fields = /'descr':\s*'([^']{0,200})'/.exec(text)?.[1] ?? listOfFields(text);
  if (fortran === undefined || shape === undefined || fields === undefined) {
    refuse(
      'npy-invalid',
      "its header is not the dict of 'descr', 'fortran_order' and 'shape' that numpy writes.",
    );
  }
  const dimensions = shape
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    // numpy under Python 2 wrote long integers with an L.
    .map(part => Number(part.replace(/L$/, '')));
  return {
    descr: fields,
    fortranOrder: fortran === 'True',
    shape: dimensions,
    dtype: npyDType(fields),
    dataOffset,
  };
}

/** The fields of a structured dtype: only shown, so their end need not be exact. */
function listOfFields(text: string): string | undefined {
  const start = /'descr':\s*\[/.exec(text);
  const end = text.lastIndexOf(']');
  return start === null || end < start.index
    ? undefined
    : text.slice(start.index + start[0].length - 1, end + 1);
}

const kinds: Readonly<Record<string, StoredDType>> = {
  b1: 'bool',
  i1: 'int8',
  u1: 'uint8',
  i2: 'int16',
  u2: 'uint16',
  i4: 'int32',
  u4: 'uint32',
  i8: 'int64',
  u8: 'uint64',
  f2: 'float16',
  f4: 'float32',
  f8: 'float64',
  c8: 'complex64',
  c16: 'complex128',
  // numpy has no bfloat16: ml_dtypes arrays are saved as two bytes without a meaning.
  V2: 'bfloat16',
};

/** A numpy dtype that is read, or why it is not. */
export type NpyDType =
  | {
      readonly kind: 'readable';
      readonly stored: StoredDType;
      readonly littleEndian: boolean;
      readonly note?: string;
    }
  | { readonly kind: 'unreadable'; readonly bytes: number; readonly reason: string };

/** @param descr `<f4`, `|b1`, …; anything else is listed with a reason */
export function npyDType(descr: string): NpyDType {
  const match = /^([<>|=])?([a-zA-Z])(\d*)(\[.*\])?$/.exec(descr);
  const kind = match?.[2] ?? '';
  const size = Number(match?.[3] ?? '0');
  const stored =
    match && Object.hasOwn(kinds, `${kind}${size}`) ? kinds[`${kind}${size}`] : undefined;
  if (stored !== undefined && match?.[4] === undefined) {
    return {
      kind: 'readable',
      stored,
      littleEndian: match?.[1] !== '>',
      ...(kind === 'V' && {
        note: 'It has elements of 2 bytes without a dtype, read as bfloat16, which NumPy saves so.',
      }),
    };
  }
  const bytes = kind === 'U' ? size * 4 : size;
  return {
    kind: 'unreadable',
    bytes: Number.isSafeInteger(bytes) ? bytes : 0,
    reason: unreadable(kind, descr),
  };
}

function unreadable(kind: string, descr: string): string {
  const named: Readonly<Record<string, string>> = {
    O: 'it holds pickled Python objects, which are never loaded',
    U: 'it holds text',
    S: 'it holds byte strings',
    a: 'it holds byte strings',
    M: 'it holds dates',
    m: 'it holds durations',
    V: 'it holds records of raw bytes',
  };
  if (descr.startsWith('[')) return 'it holds records of named fields: save each field by itself';
  return Object.hasOwn(named, kind)
    ? (named[kind] as string)
    : `its dtype ${descr.slice(0, 40)} is not one that can be read`;
}
