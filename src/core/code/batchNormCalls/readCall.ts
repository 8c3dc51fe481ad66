import { findConvention } from '../../batchnorm/conventions/registry';
import type { Convention } from '../../batchnorm/convention';
import type { ParameterName } from '../../batchnorm/layer';
import { axisOfDataFormat } from '../../text/runFileNames';
import type { Statement } from '../../batchnorm/statement';
import { pastDeclaration } from '../bindings';
import type { Call } from '../calls';
import type { CodeFile } from '../codeFile';
import type { Evaluation } from '../evaluation';
import { evaluateSpan } from '../values';
import { hiddenArguments, matchArguments, spanText, type MatchedArgument } from './argumentList';
import type { BatchNormCall, ReadArgument } from './batchNormCall';
import type { CallFamily } from './callFamily';
import { noInput, readInput, type CallInput } from './callInput';
import {
  readInitializer,
  readInitializers,
  readValues,
  type ParameterValues,
} from './initializers';
import {
  assignedPath,
  callsWithin,
  layerLife,
  readLayerState,
  type LayerLife,
  type LayerState,
} from './layerState';
import type { ArgumentRole, Roles } from './roles';

/** What the reader of a call is given. */
export interface CallReading {
  readonly file: CodeFile;
  readonly call: Call;
  readonly family: CallFamily;
  readonly canonicalName: string;
  /** Sentences about the name. */
  readonly assumed: readonly string[];
  readonly fallback: Convention;
}

/** Reads what a call, and what the file does with its layer, says about batch norm. */
export function readBatchNormCall(reading: CallReading): BatchNormCall {
  const { file, call, family, canonicalName, fallback } = reading;
  const { tokens } = file;
  const path = layerPath(file, call, family);
  const life = layerLife(file, family, path, call.close);
  const application = applicationOf(life, call);
  const matched = [
    ...matchArguments(call, family.signature, family.roles),
    ...(application && family.application
      ? matchArguments(application, family.application.signature, family.application.roles)
      : []),
  ];
  const said = new Said(file, family);
  for (const argument of matched) said.add(argument);
  const { signature, application: applied } = family;
  const hidden = hiddenArguments(file, call, signature);
  const own = ownRoles(family);
  if (hidden) said.open(own, hidden, `${spanText(file, hidden)} may give it`);
  const hiddenLater =
    application && applied && hiddenArguments(file, application, applied.signature);
  if (hiddenLater)
    said.open(applied.roles, hiddenLater, `${spanText(file, hiddenLater)} may give it`);
  if (family.scopedDefaults?.test(file.text) === true) {
    said.open(own, call.callee, 'an arg_scope of this file may give it');
  }
  const state = readLayerState(life);
  said.addState(state, path);
  const chosen = family.convention({ file, name: canonicalName, fallback });
  const id = said.fused === false ? (family.unfused ?? chosen.id) : chosen.id;
  const convention = findConvention(id);
  const input = said.input;
  const start = tokens.start(call.callee.first);
  return {
    family,
    call,
    name: call.path,
    canonicalName,
    range: { start, end: tokens.end(call.open - 1) },
    wholeRange: { start, end: tokens.end(Math.min(call.close, tokens.count - 1)) },
    convention: convention.ok ? convention.value : fallback,
    statement: { ...family.defaults, ...said.statement(), convention: id },
    arguments: said.arguments,
    application,
    layerName: path === '' ? said.name : path,
    channels: said.channels(),
    input,
    decidesTraining: family.makes === 'output' || said.decidesTraining,
    assumed: [...reading.assumed, ...(chosen.assumed === undefined ? [] : [chosen.assumed])],
  };
}

/** Roles of the parameters that a call has: siblings share theirs, and not all of them decide about training. */
function ownRoles({ signature, roles }: CallFamily): Roles {
  const parameters = new Set(signature.split(' '));
  const isOwn = ([name, role]: readonly [string, ArgumentRole]): boolean =>
    (role !== 'training' && role !== 'evaluation') || parameters.has(name);
  return Object.fromEntries(Object.entries(roles).filter(isOwn));
}

/** Methods of a layer that give the layer itself. */
const chained = /^(?:to|cuda|cpu|float|double|half|eval|train|requires_grad_)$/;

