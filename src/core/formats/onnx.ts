import type { ByteSource } from './byteSource';
import type { LayerHint, TensorCatalog, TensorEntry } from './catalog';
import type { Format } from './format';
import { mostTensors } from './limits';
import { malformed } from './malformed';
import { OnnxEntries } from './onnx/entry';
import { readFunction, readGraph, type OnnxBatchNorm, type OnnxGraph } from './onnx/graph';
import { readTensorProto } from './onnx/tensorProto';
import { walkMessage } from './protobuf/lazyMessage';
import { UniqueNames } from './uniqueNames';
import { windowedBytes } from './windowedBytes';

/** Numbers of ModelProto's fields. */
const graphField = 7;
const functionField = 25;

/**
 * ONNX models: initializers and constants, their batch norms by the inputs of nodes, since names mean
 * nothing. Payloads are skipped, so that a model of gigabytes costs its heads.
 * Sources: onnx.proto3, docs/ExternalData.md, docs/Operators.md#BatchNormalization.
 */
export const onnx: Format = {
  id: 'onnx',
  name: 'ONNX model',
  extensions: ['.onnx'],
  sniff: () => false,
  async open(source, _services, signal) {
    const bytes = windowedBytes(source, signal);
    const graph: OnnxGraph = { tensors: [], batchNorms: [], aliases: new Map() };
    let graphs = 0;
    await walkMessage(bytes, { start: 0, length: source.size }, async field => {
      if (field.field === graphField) {
        graphs++;
        await readGraph(bytes, field, graph);
      } else if (field.field === functionField) {
        await readFunction(bytes, field, graph);
      }
    });
    if (graphs === 0) malformed('it has no graph');
    return describeModel(source, graph, signal);
  },
};

/** One tensor of ONNX's test data: `input_0.pb`. */
export const onnxTensor: Format = {
  id: 'onnx-tensor',
  name: 'ONNX tensor',
  extensions: ['.pb'],
  sniff: () => false,
  async open(source, _services, signal) {
    const bytes = windowedBytes(source, signal);
    const tensor = await readTensorProto(bytes, { start: 0, length: source.size });
    if (tensor.dataType === 0) malformed('it has no type, which an ONNX tensor has');
    const name = tensor.name === '' ? source.name.replace(/\.pb$/i, '') : tensor.name;
    const entry = await new OnnxEntries(source, signal).describe(tensor, name);
    return { format: onnxTensor.id, entries: [entry], hints: [], notes: [] };
  },
};

async function describeModel(
  source: ByteSource,
  { tensors, batchNorms, aliases }: OnnxGraph,
  signal: AbortSignal,
): Promise<TensorCatalog> {
  if (tensors.length > mostTensors) malformed(`it has ${tensors.length} tensors`);
  const describer = new OnnxEntries(source, signal);
  const entries = new Map<string, TensorEntry>();
  const names = new UniqueNames();
  for (const tensor of tensors) {
    // Subgraphs have names of their own, which may be those of the graph around them.
    const name = names.take(tensor.name);
    entries.set(name, await describer.describe(tensor, name));
  }
  const layers = uniqueNames(batchNorms);
  return {
    format: onnx.id,
    entries: [...entries.values()],
    hints: batchNorms.map((node, i) =>
      describeLayer(throughIdentities(node, aliases), layers[i] ?? node.name, entries),
    ),
    notes: notesOn(batchNorms, entries),
  };
}

function notesOn(
  batchNorms: readonly OnnxBatchNorm[],
  entries: ReadonlyMap<string, TensorEntry>,
): string[] {
  if (batchNorms.length === 0) return [foldedNote];
  const given = batchNorms.filter(({ inputs }) => !inputs.some(input => entries.has(input)));
  if (given.length === 0) return [];
  const nodes =
    given.length === 1
      ? 'Its BatchNormalization node gets'
      : `${given.length} BatchNormalization nodes get`;
  return [`${nodes} gamma, beta, mean and variance from the graph: they are not in the file.`];
}

const foldedNote =
  'It has no BatchNormalization node: exporters fold batch norm into the convolution before it.';

/**
 * A layer is called by its node, or as its tensors are where those agree on a prefix, as PyTorch's
 * exporter names them: `base_net.0.1` for `base_net.0.1.weight` and `.running_var`.
 */
function uniqueNames(nodes: readonly OnnxBatchNorm[]): string[] {
  const names = new UniqueNames();
  return nodes.map(node => names.take(commonPrefix(node.inputs) ?? node.name));
}

function commonPrefix(inputs: readonly string[]): string | undefined {
  const [first = ''] = inputs;
  const end = Math.max(first.lastIndexOf('.'), first.lastIndexOf('/'));
  if (end <= 0) return undefined;
  return inputs.every(
    name => name.startsWith(first.slice(0, end + 1)) && !/[./]/.test(name.slice(end + 1)),
  )
    ? first.slice(0, end)
    : undefined;
}

/** `Identity` nodes one after another, at most. */
const mostIdentities = 8;

/** The node with the tensors that its inputs are, where `Identity` nodes pass those on. */
function throughIdentities(
  node: OnnxBatchNorm,
  aliases: ReadonlyMap<string, string>,
): OnnxBatchNorm {
  const inputs = node.inputs.map(input => {
    let name = input;
    for (let i = 0; i < mostIdentities; i++) name = aliases.get(name) ?? name;
    return name;
  });
  return { ...node, inputs };
}

const roles = ['gamma', 'beta', 'movingMean', 'movingVariance'] as const;

/** Inputs 1 to 4 are gamma, beta, mean and variance; one that a node computes is no entry. */
function describeLayer(
  node: OnnxBatchNorm,
  name: string,
  entries: ReadonlyMap<string, TensorEntry>,
): LayerHint {
  const parameters: Partial<Record<(typeof roles)[number], string>> = {};
  const computed: string[] = [];
  roles.forEach((role, i) => {
    const input = node.inputs[i];
    if (input !== undefined && entries.has(input)) parameters[role] = input;
    else computed.push(role);
  });
  return {
    name,
    parameters,
    convention: 'onnx',
    epsilon: node.epsilon ?? 1e-5,
    momentum: node.momentum ?? 0.9,
    channelAxis: 1,
    training: node.training,
    notes: computed.length === 0 ? [] : [`Not in the file: ${computed.join(', ')}.`],
  };
}
