import type { Convention } from '../batchnorm/convention';
import type { Flags } from '../batchnorm/flags';
import { resolveOnFittingAxis } from '../batchnorm/fittingAxis';
import { ghostBatches } from '../batchnorm/ghostBatch';
import { kernelRules, parameterNames, type BatchNormLayer } from '../batchnorm/layer';
import { elementMask, toWeights } from '../batchnorm/mask';
import { refusal, stepRules } from '../batchnorm/plan';
import {
  checkEpsilon,
  checkLength,
  checkMomentum,
  pathName,
  resolveLayer,
  statedConvention,
} from '../batchnorm/statement';
import type { Problem, TextRange } from '../problem';
import { channelLayout, countPerChannel, resolveAxis } from '../tensor/shape';
import type { RunFile, RunFileRole } from './runFile';

export interface RunFileChecks {
  /** Whether there is a layer to show; a refused step leaves it true. */
  readonly ok: boolean;
  readonly problems: readonly Problem[];
}

/**
 * What a schema cannot say: whether the layer that the file states fits its input and its convention,
 * each problem at the key it comes from. A step that the convention refuses as the file stands (one
 * value a channel, a rank) is an error of its own kind: the layer is there, and other flags may do. So
 * are parameters that fit one other axis alone, where the file states none.
 */
export function checkRunFile(file: RunFile, fallback: Convention): RunFileChecks {
  const errors = statementErrors(file, fallback);
  const warnings = negativeVariances(file);
  const { shape } = file.input;
  // Parameters that fit another axis are a layer on that one: what is wrong can be shown.
  const misplaced = errors.every(({ code }) => code === 'length-mismatch');
  const resolved = resolveOnFittingAxis(file.statement, shape, fallback);
  if (errors.length > 0 && !(misplaced && resolved.ok)) {
    return { ok: false, problems: [...errors, ...warnings] };
  }
  if (!resolved.ok) {
    const { problem } = resolved;
    return { ok: false, problems: [at(file, problem, ...placesOf(problem), 'input')] };
  }
  const { layer, flags } = resolved.value;
  const n = countPerChannel(channelLayout(shape, layer.channelAxis));
  const refused = refusal(layer, shape.length, n, flags) ?? optionProblem(file, layer, flags);
  const steps = refused ? [at(file, refused, ...placesOf(refused), 'input')] : [];
  const told = [...errors, ...steps, ...warnings, ...ignoredMask(file, layer)];
  return { ok: true, problems: told };
}

/** What the size of a mask or of virtual batches says against this input. */
function optionProblem(
  { input, mask }: RunFile,
  layer: BatchNormLayer,
  flags: Flags,
): Problem | undefined {
  const { shape } = input;
  const masked = elementMask(layer, shape, mask && toWeights(mask.data));
  if (!masked.ok) return masked.problem;
  const { normalizedWith } = stepRules(layer, shape.length, flags);
  const divided = ghostBatches(layer, shape, normalizedWith);
  return divided.ok ? undefined : divided.problem;
}

function placesOf({ code }: Problem): readonly RunFileRole[] {
  switch (code) {
    case 'single-value':
      return ['training'];
    case 'renorm-invalid':
      return ['renorm'];
    case 'option-refused':
      return ['renorm', 'virtualBatchSize'];
    case 'mask-shape':
      return ['mask'];
    case 'virtual-batch':
      return ['virtualBatchSize'];
    default:
      return [];
  }
}

/** A warning where the convention's kernel has no masks, or takes one and ignores it. */
function ignoredMask({ input, mask, keys }: RunFile, layer: BatchNormLayer): Problem[] {
  const key = keys.mask;
  if (!mask || !key || kernelRules(layer, input.shape.length).mask.kind !== 'ignored') return [];
  const path = pathName(layer, input.shape.length) ?? 'this layer';
  return [
    {
      code: 'mask-ignored',
      severity: 'warning',
      message: `"${key.name}" has no effect in ${layer.convention.name} (${path}): every element counts, as if it were all true.`,
      range: key.keyRange,
    },
  ];
}

function statementErrors(file: RunFile, fallback: Convention): Problem[] {
  const { statement } = file;
  const found = statedConvention(statement, fallback);
  if (!found.ok) return [at(file, found.problem, 'convention')];
  const convention = found.value;
  const { epsilon, momentum, channelAxis } = statement;
  const epsilonProblem = epsilon === undefined ? undefined : checkEpsilon(epsilon);
  const momentumProblem = momentum === undefined ? undefined : checkMomentum(momentum, convention);
  const { shape } = file.input;
  const axis = channelAxis === undefined ? undefined : resolveAxis(shape, channelAxis);
  return [
    ...(epsilonProblem ? [at(file, epsilonProblem, 'epsilon')] : []),
    ...(momentumProblem ? [at(file, momentumProblem, 'momentum')] : []),
    ...(axis?.ok === false
      ? [at(file, axis.problem, 'channelAxis')]
      : lengthErrors(file, fallback)),
  ];
}

function lengthErrors(file: RunFile, fallback: Convention): Problem[] {
  const { statement, input } = file;
  const { convention, implied, channelAxis } = statement;
  // The axis alone, whatever else is wrong with the statement.
  const resolved = resolveLayer(
    {
      parameters: {},
      ...(convention !== undefined && { convention }),
      ...(channelAxis !== undefined && { channelAxis }),
      ...(implied && { implied }),
    },
    input.shape,
    fallback,
  );
  if (!resolved.ok) return [at(file, resolved.problem, 'channelAxis', 'input')];
  const axis = resolved.value.layer.channelAxis;
  return parameterNames.flatMap(name => {
    const length = statement.parameters[name]?.length;
    const problem = length === undefined ? undefined : checkLength(name, length, input.shape, axis);
    return problem ? [at(file, problem, name)] : [];
  });
}

/** A warning at the first negative moving variance, with how many there are. */
function negativeVariances(file: RunFile): Problem[] {
  const values = file.statement.parameters.movingVariance;
  const key = file.keys.movingVariance;
  const first = values?.findIndex(value => value < 0) ?? -1;
  if (!values || !key || first < 0) return [];
  const count = values.filter(value => value < 0).length;
  const others = count === 1 ? '' : `, as are ${count - 1} more`;
  return [
    {
      code: 'variance-negative',
      severity: 'warning',
      message: `The moving variance of channel ${first} is ${values[first] as number}, below 0${others}: a variance is at least 0, and where it is below −epsilon the output is NaN.`,
      range: key.firstNegative ?? key.valueRange,
    },
  ];
}

/**
 * A problem at the value of the first of these keys that the file has, an input's at its key; without a
 * place where the file has none of them, as when an option said what is wrong.
 */
function at(file: RunFile, problem: Problem, ...roles: readonly RunFileRole[]): Problem {
  const role = roles.find(candidate => file.keys[candidate] !== undefined);
  if (role === 'input') return { ...problem, range: inputMark(file) };
  const key = role === undefined ? undefined : file.keys[role];
  return key ? { ...problem, range: key.valueRange } : problem;
}

/** The input's key, or the first bracket of a bare array: not the whole of it, which may be long. */
function inputMark({ keys }: RunFile): TextRange {
  const { keyRange, valueRange } = keys.input;
  if (keyRange.end > keyRange.start) return keyRange;
  return { start: valueRange.start, end: valueRange.start + 1 };
}
