import { refuse } from '../formats/badFile';
import type { TensorCatalog, TensorEntry } from '../formats/catalog';
import { quoted } from '../formats/shapes';
import type { TensorData } from '../tensor/tensor';
import type { FoundLayer } from './findLayers';
import { parameterLabels, type Statement } from './statement';
import { parameterNames, type ParameterName } from './layer';

/** Channels of a layer that is read; the widest published ones have some thousands. */
const mostChannels = 1 << 20;

/**
 * Reads the parameters of a layer of a file, with what the file states beyond them.
 * @throws BadFile where one cannot be read
 */
export async function readLayerStatement(
  { entries }: Pick<TensorCatalog, 'entries'>,
  layer: FoundLayer,
  signal: AbortSignal,
): Promise<Statement> {
  if (layer.channels > mostChannels) {
    refuse(
      'layer-too-large',
      `the layer ${quoted(layer.name)} has ${layer.channels} channels, and ${mostChannels} is the most.`,
    );
  }
  const byName = new Map(entries.map(entry => [entry.name, entry]));
  const parameters: Partial<Record<ParameterName, Float64Array>> = {};
  for (const role of parameterNames) {
    const name = layer.parameters[role];
    if (name === undefined) continue;
    const values = await readVector(byName.get(name), name, parameterLabels[role], signal);
    parameters[role] = Float64Array.from(values);
  }
  const batchesTracked = await readCount(byName.get(layer.batchesTracked ?? ''), signal);
  return {
    ...statedOf(layer),
    ...(batchesTracked !== undefined && { batchesTracked }),
    parameters,
  };
}

function statedOf(layer: FoundLayer): Omit<Statement, 'parameters'> {
  const { convention, epsilon, momentum, channelAxis, training, trainable, tracking } = layer;
  return {
    ...(convention !== undefined && { convention }),
    ...(epsilon !== undefined && { epsilon }),
    ...(momentum !== undefined && { momentum }),
    ...(channelAxis !== undefined && { channelAxis }),
    ...(training !== undefined && { training }),
    ...(trainable !== undefined && { trainable }),
    ...(tracking !== undefined && { tracking }),
  };
}

async function readVector(
  entry: TensorEntry | undefined,
  name: string,
  role: string,
  signal: AbortSignal,
): Promise<TensorData> {
  if (entry === undefined) refuse('no-such-tensor', `it has no tensor ${quoted(name)}.`);
  const { content } = entry;
  if (content.kind === 'unreadable') {
    refuse('tensor-unreadable', `${role}, ${quoted(name)}, cannot be read: ${content.reason}.`);
  }
  if (content.numbers !== 1) {
    refuse('tensor-unreadable', `${role}, ${quoted(name)}, holds complex numbers.`);
  }
  return (await content.read({ signal })).data;
}

/** A count that cannot be read is one that nobody stated. */
async function readCount(
  entry: TensorEntry | undefined,
  signal: AbortSignal,
): Promise<number | undefined> {
  const isScalar = entry?.shape.every(dimension => dimension === 1) === true;
  if (!isScalar || entry.content.kind === 'unreadable') return undefined;
  const [count] = (await entry.content.read({ signal })).data;
  return count !== undefined && Number.isSafeInteger(count) && count >= 0 ? count : undefined;
}