/** The variable or attribute that a layer is assigned to. */
function layerPath(file: CodeFile, { callee, close }: Call, family: CallFamily): string {
  if (family.makes !== 'layer') return '';
  const { tokens, brackets, statements } = file;
  const statement = statements.all[statements.indexOf(callee.first)];
  if (!statement) return '';
  let end = close + 1;
  while (tokens.is(end, '.') && chained.test(tokens.textOf(end + 1)) && tokens.is(end + 2, '(')) {
    end = brackets.partner(end + 2) + 1;
    if (end === 0) return '';
  }
  if (end !== statement.end && !tokens.is(end, ',')) return '';
  return assignedPath(file, callee.first, pastDeclaration(tokens, statement.first, statement.end));
}

/** The call of the layer: at once, or of the variable that it is in. */
function applicationOf(life: LayerLife, call: Call): Call | undefined {
  const { file, family, path } = life;
  if (!family.application) return undefined;
  const { method } = family.application;
  const direct = file.callIndex.ofResult(call.close);
  if (direct?.path === (method === '' ? '' : `.${method}`)) return direct;
  if (path === '') return undefined;
  const called = method === '' ? path : `${path}.${method}`;
  return callsWithin(life, file.callIndex.on(called)).find(({ path: own }) => own === called);
}

const parameterRoles: ReadonlySet<ArgumentRole> = new Set<ParameterName>([
  'gamma',
  'beta',
  'movingMean',
  'movingVariance',
]);

/** What a sentence is made of. */
const openRoles: ReadonlySet<ArgumentRole> = new Set<ArgumentRole>([
  'momentum',
  'epsilon',
  'channelAxis',
  'dataFormat',
  'training',
  'evaluation',
]);

function isParameter(role: ArgumentRole): role is ParameterName {
  return parameterRoles.has(role);
}

/** Gathers what arguments say. */
class Said {
  readonly arguments: ReadArgument[] = [];
  input: CallInput = noInput;
  fused: boolean | undefined;
  name = '';
  decidesTraining = false;
  #statedChannels: number | undefined;
  #statement: Omit<Statement, 'parameters'> = {};
  readonly #parameters = new Map<ParameterName, Float64Array>();

  constructor(
    private readonly file: CodeFile,
    private readonly family: CallFamily,
  ) {}

