import type { Random } from './random';

/** Bytes that were damaged, and how: for the message of a failure. */
export interface Mutated {
  readonly bytes: Uint8Array;
  readonly how: string;
}

type Mutation = (bytes: Uint8Array, random: Random, donor: Uint8Array) => Mutated;

/** Sizes, counts and offsets that readers have fallen for. */
const oddNumbers: readonly bigint[] = [
  0n,
  1n,
  0x7fn,
  0xffn,
  0x7fffn,
  0xffffn,
  2n ** 24n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 40n,
  2n ** 53n,
  2n ** 60n,
  2n ** 63n,
  2n ** 64n - 1n,
];

const oddTexts = ['-1', '0', '1e999', '0.5', '4294967296', '1152921504606846976', '9'.repeat(40)];

/** Heads, tails and zip directories say where the rest is: half of all damage goes there. */
function place(bytes: Uint8Array, random: Random): number {
  const last = Math.max(0, bytes.length - 1);
  const near = Math.min(last, 600);
  const where = random.integer(0, 3);
  if (where === 0) return random.integer(0, near);
  return where === 1 ? last - random.integer(0, near) : random.integer(0, last);
}

function flipBits(bytes: Uint8Array, random: Random): Mutated {
  const copy = bytes.slice();
  const count = random.integer(1, 8);
  for (let i = 0; i < count && copy.length > 0; i++) {
    const at = place(copy, random);
    copy[at] = (copy[at] as number) ^ (1 << random.integer(0, 7));
  }
  return { bytes: copy, how: `${count} bits flipped` };
}

function overwrite(bytes: Uint8Array, random: Random): Mutated {
  const copy = bytes.slice();
  const at = place(copy, random);
  const count = random.integer(1, 16);
  for (let i = at; i < Math.min(copy.length, at + count); i++) copy[i] = random.integer(0, 255);
  return { bytes: copy, how: `${count} bytes overwritten at ${at}` };
}

function truncate(bytes: Uint8Array, random: Random): Mutated {
  const length = random.boolean() ? place(bytes, random) : random.integer(0, bytes.length);
  return { bytes: bytes.slice(0, length), how: `cut to ${length}` };
}

/** A number of 1 to 8 bytes, of either endianness, becomes an odd one. */
function changeNumber(bytes: Uint8Array, random: Random): Mutated {
  const copy = bytes.slice();
  const width = random.pick([1, 2, 4, 8]);
  let at = place(copy, random);
  if (random.boolean()) at -= at % width;
  const near = [BigInt(copy.length), BigInt(copy.length) - BigInt(at), -1n, -8n];
  const value = BigInt.asUintN(64, random.pick([...oddNumbers, ...near]));
  const bigEndian = random.integer(0, 4) === 0;
  for (let i = 0; i < width && at + i < copy.length; i++) {
    const shift = BigInt(8 * (bigEndian ? width - 1 - i : i));
    copy[at + i] = Number((value >> shift) & 0xffn);
  }
  return { bytes: copy, how: `${width} bytes at ${at} became ${value}` };
}

/** A number that is written out, as JSON and the heads of .npy have them, becomes an odd one. */
function changeDigits(bytes: Uint8Array, random: Random): Mutated {
  const from = place(bytes, random);
  const isDigit = (i: number): boolean => (bytes[i] ?? 0) >= 0x30 && (bytes[i] ?? 0) <= 0x39;
  let start = from;
  while (start < bytes.length && !isDigit(start)) start++;
  let end = start;
  while (isDigit(end)) end++;
  const text = random.pick(oddTexts);
  const how = `the digits at ${start} became ${text}`;
  return { bytes: joined(bytes.subarray(0, start), Buffer.from(text), bytes.subarray(end)), how };
}

/** A part of this file, or of another one, is put in, in place of a part or beside it. */
function splice(bytes: Uint8Array, random: Random, donor: Uint8Array): Mutated {
  const giver = random.boolean() ? bytes : donor;
  const from = place(giver, random);
  const part = giver.subarray(from, from + random.integer(1, 1 << random.integer(1, 12)));
  const at = place(bytes, random);
  const dropped = random.boolean() ? part.length : 0;
  const how = `${part.length} bytes of ${giver === bytes ? 'it' : 'another'} put in at ${at}`;
  return { bytes: joined(bytes.subarray(0, at), part, bytes.subarray(at + dropped)), how };
}

function drop(bytes: Uint8Array, random: Random): Mutated {
  const at = place(bytes, random);
  const count = random.integer(1, 1 << random.integer(1, 10));
  const how = `${count} bytes dropped at ${at}`;
  return { bytes: joined(bytes.subarray(0, at), bytes.subarray(at + count)), how };
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

const mutations: readonly Mutation[] = [
  flipBits,
  overwrite,
  truncate,
  changeNumber,
  changeNumber,
  changeDigits,
  splice,
  drop,
];

/**
 * Damages bytes in one to three ways.
 * @param donor another file, whose parts may be put in
 */
export function mutated(bytes: Uint8Array, random: Random, donor: Uint8Array): Mutated {
  let result: Mutated = { bytes, how: '' };
  const count = random.pick([1, 1, 1, 2, 3]);
  for (let i = 0; i < count; i++) {
    const next = random.pick(mutations)(result.bytes, random, donor);
    result = {
      bytes: next.bytes,
      how: result.how === '' ? next.how : `${result.how}, ${next.how}`,
    };
  }
  return result;
}
