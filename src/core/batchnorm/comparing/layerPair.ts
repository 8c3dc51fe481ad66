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
  const values = { a: completed(a), b: completed(b) };
  const parameters: Partial<Record<ParameterName, Comparison>> = {};
  for (const role of parameterNames) {
    if (!a.statement.parameters[role] && !b.statement.parameters[role]) continue;
    parameters[role] = compareValues(values.a[role], values.b[role], tolerance);
  }
  return ok({ a, b, parameters, values });
}

function completed({ channels, convention, statement }: ComparedLayer): LayerParameters {
  return {
    ...freshParameters(channels, convention && initialMovingVariance(convention)),
    ...spreadParameters(statement.parameters, channels),
  };
}