  statement(): Statement {
    return { ...this.#statement, parameters: Object.fromEntries(this.#parameters) };
  }

  channels(): number | undefined {
    const lengths = [...this.#parameters.values()].map(({ length }) => length);
    return this.#statedChannels ?? lengths.find(length => length > 1);
  }

  add(argument: MatchedArgument): void {
    const { role, name, value } = argument;
    if (role === 'input') {
      this.input = readInput(this.file, value);
      return;
    }
    if (role === 'initializers') {
      for (const item of readInitializers(this.file, value)) this.addInitializer(item);
      return;
    }
    if (isParameter(role)) {
      const read = this.family.takesValues === true ? readValues : readInitializer;
      this.addParameter(argument, read(this.file, value));
      return;
    }
    const evaluated = evaluateSpan(this.file, value);
    // Keras and PyTorch take None for “as the mode is”; of Flax it is the same as nothing.
    if (evaluated.kind === 'nothing' && role !== 'momentum') return;
    this.decidesTraining ||= role === 'training' || role === 'evaluation';
    this.note({ role, name, value }, this.take(role, evaluated));
  }

  /** What nobody said so far, of what numbers and modes there are, is not known: others may say it. */
  open(roles: Roles, value: MatchedArgument['value'], reason: string): void {
    const said = new Set(this.arguments.map(({ role }) => role));
    for (const [name, role] of Object.entries(roles)) {
      if (!openRoles.has(role) || said.has(role)) continue;
      said.add(role);
      this.note({ role, name, value }, reason);
    }
  }

  addState({ parameters, training, trainable }: LayerState, path: string): void {
    const { attributes = {} } = this.family;
    for (const [attribute, role] of Object.entries(attributes)) {
      const values = parameters[role];
      if (!values) continue;
      if (values.kind === 'values') this.#parameters.set(role, values.values);
      else {
        this.#parameters.delete(role);
        const range = { start: 0, end: 0 };
        const text = `${path}.${attribute}`;
        this.arguments.push({ role, name: attribute, text, range, unknown: values.reason });
      }
    }
    if (training !== undefined) {
      this.decidesTraining = true;
      this.#statement = { ...this.#statement, training };
    }
    if (trainable !== undefined) this.#statement = { ...this.#statement, trainable };
  }

  private addInitializer({
    name,
    value,
  }: {
    readonly name: string;
    readonly value: MatchedArgument['value'];
  }): void {
    const roles: Readonly<Record<string, ParameterName>> = {
      gamma: 'gamma',
      beta: 'beta',
      moving_mean: 'movingMean',
      moving_variance: 'movingVariance',
    };
    const role = roles[name];
    if (role) this.addParameter({ role, name, value }, readInitializer(this.file, value));
  }

  private addParameter(argument: MatchedArgument, values: ParameterValues): void {
    const { role, value } = argument;
    if (values.kind === 'values' && isParameter(role)) this.#parameters.set(role, values.values);
    // No weight, no bias: PyTorch's function takes None for 1 and 0, and for no statistics.
    const isNone = evaluateSpan(this.file, value).kind === 'nothing';
    if (isNone && (role === 'movingMean' || role === 'movingVariance')) {
      this.#statement = { ...this.#statement, tracking: 'none' };
    }
    this.note(argument, values.kind === 'values' || isNone ? undefined : values.reason);
  }

  private note({ role, name, value }: MatchedArgument, problem: string | undefined): void {
    const { tokens } = this.file;
    this.arguments.push({
      role,
      name,
      text: spanText(this.file, value),
      range: { start: tokens.start(value.first), end: tokens.end(value.end - 1) },
      ...(problem !== undefined && { unknown: problem }),
    });
  }

  /** @returns why the value says nothing, where it does not */
  private take(role: ArgumentRole, value: Evaluation): string | undefined {
    if (value.kind === 'unknown') return value.reason;
    if (value.kind === 'name') return `${value.path} is not known here`;
    const said = readers[role]?.(value);
    if (said === undefined) {
      return role === 'channels' ? noChannelCount : 'it is of another kind than is expected';
    }
    const { channels, fused, name, ...statement } = said;
    if (channels !== undefined) this.#statedChannels = channels;
    if (fused !== undefined) this.fused = fused;
    if (name !== undefined) this.name = name;
    this.#statement = { ...this.#statement, ...statement };
    return undefined;
  }
}

/** Channels that a layer may be made with here: each has four numbers, which an inspection holds. */
const mostChannels = 1 << 20;

const noChannelCount = `a number of channels is an integer from 1 to ${mostChannels}`;

function isChannelCount(value: number): boolean {
  return Number.isInteger(value) && value >= 1 && value <= mostChannels;
}

type Reader = (value: Evaluation) =>
  | (Omit<Statement, 'parameters'> & {
      readonly channels?: number;
      readonly fused?: boolean;
      readonly name?: string;
    })
  | undefined;

function flag(value: Evaluation): boolean | undefined {
  if (value.kind === 'boolean') return value.value;
  return value.kind === 'number' && (value.value === 0 || value.value === 1)
    ? value.value === 1
    : undefined;
}

function flagReader(say: (on: boolean) => ReturnType<Reader>): Reader {
  return value => {
    const on = flag(value);
    return on === undefined ? undefined : say(on);
  };
}

function numberReader(say: (value: number) => ReturnType<Reader>): Reader {
  return value => (value.kind === 'number' ? say(value.value) : undefined);
}

const readers: Readonly<Partial<Record<ArgumentRole, Reader>>> = {
  channels: numberReader(channels => (isChannelCount(channels) ? { channels } : undefined)),
  channelAxis: value => {
    const axis = value.kind === 'list' && value.items.length === 1 ? value.items[0] : value;
    return axis?.kind === 'number' && Number.isInteger(axis.value)
      ? { channelAxis: axis.value }
      : undefined;
  },
  dataFormat: value => {
    // Haiku also writes the others as points: `N...C`, `NC...`.
    const format = value.kind === 'string' ? value.value.replace('...', 'HW') : '';
    const channelAxis = axisOfDataFormat(format);
    return channelAxis === undefined ? undefined : { channelAxis };
  },
  momentum: value => {
    if (value.kind === 'nothing') return { momentum: null };
    return value.kind === 'number' ? { momentum: value.value } : undefined;
  },
  epsilon: numberReader(epsilon => ({ epsilon })),
  training: flagReader(training => ({ training })),
  evaluation: flagReader(evaluation => ({ training: !evaluation })),
  trainable: flagReader(trainable => ({ trainable })),
  tracking: flagReader(tracks => (tracks ? {} : { tracking: 'none' })),
  // Without gamma and beta they are 1 and 0, as those of a fresh layer are.
  scale: flagReader(() => ({})),
  center: flagReader(() => ({})),
  affine: flagReader(() => ({})),
  fused: flagReader(fused => ({ fused })),
  virtualBatchSize: numberReader(virtualBatchSize => ({ virtualBatchSize })),
  renorm: flagReader(renorms => (renorms ? { renorm: { clipping: {}, state: {} } } : {})),
  name: value => (value.kind === 'string' ? { name: value.value } : undefined),
};
