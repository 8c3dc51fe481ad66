import { fail, ok, type Result } from '../core/problem';
import { layerNames, readStatedLayer, type StatedLayer } from '../core/text/jsonTensors';
import {
  asNote,
  findTensor,
  listNames,
  type Source,
  type SourceLayer,
  type Target,
} from './source';
import { openOption, type Sources } from './sources';

/** The layer that a run steps, as its file states it. */
export interface ChosenLayer extends StatedLayer {
  readonly source: Source;
  readonly name: string;
  /** Whether the command line named it inside its file. */
  readonly named: boolean;
}

/**
 * The layer that `--layer` names in the main file or another; else the one that the main operand names; else
 * the only one of the main file.
 */
export async function chooseLayer(
  main: Target,
  option: string | undefined,
  sources: Sources,
): Promise<Result<ChosenLayer>> {
  const { source, name } = main;
  if (option !== undefined) {
    // The empty name is that of the file's own layer, which nobody asks for by it.
    const here = option === '' ? undefined : await layerIn(source, option);
    if (here) return here;
    const other = await openOption('layer', option, source, sources);
    if (!other.ok) return other;
    return layerOf(other.value.source, other.value.name ?? '');
  }
  if (name !== undefined && !findTensor(source, name).ok) return layerOf(source, name);
  return layerOf(source, '');
}

async function layerOf(source: Source, name: string): Promise<Result<ChosenLayer>> {
  const layer = await layerIn(source, name);
  if (layer) return layer;
  const layers = layersOf(source);
  const named = layers.length === 0 ? '' : `the layers ${layers.slice(0, mostNamed).join(', ')}`;
  const more = layers.length > mostNamed ? ` and ${layers.length - mostNamed} more` : '';
  const holds =
    named === '' ? listNames(source) : `${named}${more}; as tensors ${listNames(source)}`;
  return fail('no-such-name', `${source.label} has nothing called "${name}": it holds ${holds}.`);
}

const mostNamed = 12;

function layersOf({ document, layers }: Source): readonly string[] {
  return document ? layerNames(document) : layers.map(({ found }) => found.name);
}

/**
 * @param name empty for the layer that the file is about
 * @returns undefined where there is nothing of that name
 */
async function layerIn(source: Source, name: string): Promise<Result<ChosenLayer> | undefined> {
  const { document, layers } = source;
  const label = layerLabel(source, name);
  if (document) {
    const stated = readStatedLayer(document, name);
    return stated && ok({ ...stated, source, name: label, named: name !== '' });
  }
  if (name !== '')
    return fileLayer(
      source,
      layers.find(({ found }) => found.name === name),
    );
  if (layers.length > 1) return ambiguous(source);
  return (await fileLayer(source, layers[0])) ?? ok({ ...nothingStated, source, name: label });
}

const nothingStated = {
  statement: { parameters: {} },
  named: false,
  keys: {},
  unknownKeys: [],
  problems: [],
};

async function fileLayer(
  source: Source,
  layer: SourceLayer | undefined,
): Promise<Result<ChosenLayer> | undefined> {
  if (layer === undefined) return undefined;
  const { name, notes } = layer.found;
  const read = await layer.read();
  if (!read.ok) return read;
  const stated = { ...nothingStated, statement: read.value, problems: notes.map(asNote) };
  return ok({ ...stated, source, name: layerLabel(source, name), named: true });
}

function ambiguous({ label, layers }: Source): Result<never> {
  const names = layers.slice(0, mostNamed).map(({ found }) => found.name);
  const more = layers.length - names.length;
  return fail(
    'layer-ambiguous',
    `${label} has ${layers.length} batch-norm layers: name one of them with --layer, such as ${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`,
  );
}

/** A layer without a name of its own goes by its file's: `seed` for `samples/seed.bn.json`. */
export function layerLabel(source: Source, name: string): string {
  if (name !== '') return name;
  const file = source.label.split(/[\\/]/).at(-1) ?? source.label;
  return file.replace(/(\.bn)?\.jsonc?$/i, '');
}
