import type { Statement } from '../core/batchnorm/statement';
import { fail, ok, type Result } from '../core/problem';
import type { CommandArguments } from './command';

/** What the options of `run` say, in place of what the file says. */
export interface Overrides {
  readonly statement: Partial<Statement>;
  readonly steps: number;
}

/** Steps that finish while somebody waits: a thousand channels take a few seconds. */
const mostSteps = 100_000;

/** @returns a problem that names the option, what it was given and what would be right */
export function readOverrides(given: CommandArguments): Result<Overrides> {
  const { values } = given;
  const training = readFlag(given, 'training');
  const trainable = readFlag(given, 'trainable');
  const axis = readNumber(
    'axis',
    values.axis,
    whole,
    Number.isInteger,
    'a whole number, such as -1 or 1',
  );
  const epsilon = readNumber(
    'epsilon',
    values.epsilon,
    decimal,
    anyNumber,
    'a number, such as 0.001',
  );
  const isNone = values.momentum?.toLowerCase() === 'none';
  const momentum = isNone
    ? ok(null)
    : readNumber(
        'momentum',
        values.momentum,
        decimal,
        anyNumber,
        'a number, such as 0.99, or none',
      );
  const steps = readNumber(
    'steps',
    values.steps,
    whole,
    isStepCount,
    `a whole number from 1 to ${mostSteps}`,
  );
  if (!training.ok) return training;
  if (!trainable.ok) return trainable;
  if (!axis.ok) return axis;
  if (!epsilon.ok) return epsilon;
  if (!momentum.ok) return momentum;
  if (!steps.ok) return steps;
  const statement: Partial<Statement> = {
    ...(training.value !== undefined && { training: training.value }),
    ...(trainable.value !== undefined && { trainable: trainable.value }),
    ...(axis.value !== undefined && { channelAxis: axis.value }),
    ...(epsilon.value !== undefined && { epsilon: epsilon.value }),
    ...(momentum.value !== undefined && { momentum: momentum.value }),
    ...(values.convention !== undefined && { convention: values.convention.toLowerCase() }),
  };
  return ok({ statement, steps: steps.value ?? 1 });
}

function readFlag({ switches }: CommandArguments, name: string): Result<boolean | undefined> {
  const on = switches.has(name);
  const off = switches.has(`no-${name}`);
  if (on && off) {
    return fail('usage', `--${name} and --no-${name} are both given: keep one of them.`);
  }
  return ok(on ? true : off ? false : undefined);
}

function readNumber(
  option: string,
  text: string | undefined,
  spelling: RegExp,
  isRight: (x: number) => boolean,
  wanted: string,
): Result<number | undefined> {
  if (text === undefined) return ok(undefined);
  const value = Number(text);
  if (spelling.test(text) && isRight(value)) return ok(value);
  return fail('usage', `--${option} is "${text}": give ${wanted}.`);
}

/** As people and JSON write numbers; `0x10` is more likely a slip. */
const decimal = /^(?:NaN|[+-]?(?:Infinity|(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?))$/i;
const whole = /^[+-]?\d+$/;

/** Ranges are the layer's to check, which knows what the convention allows. */
function anyNumber(): boolean {
  return true;
}

function isStepCount(x: number): boolean {
  return x >= 1 && x <= mostSteps;
}
