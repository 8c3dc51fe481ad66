import { ok, type Problem, type Result } from '../problem';
import { formatShape, resolveAxis, type Shape } from '../tensor/shape';
import { initialMovingVariance, type Convention } from './convention';
import { findConvention } from './conventions/registry';
import type { Flags } from './flags';
import { resolveRenorm, type StatedRenorm } from './statedRenorm';
import {
  freshParameters,
  kernelRules,
  parameterNames,
  type BatchNormLayer,
  type ParameterName,
} from './layer';

/**
 * What somebody said about a layer, in a file, an option or a call; absent is "nobody said". Numbers
 * are in the meaning of the convention the statement is run under. Plain data: it crosses threads.
 */
export interface Statement {
  /** Convention id. */
  readonly convention?: string;
  /** What decides where no convention is stated: the names that were used, or a call around. */
  readonly implied?: ImpliedConvention;
  readonly epsilon?: number;
  readonly momentum?: number | null;
  readonly channelAxis?: number;
  readonly training?: boolean;
  readonly trainable?: boolean;
  readonly batchesTracked?: number;
  /** What becomes of the moving statistics, where it is not the usual; see `BatchNormLayer`. */
  readonly tracking?: 'frozen' | 'none';
  /** Present where the layer renormalises. */
  readonly renorm?: StatedRenorm;
  readonly virtualBatchSize?: number;
  /** One value a channel, or a single value that stands for all of them. */
  readonly parameters: Readonly<Partial<Record<ParameterName, Float64Array>>>;
}

/** A convention that something around the layer means without saying so. */
export interface ImpliedConvention {
  /** Id. */
  readonly convention: string;
  /** What means it, as it is spelled: `torch.tensor`. */
  readonly by: string;
}

/** Names that only PyTorch has. */
export const runningNames: ImpliedConvention = {
  convention: 'pytorch',
  by: 'a name such as running_mean',
};

/** The convention that is stated, or else implied, by its id. */
export function saidConvention({ convention, implied }: Statement): string | undefined {
  return convention ?? implied?.convention;
}

export interface ResolvedLayer {
  readonly layer: BatchNormLayer;
  readonly flags: Flags;
}

/** `running_*` names mean PyTorch, and some calls their framework; else the caller's fallback (a user's setting, or tf1). */
export function statedConvention(statement: Statement, fallback: Convention): Result<Convention> {
  const id = saidConvention(statement);
  return id === undefined ? ok(fallback) : findConvention(id);
}

/**
 * Completes a statement with its convention's defaults for an input of this shape.
 * @param fallback the convention where the statement names none
 * @returns a problem where the convention, the axis or a length does not fit
 */
export function resolveLayer(
  statement: Statement,
  shape: Shape,
  fallback: Convention,
): Result<ResolvedLayer> {
  const found = statedConvention(statement, fallback);
  if (!found.ok) return found;
  const convention = found.value;
  const { defaults } = convention;
  const axis = resolveAxis(shape, statement.channelAxis ?? usualAxis(convention, shape));
  if (!axis.ok) return axis;
  const epsilon = statement.epsilon ?? defaults.epsilon;
  const momentum = statement.momentum === undefined ? defaults.momentum : statement.momentum;
  const channels = shape[axis.value] ?? 1;
  const problem =
    checkEpsilon(epsilon) ??
    checkMomentum(momentum, convention) ??
    checkLengths(statement, shape, axis.value);
  if (problem) return { ok: false, problem };
  const parameters = {
    ...freshParameters(channels, initialMovingVariance(convention)),
    ...spreadParameters(statement.parameters, channels),
  };
  const renorm = statement.renorm && resolveRenorm(statement.renorm, parameters.movingVariance);
  if (renorm?.ok === false) return renorm;
  const { virtualBatchSize } = statement;
  const layer: BatchNormLayer = {
    ...parameters,
    ...(renorm && { renorm: renorm.value }),
    ...(virtualBatchSize !== undefined && { virtualBatchSize }),
    ...(statement.tracking && { tracking: statement.tracking }),
    convention,
    epsilon,
    momentum,
    channelAxis: axis.value,
    batchesTracked: statement.batchesTracked ?? 0,
    precision: 'float32',
  };
  const flags: Flags = {
    training: statement.training ?? defaults.training,
    trainable: statement.trainable ?? defaults.trainable,
  };
  return ok({ layer, flags });
}

