import { mostDimensions, mostNameLength, mostTensors } from '../limits';
import { malformed } from '../malformed';
import { quoted } from '../shapes';
import type { WindowedBytes } from '../windowedBytes';
import { decodeUtf8 } from '../decodeText';

/** One tensor of a GGUF file. Source: ggml docs/gguf.md. */
export interface GgufTensor {
  readonly name: string;
  /** Outermost first, as elsewhere in Normscope; the file has them innermost first. */
  readonly shape: readonly number[];
  /** Of ggml_type. */
  readonly type: number;
  /** In the file. */
  readonly offset: number;
}

const magic = 0x46554747;

/** Bytes of the shortest key and value: a length, a type and a number of one byte. */
const shortestPair = 13;
const shortestTensor = 24;

/** Bytes of a value of each type; texts (8) and lists (9) say their own length. */
const valueBytes: readonly number[] = [1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8];
const textType = 8;
const listType = 9;
const skipWindow = 1 << 15;
const alignmentKey = 'general.alignment';

/** @throws BadFile */
export async function readGgufHeader(bytes: WindowedBytes): Promise<GgufTensor[]> {
  const reader = new GgufReader(bytes);
  if ((await reader.uint32()) !== magic) malformed('it does not start with GGUF');
  const version = await reader.uint32();
  if (version < 2 || version > 3) malformed(`it is GGUF version ${version}; 2 and 3 can be read`);
  const tensorCount = await reader.count(shortestTensor);
  const pairCount = await reader.count(shortestPair);
  if (tensorCount > mostTensors || pairCount > mostTensors) {
    malformed(`it says that it has ${tensorCount} tensors and ${pairCount} metadata`);
  }
  const alignment = await readAlignment(reader, pairCount);
  const tensors: GgufTensor[] = [];
  for (let i = 0; i < tensorCount; i++) tensors.push(await readTensor(reader));
  const start = Math.ceil(reader.position / alignment) * alignment;
  return tensors.map(tensor => ({ ...tensor, offset: start + tensor.offset }));
}

/** Skips the metadata, which are a language model's, but for the alignment of the data. */
async function readAlignment(reader: GgufReader, pairs: number): Promise<number> {
  let alignment = 32;
  for (let i = 0; i < pairs; i++) {
    const key = await reader.text();
    const type = await reader.uint32();
    if (key === alignmentKey && type === 4) alignment = await reader.uint32();
    else await skipValue(reader, type);
  }
  if (alignment === 0 || alignment % 8 !== 0) malformed(`its alignment is ${alignment}`);
  return alignment;
}

async function skipValue(reader: GgufReader, type: number): Promise<void> {
  if (type !== listType) {
    await skipScalar(reader, type);
    return;
  }
  const elementType = await reader.uint32();
  if (elementType === listType) malformed('a list of its metadata holds lists');
  const size =
    valueBytes[elementType] ?? malformed(`its metadata have the unknown type ${elementType}`);
  const length = await reader.count(Math.max(size, elementType === textType ? 8 : 1));
  if (elementType === textType) await reader.skipTexts(length);
  else reader.skip(length * size);
}

async function skipScalar(reader: GgufReader, type: number): Promise<void> {
  if (type === textType) reader.skip(await reader.count(1));
  else reader.skip(valueBytes[type] ?? malformed(`its metadata have the unknown type ${type}`));
}

async function readTensor(reader: GgufReader): Promise<GgufTensor> {
  const name = await reader.text();
  const rank = await reader.uint32();
  if (rank > mostDimensions) malformed(`the tensor ${quoted(name)} has ${rank} dimensions`);
  const shape: number[] = [];
  for (let i = 0; i < rank; i++) shape.unshift(await reader.uint64());
  return { name, shape, type: await reader.uint32(), offset: await reader.uint64() };
}

/** Little-endian numbers and texts, one after another, each checked against the file's end. */
class GgufReader {
  position = 0;

  constructor(private readonly bytes: WindowedBytes) {}

  async uint32(): Promise<number> {
    return (await this.take(4)).getUint32(0, true);
  }

  async uint64(): Promise<number> {
    return Number((await this.take(8)).getBigUint64(0, true));
  }

  /** A count of things that have at least so many bytes each, which must be left in the file. */
  async count(bytesEach: number): Promise<number> {
    const count = await this.uint64();
    const left = this.bytes.size - this.position;
    if (count * bytesEach > left)
      malformed(`it says that ${count} items follow where ${left} bytes are left`);
    return count;
  }

  async text(): Promise<string> {
    const length = await this.count(1);
    if (length > mostNameLength) malformed(`a name has ${length} bytes`);
    const view = await this.take(length);
    return decodeUtf8(new Uint8Array(view.buffer, view.byteOffset, length));
  }

  skip(length: number): void {
    if (length > this.bytes.size - this.position) malformed('it ends within its metadata');
    this.position += length;
  }

  /** Passes over texts, window by window: a vocabulary has some hundred thousand. */
  async skipTexts(count: number): Promise<void> {
    let left = count;
    while (left > 0) {
      const length = Math.min(skipWindow, this.bytes.size - this.position);
      const { buffer, byteOffset } = await this.bytes.read(this.position, length);
      const view = new DataView(buffer, byteOffset, length);
      let at = 0;
      for (; left > 0 && at + 8 <= length; left--) {
        at += 8 + view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
      }
      if (at === 0) malformed('it ends within its metadata');
      this.skip(at);
    }
  }

  private async take(length: number): Promise<DataView> {
    if (length > this.bytes.size - this.position) malformed('it ends within its header');
    const read = await this.bytes.read(this.position, length);
    this.position += length;
    return new DataView(read.buffer, read.byteOffset, length);
  }
}
