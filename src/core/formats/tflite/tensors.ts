import { mostDimensions } from '../limits';
import { malformed } from '../malformed';
import type { WindowedBytes } from '../windowedBytes';
import { Flatbuffer } from './flatbuffer';

/** One constant of a TFLite model. Source: tensorflow/lite/schema/schema.fbs. */
export interface TfliteTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /** Of TensorType. */
  readonly type: number;
  /** Where the values are in the file. */
  readonly offset: number;
  readonly bytes: number;
}

/** Indices of fields in their tables. */
const model = { subgraphs: 2, buffers: 4 } as const;
const subgraph = { tensors: 0 } as const;
const tensor = { shape: 0, type: 1, buffer: 2, name: 3 } as const;
const buffer = { data: 0, offset: 1, size: 2 } as const;

const most = 100_000;

/** The constants of all subgraphs, in the file's order; what a model computes is left out. */
export async function readTfliteTensors(bytes: WindowedBytes): Promise<TfliteTensor[]> {
  const file = new Flatbuffer(bytes);
  const root = await file.root();
  const buffers = await tables(file, root, model.buffers);
  const found: TfliteTensor[] = [];
  let [visited, named] = [0, 0];
  for (const graph of await tables(file, root, model.subgraphs)) {
    for (const table of await tables(file, graph, subgraph.tensors)) {
      if (++visited > most) malformed(`it has more than ${most} tensors`);
      const constant = await readTensor(file, table, buffers);
      if (constant === undefined) continue;
      found.push(constant);
      // Offsets may lead to one name from everywhere: a small file would become large.
      named += constant.name.length;
      if (named > bytes.size) malformed('its tensors share their names');
    }
  }
  return found;
}

async function readTensor(
  file: Flatbuffer,
  table: number,
  buffers: readonly number[],
): Promise<TfliteTensor | undefined> {
  const bufferIndex = await file.field(table, tensor.buffer);
  const held = buffers[bufferIndex === undefined ? 0 : await file.uint32(bufferIndex)];
  const data = held === undefined ? undefined : await bufferRange(file, held);
  if (data === undefined) return undefined;
  const name = await file.field(table, tensor.name);
  const type = await file.field(table, tensor.type);
  return {
    name: name === undefined ? '' : await file.text(name),
    shape: await readShape(file, table),
    type: type === undefined ? 0 : await file.uint8(type),
    ...data,
  };
}

async function readShape(file: Flatbuffer, table: number): Promise<number[]> {
  const at = await file.field(table, tensor.shape);
  if (at === undefined) return [];
  const { start, length } = await file.vector(at, mostDimensions);
  const shape: number[] = [];
  for (let i = 0; i < length; i++) shape.push(await file.int32(start + 4 * i));
  return shape;
}

/** Within the buffer's table, or after the model, where files over 2 GB keep them. */
async function bufferRange(
  file: Flatbuffer,
  table: number,
): Promise<{ readonly offset: number; readonly bytes: number } | undefined> {
  const data = await file.field(table, buffer.data);
  if (data !== undefined) {
    const { start, length } = await file.vector(data, 2 ** 32);
    return length === 0 ? undefined : { offset: start, bytes: length };
  }
  const [offset, size] = [
    await file.field(table, buffer.offset),
    await file.field(table, buffer.size),
  ];
  if (offset === undefined || size === undefined) return undefined;
  const place = { offset: await file.uint64(offset), bytes: await file.uint64(size) };
  // 1 and 1 stand for nothing in models that were made to be filled in.
  return place.offset > 1 && place.bytes > 0 ? place : undefined;
}

async function tables(file: Flatbuffer, table: number, field: number): Promise<number[]> {
  const at = await file.field(table, field);
  if (at === undefined) return [];
  const { start, length } = await file.vector(at, most);
  const found: number[] = [];
  for (let i = 0; i < length; i++) found.push(await file.follow(start + 4 * i));
  return found;
}
