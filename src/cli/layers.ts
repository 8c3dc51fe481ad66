import type { FoundLayer } from '../core/batchnorm/findLayers';
import { parameterNames, type ParameterName } from '../core/batchnorm/layer';
import { saidConvention, type Statement } from '../core/batchnorm/statement';
import { fail, ok, type Result } from '../core/problem';
import type { Json } from '../core/text/json';
import type { JsonDocument } from '../core/text/jsonDocument';
import { layerNames, readStatedLayer } from '../core/text/jsonTensors';
import { layerLabel } from './chosenLayer';
import type { Command, CommandArguments, Report } from './command';
import { notesOf, type Source } from './source';
import type { Sources } from './sources';
import { layOutTable, type Column } from './table';

/** `layers FILE`: the batch-norm layers found in it. */
export const layersCommand: Command = {
  name: 'layers',
  operands: 'FILE',
  help: 'the batch-norm layers found in it',
  options: [],
  run,
};

export type ListedLayer = Pick<
  FoundLayer,
  'name' | 'channels' | 'convention' | 'epsilon' | 'momentum' | 'parameters' | 'notes'
>;

async function run({ operands }: CommandArguments, sources: Sources): Promise<Result<Report>> {
  const target = await sources.open(operands[0] as string);
  if (!target.ok) return target;
  const { source, name } = target.value;
  const all = source.document
    ? documentLayers(source, source.document)
    : source.layers.map(({ found }) => found);
  const layers = name === undefined ? all : all.filter(layer => layer.name === name);
  if (name !== undefined && layers.length === 0) return unknownLayer(source, name, all);
  return ok({
    json: layers.map(asJson),
    lines: () => (layers.length === 0 ? ['no batch-norm layers'] : table(layers)),
    notes: [...notesOf(source), ...layers.flatMap(notesOn)],
    status: 0,
  });
}

function unknownLayer(
  { label }: Source,
  name: string,
  layers: readonly ListedLayer[],
): Result<never> {
  const names = layers.slice(0, 12).map(layer => layer.name);
  const more = layers.length > names.length ? ` and ${layers.length - names.length} more` : '';
  const held = names.length === 0 ? 'no layers' : names.join(', ') + more;
  return fail('no-such-layer', `${label} has no layer "${name}": it holds ${held}.`);
}

function notesOn({ name, notes }: ListedLayer): string[] {
  return notes.map(note => `${name}: ${note}`);
}

export interface DocumentLayer extends ListedLayer {
  readonly statement: Statement;
}

/**
 * The layers of a document: its own object where that states any parameter, and those inside it that have both moving
 * statistics, as in a checkpoint.
 */
export function documentLayers(source: Source, document: JsonDocument): DocumentLayer[] {
  return ['', ...layerNames(document)].flatMap(name => documentLayer(source, document, name) ?? []);
}

function documentLayer(
  source: Source,
  document: JsonDocument,
  name: string,
): DocumentLayer | undefined {
  const stated = readStatedLayer(document, name);
  if (stated === undefined) return undefined;
  const { statement, keys } = stated;
  const lengths = parameterNames.flatMap(role => statement.parameters[role]?.length ?? []);
  const { movingMean, movingVariance } = statement.parameters;
  const isLayer = name === '' ? lengths.length > 0 : movingMean !== undefined && movingVariance;
  if (!isLayer) return undefined;
  const parameters: Partial<Record<ParameterName, string>> = {};
  for (const role of parameterNames) {
    const start = keys[role]?.valueRange.start;
    const tensor = source.tensors.find(({ range }) => range?.start === start);
    if (start !== undefined && tensor) parameters[role] = tensor.name;
  }
  const convention = saidConvention(statement);
  return {
    name: layerLabel(source, name),
    channels: Math.max(...lengths),
    ...(convention !== undefined && { convention }),
    ...(statement.epsilon !== undefined && { epsilon: statement.epsilon }),
    ...(statement.momentum !== undefined && { momentum: statement.momentum }),
    parameters,
    notes: [],
    statement,
  };
}

function asJson({ name, channels, convention, epsilon, momentum, parameters }: ListedLayer): Json {
  return {
    name,
    channels,
    convention: convention ?? null,
    epsilon: epsilon ?? null,
    momentum: momentum ?? null,
    parameters: Object.fromEntries(parameterNames.map(role => [role, parameters[role] ?? null])),
  };
}

function table(layers: readonly ListedLayer[]): string[] {
  const column = (
    head: string,
    align: Column['align'],
    cell: (layer: ListedLayer) => string,
  ): Column => ({ head, align, cells: layers.map(cell) });
  const number = (x: number | null | undefined): string => (x === undefined ? '' : String(x));
  return layOutTable([
    column('name', 'left', ({ name }) => name),
    column('channels', 'right', ({ channels }) => `${channels}`),
    column('convention', 'left', ({ convention = '' }) => convention),
    column('epsilon', 'right', ({ epsilon }) => number(epsilon)),
    column('momentum', 'right', ({ momentum }) => (momentum === null ? 'none' : number(momentum))),
    column('parameters', 'left', ({ parameters }) =>
      parameterNames.filter(role => parameters[role]).join(', '),
    ),
  ]);
}
