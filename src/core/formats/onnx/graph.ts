import { malformed } from '../malformed';
import { wire } from '../protobuf/cursor';
import { readNames, readRange, walkMessage, type FieldRange } from '../protobuf/lazyMessage';
import type { WindowedBytes } from '../windowedBytes';
import { readTensorProto, type OnnxTensor } from './tensorProto';
import { decodeUtf8 } from '../decodeText';

/** A BatchNormalization node: its tensors by position, and what it states. */
export interface OnnxBatchNorm {
  readonly name: string;
  /** Names of scale, B, mean and variance: inputs 1 to 4. */
  readonly inputs: readonly string[];
  readonly epsilon: number | undefined;
  /** How much of the old value is kept. */
  readonly momentum: number | undefined;
  readonly training: boolean;
}

/** The tensors and batch norms of a model, those of its subgraphs and functions too. */
export interface OnnxGraph {
  readonly tensors: OnnxTensor[];
  readonly batchNorms: OnnxBatchNorm[];
  /** What `Identity` nodes pass on, by their outputs: exporters keep equal tensors once. */
  readonly aliases: Map<string, string>;
}

/** Subgraphs within subgraphs: `If` in `Loop` and so on. */
const depthLimit = 16;

/** GraphProto: node 1, initializer 5. */
export async function readGraph(
  bytes: WindowedBytes,
  range: FieldRange,
  graph: OnnxGraph,
  depth = 0,
): Promise<void> {
  if (depth > depthLimit) malformed(`graphs are nested more than ${depthLimit} deep`);
  await walkMessage(bytes, range, async field => {
    if (field.wire !== wire.bytes) return;
    if (field.field === 5) graph.tensors.push(await readTensorProto(bytes, field));
    else if (field.field === 1) await readNode(bytes, field, graph, depth);
  });
}

/** FunctionProto: node 7. */
export async function readFunction(
  bytes: WindowedBytes,
  range: FieldRange,
  graph: OnnxGraph,
): Promise<void> {
  await walkMessage(bytes, range, async field => {
    if (field.field === 7 && field.wire === wire.bytes) await readNode(bytes, field, graph, 1);
  });
}

interface Attribute {
  name: string;
  float?: number;
  int?: number;
  tensor?: FieldRange;
  graphs: FieldRange[];
}

/** NodeProto: input 1, output 2, name 3, op_type 4, attribute 5. */
async function readNode(
  bytes: WindowedBytes,
  range: FieldRange,
  graph: OnnxGraph,
  depth: number,
): Promise<void> {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributeRanges: FieldRange[] = [];
  let name = '';
  let opType = '';
  await walkMessage(bytes, range, async field => {
    if (field.wire !== wire.bytes) return;
    if (field.field === 1) inputs.push(await readName(bytes, field));
    else if (field.field === 2) outputs.push(await readName(bytes, field));
    else if (field.field === 3) name = await readName(bytes, field);
    else if (field.field === 4) opType = await readName(bytes, field);
    else if (field.field === 5) attributeRanges.push(field);
  });
  const attributes: Attribute[] = [];
  for (const attribute of attributeRanges) attributes.push(await readAttribute(bytes, attribute));
  for (const { graphs } of attributes) {
    for (const subgraph of graphs) await readGraph(bytes, subgraph, graph, depth + 1);
  }
  if (opType === 'Constant') await addConstant(bytes, outputs[0] ?? '', attributes, graph);
  const [input, output] = [inputs[0], outputs[0]];
  if (opType === 'Identity' && input !== undefined && output !== undefined)
    graph.aliases.set(output, input);
  if (opType === 'BatchNormalization') {
    graph.batchNorms.push(describeBatchNorm(name, inputs, outputs, attributes));
  }
}

/** A constant is named after the node's output, which is what other nodes call it. */
async function addConstant(
  bytes: WindowedBytes,
  output: string,
  attributes: readonly Attribute[],
  graph: OnnxGraph,
): Promise<void> {
  const value = attributes.find(({ name }) => name === 'value')?.tensor;
  if (value) graph.tensors.push({ ...(await readTensorProto(bytes, value)), name: output });
}

function describeBatchNorm(
  name: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Attribute[],
): OnnxBatchNorm {
  const find = (key: string): Attribute | undefined => attributes.find(one => one.name === key);
  return {
    name: name === '' ? (outputs[0] ?? '') : name,
    inputs: inputs.slice(1, 5),
    epsilon: find('epsilon')?.float,
    momentum: find('momentum')?.float,
    training: find('training_mode')?.int === 1,
  };
}

/** AttributeProto: name 1, f 2, i 3, t 5, g 6, graphs 11. */
async function readAttribute(bytes: WindowedBytes, range: FieldRange): Promise<Attribute> {
  const attribute: Attribute = { name: '', graphs: [] };
  await walkMessage(bytes, range, async field => {
    if (field.field === 1 && field.wire === wire.bytes)
      attribute.name = await readName(bytes, field);
    else if (field.field === 2 && field.wire === wire.fixed32) {
      attribute.float = float(await readRange(bytes, field));
    } else if (field.field === 3 && field.wire === wire.varint) attribute.int = field.value;
    else if (field.field === 5 && field.wire === wire.bytes) attribute.tensor = field;
    else if (field.field === 6 || field.field === 11) attribute.graphs.push(field);
  });
  return attribute;
}

async function readName(bytes: WindowedBytes, range: FieldRange): Promise<string> {
  return decodeUtf8(await readNames(bytes, range));
}

/**
 * A float32, as the decimal that a person wrote: the exporter made 9.999999747378752e-6 of 1e-5, and what
 * it means is the shortest decimal that rounds there.
 */
function float(bytes: Uint8Array): number {
  const value = new DataView(bytes.buffer, bytes.byteOffset, 4).getFloat32(0, true);
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
