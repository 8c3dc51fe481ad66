import { fail, ok, type Result } from '../../problem';
import { compareValues, type Comparison, type Tolerance } from '../../statistics/compare';
import { initialMovingVariance, type Convention } from '../convention';
import { findConvention } from '../conventions/registry';
import {
  freshParameters,
  parameterNames,
  type LayerParameters,
  type ParameterName,
} from '../layer';
import { mostAffected, outputEffect } from './outputEffect';
import { saidConvention, spreadParameters, type Statement } from '../statement';

/** One of two layers that are compared, as its file states it. */
export interface ComparedLayer {
  readonly name: string;
  readonly channels: number;
  /** Undefined where nothing tells. */
  readonly convention: Convention | undefined;
  readonly statement: Statement;
}

/** Two layers beside each other. */
export interface ComparedPair {
  readonly a: ComparedLayer;
  readonly b: ComparedLayer;
  /** Of those that at least one of them states; what the other lacks is as in a new layer. */
  readonly parameters: Readonly<Partial<Record<ParameterName, Comparison>>>;
  /** One value a channel, of both. */
  readonly values: { readonly a: LayerParameters; readonly b: LayerParameters };
  /** The channel whose output in inference differs most, of all that differs together; absent where none does. */
  readonly effect?: OutputEffect;
}

export interface OutputEffect {
  readonly channel: number;
  /** Of inputs within two moving deviations of A's mean; NaN where an output is not a number. */
  readonly size: number;
}

/** A number that a layer goes by, and where it is from. */
export interface StatedNumber {
  readonly value: number;
  /** " (the default of PyTorch)" where its file does not say. */
  readonly origin: string;
}

/** @returns undefined where neither its file nor its framework tells */
export function epsilonOf({ statement, convention }: ComparedLayer): StatedNumber | undefined {
  if (statement.epsilon !== undefined) return { value: statement.epsilon, origin: '' };
  if (convention === undefined) return undefined;
  return { value: convention.defaults.epsilon, origin: ` (the default of ${convention.name})` };
}

/** @param channels of the file's layer; else as many as the longest parameter has */
export function comparedLayer(
  name: string,
  statement: Statement,
  channels = channelsStated(statement),
): ComparedLayer {
  const id = saidConvention(statement);
  const found = id === undefined ? undefined : findConvention(id);
  return { name, channels, convention: found?.ok === true ? found.value : undefined, statement };
}

function channelsStated({ parameters }: Statement): number {
  return Math.max(0, ...Object.values(parameters).map(({ length }) => length));
}

/** Where neither file nor framework tells: PyTorch's, and ONNX's. */
export const usualEpsilon = 1e-5;

/** @returns a problem where the numbers of channels differ */
export function comparePair(
  a: ComparedLayer,
  b: ComparedLayer,
  tolerance: Tolerance,
): Result<ComparedPair> {
  if (a.channels !== b.channels) {
    return fail(
      'channels-differ',
      `"${a.name}" has ${a.channels} channels, and "${b.name}" has ${b.channels}: layers are compared channel by channel, so compare two with as many.`,
    );
  }
  const values = { a: layerParameters(a), b: layerParameters(b) };
  const parameters: Partial<Record<ParameterName, Comparison>> = {};
  for (const role of parameterNames) {
    if (!a.statement.parameters[role] && !b.statement.parameters[role]) continue;
    parameters[role] = compareValues(values.a[role], values.b[role], tolerance);
  }
  const effect = wholeEffect(a, b, values);
  return ok({ a, b, parameters, values, ...(effect && { effect }) });
}

/** Where one of the two does not tell its epsilon, it is the other's. */
function wholeEffect(
  a: ComparedLayer,
  b: ComparedLayer,
  values: ComparedPair['values'],
): OutputEffect | undefined {
  const [inA, inB] = [epsilonOf(a)?.value, epsilonOf(b)?.value];
  const epsilon = inA ?? inB ?? usualEpsilon;
  const sizes = outputEffect({ ...values.a, epsilon }, { ...values.b, epsilon: inB ?? epsilon });
  const channel = mostAffected(sizes);
  return channel === undefined ? undefined : { channel, size: sizes[channel] as number };
}

/** One value a channel of each; what a layer does not state is as in a new one. */
export function layerParameters({
  channels,
  convention,
  statement,
}: ComparedLayer): LayerParameters {
  return {
    ...freshParameters(channels, convention && initialMovingVariance(convention)),
    ...spreadParameters(statement.parameters, channels),
  };
}
