import { findConvention } from '../batchnorm/conventions/registry';
import type { ParameterName } from '../batchnorm/layer';
import { toWeights } from '../batchnorm/mask';
import { runningNames, type Statement } from '../batchnorm/statement';
import type { TextRange } from '../problem';
import type { Shape } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import type { TensorLiteral } from './literal';
import { conventionOfCall } from './literalFramework';
import type { LanguageProfile } from './literalLanguage';
import { assignmentsAround, entriesAround, type NamedValue } from './literalNames';
import { readValue, type SiblingValue } from './literalValue';
import type { RunFileRole } from './runFile';
import { axisOfDataFormat, isRunningName, plainName, roleOfName } from './runFileNames';

/** Something said about the layer beside a literal. */
export interface Sibling {
  readonly role: RunFileRole;
  /** As spelled. */
  readonly name: string;
  readonly valueRange: TextRange;
}

/** What the document says about the layer around a literal; what nobody said is a default. */
export interface Siblings {
  readonly statement: Statement;
  readonly found: readonly Sibling[];
  /** A `shape` beside a flat literal. */
  readonly shape?: Shape;
  /** Which positions count: 1 and 0. Whether there are as many as positions is not checked here. */
  readonly mask?: Tensor;
}

/**
 * Looks for gamma, beta, moving statistics, epsilon, momentum, axis, flags and convention by the names
 * of CLI.md: among the keys or keyword arguments beside the literal, else among assignments at line
 * starts nearby (the nearest one before the literal, else the first after it). Bounded.
 */
export function findSiblings(
  text: string,
  literal: TensorLiteral,
  language: LanguageProfile,
): Siblings {
  const nearest = new Map<RunFileRole, Sibling & { readonly value: SiblingValue }>();
  const consider = (candidate: NamedValue, inGroup: boolean): void => {
    // Most assignments in code are of other things: their values are not read.
    const byName = roleOfName(candidate.name);
    if (byName === undefined || byName === 'input') return;
    const value = readValue(text, candidate.valueStart, language);
    if (!value) return;
    const role = roleOfName(candidate.name, value.kind === 'boolean');
    if (role === undefined || !fits(role, value, candidate, inGroup)) return;
    // A vector that no axis has room for belongs to another layer, unless it is said of this very one.
    if (!inGroup && value.kind === 'values' && !fitsAnAxis(literal, value.values.length)) return;
    if (nearest.has(role)) return;
    const valueRange = { start: candidate.valueStart, end: value.end };
    nearest.set(role, { role, name: candidate.name, valueRange, value });
  };
  for (const entry of entriesAround(text, literal, language)) consider(entry, true);
  if (language.assignments) {
    for (const assignment of assignmentsAround(text, literal)) consider(assignment, false);
  }
  const siblings = collect([...nearest.values()]);
  const { content } = literal;
  const shape = siblings.shape ?? (content.kind === 'tensor' ? content.tensor.shape : []);
  // What names mean, the parameters beside it say; what the call means, only the literal.
  const implied = siblings.statement.implied ?? conventionOfCall(literal, shape, language);
  return implied ? { ...siblings, statement: { ...siblings.statement, implied } } : siblings;
}

/** Full names; the others (`mean`, `scale`, `weight`) mean many things in code. */
const ownNames = new Set([
  'gamma',
  'beta',
  'movingmean',
  'movingvariance',
  'movingvar',
  'movingavg',
  'runningmean',
  'runningvar',
]);

const numberRoles: ReadonlySet<RunFileRole> = new Set(['epsilon', 'momentum', 'batchesTracked']);
const flagRoles: ReadonlySet<RunFileRole> = new Set(['training', 'trainable', 'center', 'scale']);

function fits(
  role: RunFileRole,
  value: SiblingValue,
  candidate: NamedValue,
  inGroup: boolean,
): boolean {
  if (isParameter(role)) {
    if (value.kind === 'values') return value.shape.length <= 1;
    return value.kind === 'number' && (inGroup || ownNames.has(plainName(candidate.name)));
  }
  if (numberRoles.has(role)) {
    return value.kind === 'number' || (role === 'momentum' && value.kind === 'nothing');
  }
  if (flagRoles.has(role)) return value.kind === 'boolean';
  if (role === 'channelAxis') {
    if (value.kind === 'number') return Number.isInteger(value.value);
    return value.kind === 'word' && axisOfDataFormat(value.word) !== undefined;
  }
  // In code, masks are of many things: one that is said of this very literal is meant.
  if (role === 'mask') return inGroup && isMask(value);
  if (role === 'shape') return inGroup && value.kind === 'values';
  if (role === 'convention') {
    return value.kind === 'word' && (inGroup || findConvention(value.word).ok);
  }
  return false;
}

function isMask(value: SiblingValue): boolean {
  return value.kind === 'booleans' || (value.kind === 'values' && !value.constant);
}

function fitsAnAxis({ content }: TensorLiteral, length: number): boolean {
  if (length === 1 || content.kind !== 'tensor') return true;
  return content.tensor.shape.includes(length);
}

function isParameter(role: RunFileRole): role is ParameterName & RunFileRole {
  return role === 'gamma' || role === 'beta' || role === 'movingMean' || role === 'movingVariance';
}

function collect(siblings: readonly (Sibling & { readonly value: SiblingValue })[]): Siblings {
  const parameters: Partial<Record<ParameterName, Float64Array>> = {};
  let said: Omit<Statement, 'parameters'> = {};
  let shape: Shape | undefined;
  let mask: Tensor | undefined;
  for (const { role, name, value } of siblings) {
    if (isParameter(role)) {
      if (value.kind === 'values') parameters[role] = value.values;
      if (value.kind === 'number') parameters[role] = Float64Array.of(Math.fround(value.value));
      if (isRunningName(name)) said = { ...said, implied: runningNames };
    } else if (role === 'shape' && value.kind === 'values') shape = [...value.values];
    else if (role === 'mask' && 'values' in value) mask = maskOf(value);
    else said = { ...said, ...statementOf(role, value) };
  }
  const found = siblings.map(({ role, name, valueRange }) => ({ role, name, valueRange }));
  return {
    statement: { ...said, parameters },
    found,
    ...(shape === undefined ? {} : { shape }),
    ...(mask && { mask }),
  };
}

function maskOf({
  values,
  shape,
}: SiblingValue & { readonly values: Float64Array; readonly shape: Shape }): Tensor {
  return { shape, dtype: 'bool', data: toWeights(values) };
}

function statementOf(role: RunFileRole, value: SiblingValue): Partial<Statement> {
  switch (value.kind) {
    case 'number':
      if (role === 'epsilon') return { epsilon: value.value };
      if (role === 'momentum') return { momentum: value.value };
      if (role === 'channelAxis') return { channelAxis: value.value };
      return role === 'batchesTracked' ? { batchesTracked: value.value } : {};
    case 'nothing':
      return { momentum: null };
    case 'boolean':
      if (role === 'training') return { training: value.value };
      return role === 'trainable' ? { trainable: value.value } : {};
    case 'word': {
      if (role === 'convention') return { convention: value.word };
      const channelAxis = axisOfDataFormat(value.word);
      return channelAxis === undefined ? {} : { channelAxis };
    }
    case 'values':
    case 'booleans':
      return {};
  }
}
