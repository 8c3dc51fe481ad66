import type { ParameterName } from '../../batchnorm/layer';
import type { Statement } from '../../batchnorm/statement';
import type { CodeFile } from '../codeFile';
import type { Evaluation } from '../evaluation';
import { evaluateSpan } from '../values';
import { spanText, type MatchedArgument } from './argumentList';
import { noChannelCount, readers } from './argumentReaders';
import type { ReadArgument } from './batchNormCall';
import type { CallFamily } from './callFamily';
import { noInput, readInput, type CallInput } from './callInput';
import {
  readInitializer,
  readInitializers,
  readValues,
  type ParameterValues,
} from './initializers';
import type { LaterSetting } from './laterSettings';
import type { LayerState } from './layerState';
import type { ArgumentRole, Roles } from './roles';

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

/** Gathers what the arguments of a call say, and what is done to its layer. */
export class Said {
  readonly arguments: ReadArgument[] = [];
  input: CallInput = noInput;
  fused: boolean | undefined;
  name = '';
  decidesTraining = false;
  #statedChannels: number | undefined;
  /** By what said it. */
  readonly #stated = new Map<ArgumentRole, Omit<Statement, 'parameters'>>();
  readonly #parameters = new Map<ParameterName, Float64Array>();
  readonly #absent = new Set<ParameterName>();

  constructor(
    private readonly file: CodeFile,
    private readonly family: CallFamily,
  ) {}

  statement(): Statement {
    const stated = [...this.#stated.values()].reduce((all, one) => ({ ...all, ...one }), {});
    // Statistics that a layer was made without, no flag brings back.
    const none = this.#stated.get('tracking');
    // What a layer does not have, no initializer fills.
    const kept = [...this.#parameters].filter(([name]) => !this.#absent.has(name));
    return { ...stated, ...none, parameters: Object.fromEntries(kept) };
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

  addState({ parameters, training, settings }: LayerState, path: string): void {
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
      this.#stated.set('training', { training });
    }
    for (const setting of settings) this.addSetting(setting);
  }

  /** What is set later counts in place of what was said. */
  private addSetting({ role, name, value, open }: LaterSetting): void {
    this.replace(role);
    const problem = open ?? this.take(role, evaluateSpan(this.file, value));
    this.note({ role, name, value }, problem);
  }

  private replace(role: ArgumentRole): void {
    const kept = this.arguments.filter(argument => argument.role !== role);
    this.arguments.splice(0, this.arguments.length, ...kept);
    this.#stated.delete(role);
  }

  /** Calls of one layer that say different things of training. */
  addDisagreement({ role, name, value }: MatchedArgument, text: string): void {
    this.replace(role);
    this.decidesTraining = true;
    this.note({ role, name, value }, 'the calls of the layer differ', text);
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
      this.#stated.set('tracking', { tracking: 'none' });
    }
    this.note(argument, values.kind === 'values' || isNone ? undefined : values.reason);
  }

  private note(
    { role, name, value }: MatchedArgument,
    problem: string | undefined,
    text = spanText(this.file, value),
  ): void {
    const { tokens } = this.file;
    this.arguments.push({
      role,
      name,
      text,
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
    const { channels, fused, name, without = [], ...statement } = said;
    for (const parameter of without) this.#absent.add(parameter);
    if (channels !== undefined) this.#statedChannels = channels;
    if (fused !== undefined) this.fused = fused;
    if (name !== undefined) this.name = name;
    this.#stated.set(role, statement);
    return undefined;
  }
}
