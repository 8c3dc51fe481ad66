import { mostNesting, mostTensors } from '../limits';
import { malformed } from '../malformed';
import type { WindowedBytes } from '../windowedBytes';
import { MsgpackReader } from './reader';

/** What a msgpack file holds, without the bytes of arrays. */
export type MsgpackNode =
  | { readonly kind: 'map'; readonly members: ReadonlyMap<string, MsgpackNode> }
  | { readonly kind: 'array'; readonly array: PackedArray }
  | { readonly kind: 'number'; readonly value: number | bigint }
  | { readonly kind: 'complex'; readonly value: readonly [number, number] }
  | { readonly kind: 'other' };

/** An array as flax packs it (extension 1): its shape, dtype and bytes. */
export interface PackedArray {
  readonly shape: readonly number[];
  /** numpy's name. */
  readonly dtype: string;
  /** Where the elements are, row-major and little-endian. */
  readonly start: number;
  readonly length: number;
}

/** Extension types of flax. Source: flax 0.12.8, serialization.py (_MsgpackExtType). */
const ndarray = 1;
const complex = 2;
const scalar = 3;

/**
 * Walks a file of msgpack, skipping the bytes of arrays.
 * @throws BadFile
 */
export async function readMsgpackTree(bytes: WindowedBytes): Promise<MsgpackNode> {
  const reader = new MsgpackReader(bytes);
  let nodes = 0;
  const readNode = async (depth: number): Promise<MsgpackNode> => {
    if (depth > mostNesting) malformed(`it is nested more than ${mostNesting} deep`);
    if (++nodes > mostTensors) malformed(`it has more than ${mostTensors} values`);
    const token = await reader.next();
    switch (token.kind) {
      case 'map':
      case 'list': {
        const members = new Map<string, MsgpackNode>();
        for (let i = 0; i < token.count; i++) {
          const key = token.kind === 'map' ? await reader.key() : String(i);
          if (members.has(key)) malformed(`it has two values named ${JSON.stringify(key)}`);
          members.set(key, await readNode(depth + 1));
        }
        return { kind: 'map', members };
      }
      case 'number':
        return token;
      case 'extension':
        return readExtension(reader, token);
      case 'bytes':
        return skipTo(reader, token.start + token.length);
      case 'other':
        return { kind: 'other' };
    }
  };
  const root = await readNode(0);
  if (reader.position !== bytes.size) {
    malformed(`it ends at byte ${reader.position} of ${bytes.size}`);
  }
  return root;
}

function skipTo(reader: MsgpackReader, position: number): MsgpackNode {
  reader.position = position;
  return { kind: 'other' };
}

function readExtension(
  reader: MsgpackReader,
  {
    type,
    start,
    length,
  }: { readonly type: number; readonly start: number; readonly length: number },
): Promise<MsgpackNode> | MsgpackNode {
  switch (type) {
    case ndarray:
    case scalar:
      return readArray(reader, start + length);
    case complex:
      return readComplex(reader);
    default:
      return skipTo(reader, start + length);
  }
}

async function readComplex(reader: MsgpackReader): Promise<MsgpackNode> {
  const [pair, real, imaginary] = [await reader.next(), await reader.next(), await reader.next()];
  if (pair.kind !== 'list' || real.kind !== 'number' || imaginary.kind !== 'number') {
    malformed('a complex number in it is no pair');
  }
  return { kind: 'complex', value: [Number(real.value), Number(imaginary.value)] };
}

/** A list of the shape, the dtype's name and the bytes: msgpack within msgpack. */
async function readArray(reader: MsgpackReader, end: number): Promise<MsgpackNode> {
  const shape: number[] = [];
  const [whole, dimensions] = [await reader.next(), await reader.next()];
  if (whole.kind !== 'list' || whole.count !== 3 || dimensions.kind !== 'list') {
    malformed('an array in it has no shape, dtype and data');
  }
  if (dimensions.count > 32) malformed(`an array in it has ${dimensions.count} dimensions`);
  for (let i = 0; i < dimensions.count; i++) {
    const dimension = await reader.next();
    if (dimension.kind !== 'number') malformed('a dimension in it is no number');
    shape.push(Number(dimension.value));
  }
  const dtype = await reader.key();
  const data = await reader.next();
  if (data.kind !== 'bytes' || data.start + data.length !== end) {
    malformed('the data of an array in it do not end where the array does');
  }
  reader.position = end;
  return { kind: 'array', array: { shape, dtype, start: data.start, length: data.length } };
}