/** The convention's own axis where the shape has it; a vector has only axis 0. */
function usualAxis(convention: Convention, shape: Shape): number {
  const axis = convention.defaults.channelAxis;
  return axis < shape.length ? axis : shape.length - 1;
}

/** The stated parameters with one value a channel; those of another length than that, or 1, are left out. */
export function spreadParameters(
  parameters: Statement['parameters'],
  channels: number,
): Partial<Record<ParameterName, Float64Array>> {
  const full: Partial<Record<ParameterName, Float64Array>> = {};
  for (const name of parameterNames) {
    const values = parameters[name];
    if (values?.length === channels) full[name] = values;
    else if (values?.length === 1)
      full[name] = new Float64Array(channels).fill(values[0] as number);
  }
  return full;
}

/** @returns a problem unless epsilon is a finite number ≥ 0 */
export function checkEpsilon(epsilon: number): Problem | undefined {
  if (Number.isFinite(epsilon) && epsilon >= 0) return undefined;
  return {
    code: 'epsilon-invalid',
    severity: 'error',
    message: `Epsilon is ${epsilon}: it must be a finite number of at least 0, such as 0.001.`,
  };
}

/** @returns a problem unless momentum is 0…1, or null where the convention has a cumulative average */
export function checkMomentum(
  momentum: number | null,
  convention: Convention,
): Problem | undefined {
  const rule = convention.momentum;
  if (momentum === null) {
    if (rule.allowsCumulative) return undefined;
    return {
      code: 'momentum-invalid',
      severity: 'error',
      message: `Momentum is null (a cumulative average), which ${convention.name} does not have: give a number from 0 to 1.`,
    };
  }
  if (momentum >= 0 && momentum <= 1) return undefined;
  return {
    code: 'momentum-invalid',
    severity: 'error',
    message: `Momentum is ${momentum}: in ${convention.name} it is the weight of the ${rule.weighs} value, from 0 to 1.`,
  };
}

function checkLengths(statement: Statement, shape: Shape, axis: number): Problem | undefined {
  for (const name of parameterNames) {
    const length = statement.parameters[name]?.length;
    const problem = length === undefined ? undefined : checkLength(name, length, shape, axis);
    if (problem) return problem;
  }
  return undefined;
}

/**
 * @param axis resolved channel axis
 * @returns a problem unless there is a value a channel, or one for all of them
 */
export function checkLength(
  name: ParameterName,
  length: number,
  shape: Shape,
  axis: number,
): Problem | undefined {
  const channels = shape[axis] ?? 1;
  if (length === channels || length === 1) return undefined;
  const fitting = shape.flatMap((size, a) => (size === length ? [a] : []));
  const remedy =
    fitting.length > 0
      ? `axis ${fitting.join(' or ')} has ${length}`
      : `give ${channels} values, or one for all channels`;
  return {
    code: 'length-mismatch',
    severity: 'error',
    message: `${parameterLabels[name]} has ${length} values, but axis ${axis} of ${formatShape(shape)} has ${channels} channels: ${remedy}.`,
  };
}

/** For sentences. */
export const parameterLabels: Readonly<Record<ParameterName, string>> = {
  gamma: 'gamma',
  beta: 'beta',
  movingMean: 'moving mean',
  movingVariance: 'moving variance',
};

/** Whether the kernel used is the convention's other one, and its name. */
export function pathName(layer: BatchNormLayer, rank: number): string | undefined {
  const path = kernelRules(layer, rank);
  return path === layer.convention.otherPath ? layer.convention.otherPath.name : undefined;
}
