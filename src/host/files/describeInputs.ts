import { formatShape, type Shape } from '../../core/tensor/shape';
import type { ListedTensor } from '../../protocol/tensorFile';
import {
  isLayerSource,
  sourceTitle,
  type InputSource,
  type InspectionSource,
} from '../inspection/source';

/** An input that a layer could be run over, as a picker offers it. */
export interface OfferedInput {
  readonly label: string;
  readonly description: string;
  readonly source: InputSource;
  /** Heading of the offers of its kind. */
  readonly group: string;
  /** Whether an axis of it has as many entries as the layer has channels. */
  readonly fits: boolean;
}

export interface OpenInput {
  readonly source: InspectionSource;
  /** Of the input that is shown now; undefined where nothing is yet. */
  readonly shape: Shape | undefined;
}

export interface OpenFile {
  readonly uri: string;
  readonly name: string;
  readonly tensors: readonly ListedTensor[];
}

/** Tensors that are offered of one file at most: a filter finds the rest in its own list. */
const mostTensors = 200;

/** Headings in the order of what is likelier to be meant. */
const groups = {
  frame: 'Where the program is paused',
  inspection: 'Open inspections',
  file: 'Open tensor files',
  own: 'Other tensors of the same file',
  unfit: 'Open inspections that do not fit',
} as const;

const order: readonly string[] = Object.values(groups);

/** What an input is wanted for. */
export interface WantedInput {
  /** Of the file that the layer is in: what else it holds is weights, as a rule. */
  readonly uri: string;
  readonly channels: number;
  /** Whether the layer comes with an input of its own. */
  readonly hasOwn?: boolean;
  /** What stands beside it where its program is paused, the likelier first. */
  readonly nearby?: readonly NearbyTensor[];
}

/** A tensor in the frame of a layer. */
export interface NearbyTensor {
  readonly shape: Shape;
  readonly source: Extract<InputSource, { readonly kind: 'variable' }>;
}

/**
 * Every input that is at hand for a layer, the likelier first. A tensor file's vectors are parameters, not
 * inputs, so only tensors of two dimensions and more are offered of it.
 */
export function offeredInputs(
  { uri: own, channels, nearby = [] }: WantedInput,
  inspections: readonly OpenInput[],
  files: readonly OpenFile[],
): readonly OfferedInput[] {
  const open = inspections.flatMap(({ source, shape }): OfferedInput[] => {
    const input = inputOf(source);
    if (!input || !shape) return [];
    const fits = shape.includes(channels);
    const group = fits ? groups.inspection : groups.unfit;
    const description = described(shape, fits);
    return [{ label: sourceTitle(input), description, source: input, group, fits }];
  });
  const listed = files.flatMap(({ uri, name, tensors }) =>
    tensors
      .filter(({ shape, unreadable }) => unreadable === undefined && shape.length >= 2)
      .filter(({ shape }) => shape.includes(channels))
      .slice(0, mostTensors)
      .map((tensor): OfferedInput => ({
        label: tensor.name === '' ? name : tensor.name,
        description: `${formatShape(tensor.shape)} · ${name}`,
        source: { kind: 'tensor', uri, name: tensor.name },
        group: uri === own ? groups.own : groups.file,
        fits: true,
      })),
  );
  const beside = nearby.map(({ shape, source }): OfferedInput => {
    const description = formatShape(shape);
    return { label: source.name, description, source, group: groups.frame, fits: true };
  });
  // One that is open as well is where the program is paused first of all.
  const all = [...listed, ...open, ...beside];
  const unique = new Map(all.map(offer => [JSON.stringify(offer.source), offer]));
  return [...unique.values()].sort((a, b) => order.indexOf(a.group) - order.indexOf(b.group));
}

function described(shape: Shape, fits: boolean): string {
  return `${formatShape(shape)}${fits ? '' : ' · no axis fits'}`;
}

function inputOf(source: InspectionSource): InputSource | undefined {
  if (!isLayerSource(source)) return source;
  return source.input.kind === 'source' ? source.input.source : undefined;
}
