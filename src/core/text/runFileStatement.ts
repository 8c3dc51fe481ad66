import type { ParameterName } from '../batchnorm/layer';
import { parameterLabels, runningNames, type Statement } from '../batchnorm/statement';
import type { Problem } from '../problem';
import type { JsonMember } from './jsonDocument';
import { addValueProblems, describe, scalar } from './jsonValues';
import type { RunFileRole } from './runFile';
import { axisOfDataFormat, isRunningName, plainName } from './runFileNames';
import { readRenorm } from './runFileRenorm';
import type { Roles } from './runFileRoles';

/**
 * What a run file's members say about the layer. Values that are not what their key asks for are
 * problems; whether the numbers fit the input and the convention is checked elsewhere.
 */
export function readStatement(roles: Roles, problems: Problem[]): Statement {
  const reader = new StatementReader(roles, problems);
  return reader.read();
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

class StatementReader {
  private readonly members: Roles['members'];

  constructor(
    private readonly roles: Roles,
    private readonly problems: Problem[],
  ) {
    this.members = roles.members;
  }

  read(): Statement {
    const { members } = this;
    const statement: Writable<Statement> = { parameters: this.parameters() };
    const said = <K extends keyof Statement>(key: K, value: Statement[K] | undefined): void => {
      if (value !== undefined) statement[key] = value;
    };
    said('convention', this.convention());
    if ([members.movingMean, members.movingVariance].some(m => m && isRunningName(m.key))) {
      statement.implied = runningNames;
    }
    said('epsilon', this.number('epsilon', 'such as 0.001'));
    said('momentum', this.momentum());
    said('channelAxis', this.axis());
    said('training', this.flag('training'));
    said('trainable', this.flag('trainable'));
    said('batchesTracked', this.count('batchesTracked', 0));
    said('virtualBatchSize', this.count('virtualBatchSize', 1));
    said('renorm', readRenorm(this.roles, this.flag('renorm') === true, this.problems));
    return statement;
  }

  private refuse(member: JsonMember, wanted: string): void {
    if (member.value.kind === 'unreadable') return;
    this.problems.push({
      code: 'value-unexpected',
      severity: 'error',
      message: `"${member.key}" is ${describe(member.value)}: give ${wanted}.`,
      range: member.valueRange,
    });
  }

  private number(role: RunFileRole, example: string): number | undefined {
    const member = this.members[role];
    if (!member) return undefined;
    const value = scalar(member.value);
    if (value === undefined) this.refuse(member, `a number, ${example}`);
    return value;
  }

  private momentum(): number | null | undefined {
    const member = this.members.momentum;
    if (member?.value.kind === 'null') return null;
    return this.number('momentum', 'or null for a cumulative average where the framework has one');
  }

  private flag(role: RunFileRole): boolean | undefined {
    const member = this.members[role];
    if (!member) return undefined;
    if (member.value.kind === 'boolean') return member.value.value;
    // ONNX writes training_mode as an integer.
    const value = scalar(member.value);
    if (value === 0 || value === 1) return value === 1;
    this.refuse(member, 'true or false');
    return undefined;
  }

  private convention(): string | undefined {
    const member = this.members.convention;
    if (!member) return undefined;
    if (member.value.kind === 'string') return member.value.value.toLowerCase();
    this.refuse(member, 'the id of a convention in quotes, such as "tf1" or "pytorch"');
    return undefined;
  }

  private axis(): number | undefined {
    const member = this.members.channelAxis;
    if (!member) return undefined;
    const isFormat = plainName(member.key) === 'dataformat';
    if (isFormat) {
      const format = member.value.kind === 'string' ? member.value.value : '';
      const axis = axisOfDataFormat(format);
      const formats = '"NHWC", "NCHW", "channels_last" or "channels_first"';
      if (axis === undefined) this.refuse(member, formats);
      return axis;
    }
    const value = scalar(member.value);
    if (value !== undefined && Number.isInteger(value)) return value;
    this.refuse(member, 'the index of one axis, such as 1, or -1 for the last');
    return undefined;
  }

  private count(role: 'batchesTracked' | 'virtualBatchSize', least: number): number | undefined {
    const member = this.members[role];
    if (!member || member.value.kind === 'null') return undefined;
    const value = scalar(member.value);
    if (value !== undefined && Number.isSafeInteger(value) && value >= least) return value;
    this.refuse(member, `a whole number of at least ${least}`);
    return undefined;
  }

  private parameters(): Statement['parameters'] {
    const parameters: Partial<Record<ParameterName, Float64Array>> = {};
    for (const name of ['gamma', 'beta', 'movingMean', 'movingVariance'] as const) {
      const values = this.vector(name);
      if (values) parameters[name] = values;
    }
    if (this.switchedOff('center', 'beta')) parameters.beta = new Float64Array(1);
    if (this.switchedOff('scale', 'gamma')) parameters.gamma = new Float64Array(1).fill(1);
    return parameters;
  }

  /** `center: false` is a layer without beta, `scale: false` one without gamma. */
  private switchedOff(role: 'center' | 'scale', parameter: 'beta' | 'gamma'): boolean {
    if (this.flag(role) !== false) return false;
    const stated = this.members[parameter];
    const key = this.members[role]?.key ?? role;
    if (stated) {
      this.problems.push({
        code: 'parameter-switched-off',
        severity: 'warning',
        message: `"${key}" is false, so "${stated.key}" is not used: remove one of the two.`,
        range: stated.keyRange,
      });
    }
    return true;
  }

  /** One value a channel, or one for all of them; dimensions of size 1 around them are dropped. */
  private vector(name: ParameterName): Float64Array | undefined {
    const member = this.members[name];
    if (!member) return undefined;
    const value = scalar(member.value);
    if (value !== undefined) return Float64Array.of(Math.fround(value));
    if (member.value.kind !== 'numbers') {
      this.refuse(member, 'a number for each channel, or one for all of them');
      return undefined;
    }
    const { array } = member.value;
    if (!addValueProblems(array, this.problems)) return undefined;
    if (array.shape.filter(size => size !== 1).length <= 1) return Float64Array.from(array.data);
    this.problems.push({
      code: 'parameter-rank',
      severity: 'error',
      message: `"${member.key}" has shape [${array.shape.join(',')}]: the ${parameterLabels[name]} is a flat array with a value for each channel.`,
      range: member.valueRange,
    });
    return undefined;
  }
}
