import { formatFloat32, formatSignificant } from '../text/format';
import { rounder } from '../tensor/tensor';
import type { Because } from './convention';
import type { Flags } from './flags';
import type { BatchNormLayer } from './layer';
import {
  channelInput,
  normalized,
  planChannel,
  stepRules,
  type ChannelInput,
  type ChannelPlan,
  type StepRules,
} from './plan';
import type { NormalizedWith, Trace } from './trace';

/** What happens under the current flags and why, in one sentence and its parts. */
export interface Verdict {
  readonly normalizedWith: NormalizedWith;
  readonly updated: boolean;
  /** The whole sentence. */
  readonly text: string;
}

/** The formula of one element with its own numbers put in. */
export interface WorkedFormula {
  readonly channel: number;
  /** One line each: output, then the moving mean and variance after the step. */
  readonly lines: readonly FormulaLine[];
}

export interface FormulaLine {
  /** `y` */
  readonly name: string;
  /** `gamma · (x − batch mean) / √(batch variance + epsilon) + beta` */
  readonly symbols: string;
  /** `2 · (4 − 3.25) / √(6.6875 + 0.001) + 1` */
  readonly numbers: string;
  /** `1.5799985` */
  readonly result: string;
}

/**
 * Says in one sentence what normalises, what becomes of the moving statistics, and why.
 * @param rank rank of the input
 */
export function verdict(layer: BatchNormLayer, rank: number, flags: Flags): Verdict {
  const rules = stepRules(layer, rank, flags);
  const { normalizedWith, updated } = rules;
  const because = reasons(layer, rules, flags);
  const subject =
    normalizedWith === 'batch'
      ? "The batch's own mean and variance normalise"
      : 'The moving mean and variance normalise';
  const update = updateWords(rules);
  const text =
    because.normalization === because.update
      ? `${subject} and ${update.joined}, because ${because.update}`
      : `${subject}, because ${because.normalization}; ${update.apart}, because ${because.update}`;
  const parameters = because.parameters === undefined ? '' : `; ${because.parameters}`;
  return { normalizedWith, updated, text: `${text}${parameters}.` };
}

/**
 * What normalises and what becomes of the moving statistics, as a clause without its reasons: `the batch's own mean and
 * variance normalise and the moving statistics take the batch in`.
 */
export function outcome(layer: BatchNormLayer, rank: number, flags: Flags): string {
  const rules = stepRules(layer, rank, flags);
  return `${subjects[rules.normalizedWith]} ${updateWords(rules).joined}`;
}

const subjects: Readonly<Record<NormalizedWith, string>> = {
  batch: "the batch's own mean and variance normalise and",
  moving: 'the moving mean and variance normalise and',
};

/** Why the moving statistics take the batch in, or stay: completes "because …". */
export function updateReason(layer: BatchNormLayer, rank: number, flags: Flags): string {
  return reasons(layer, stepRules(layer, rank, flags), flags).update;
}

/** The convention's reasons, unless the layer itself decides first. */
function reasons(layer: BatchNormLayer, rules: StepRules, flags: Flags): Because {
  const because = layer.convention.because(flags);
  if (layer.tracking === 'none') {
    const why = 'this layer was made without moving statistics';
    return { ...because, normalization: why, update: why };
  }
  if (layer.tracking === 'frozen') {
    return { ...because, update: 'this layer does not track them' };
  }
  if (weightless(rules)) {
    const momentum = rules.momentum ?? 0;
    return { ...because, update: `a momentum of ${momentum} gives the batch no weight` };
  }
  return because;
}

/** Updated in name only: the batch enters the moving statistics with weight 0. */
function weightless(rules: StepRules): boolean {
  const { momentum, batchesTracked: batchesBefore, path } = rules;
  return rules.updated && path.momentum.batchWeight({ momentum, batchesBefore }) === 0;
}

/** The predicate about the moving statistics, after "and" and as a clause of its own. */
function updateWords(rules: StepRules): { readonly joined: string; readonly apart: string } {
  if (rules.normalizedWith === 'moving') {
    return rules.updated && !weightless(rules)
      ? { joined: 'take the batch in', apart: 'they take the batch in' }
      : { joined: 'stay as they are', apart: 'they stay as they are' };
  }
  const apart =
    rules.updated && !weightless(rules)
      ? 'the moving statistics take the batch in'
      : 'the moving statistics stay';
  return { joined: apart, apart };
}

/**
 * Puts one channel's numbers into the convention's own formulas. Where the trace spans several steps,
 * the lines are those of the last one.
 * @param layer as it was before the trace's first step
 * @param at the channel and the input value whose output is worked out
 */
export function workedFormula(
  layer: BatchNormLayer,
  trace: Trace,
  rank: number,
  flags: Flags,
  at: { readonly channel: number; readonly x: number },
): WorkedFormula {
  const rules = stepRules(layer, rank, flags);
  const last = lastStep(rules, channelInput(layer, trace.batch, at.channel), trace.steps);
  const plan = planChannel(last.rules, last.channel);
  return {
    channel: at.channel,
    lines: [
      outputLine(last.rules, last.channel, plan, at.x),
      ...movingLines(last.rules, last.channel, plan),
    ],
  };
}

interface LastStep {
  readonly rules: StepRules;
  readonly channel: ChannelInput;
}

/** The rules and numbers that the last of `steps` steps over the same batch starts from. */
function lastStep(rules: StepRules, channel: ChannelInput, steps: number): LastStep {
  let last: LastStep = { rules, channel };
  for (let step = 1; step < steps; step++) {
    const plan = planChannel(last.rules, last.channel);
    last = {
      rules: { ...rules, batchesTracked: last.rules.batchesTracked + (rules.updated ? 1 : 0) },
      channel: {
        ...channel,
        movingMean: plan.movingMeanAfter,
        movingVariance: plan.movingVarianceAfter,
      },
    };
  }
  return last;
}

function outputLine(
  rules: StepRules,
  channel: ChannelInput,
  plan: ChannelPlan,
  x: number,
): FormulaLine {
  const { normalizedWith: by } = rules;
  const y = rounder(rules.precision)(normalized(plan, x));
  const result = formatFloat32(y);
  if (plan.variance + rules.epsilon === 0 && plan.scale === 0) {
    return {
      name: 'y',
      symbols: `beta (${by} variance + epsilon is 0, and 1/√0 is taken as 0)`,
      numbers: number(channel.beta),
      result,
    };
  }
  const { correction } = plan;
  const numbers = [channel.gamma, x, plan.mean, plan.variance, rules.epsilon, channel.beta];
  const symbols = ['gamma', 'x', `${by} mean`, `${by} variance`, 'epsilon', 'beta'];
  return {
    name: 'y',
    symbols: correction ? writeCorrected(symbols, 'r', 'd') : writeOutput(symbols),
    numbers: correction
      ? writeCorrected(numbers.map(operand), operand(correction.r), operand(correction.d))
      : writeOutput(numbers.map(operand)),
    result,
  };
}

/** With the correction of a layer that renormalises. */
function writeCorrected(operands: readonly string[], r: string, d: string): string {
  const [gamma, x, mean, variance, epsilon, beta] = operands;
  return `${gamma} · ((${x} − ${mean}) / √(${variance} + ${epsilon}) · ${r} + ${d}) + ${beta}`;
}

function writeOutput([gamma, x, mean, variance, epsilon, beta]: readonly string[]): string {
  return `${gamma} · (${x} − ${mean}) / √(${variance} + ${epsilon}) + ${beta}`;
}

function movingLines(rules: StepRules, channel: ChannelInput, plan: ChannelPlan): FormulaLine[] {
  const n = number(channel.n);
  const { movingVariance: rule } = rules.path;
  const mean = { old: channel.movingMean, after: plan.movingMeanAfter };
  const variance = { old: channel.movingVariance, after: plan.movingVarianceAfter };
  const meanLine = movingLine(rules, 'moving mean', mean, 'batch mean', operand(channel.batchMean));
  const stddev = plan.renormAfter && rules.updated ? number(plan.renormAfter.movingStddev) : null;
  if (stddev !== null) {
    const numbers = `max(${stddev}² − ${number(rules.epsilon)}, 0)`;
    const symbols = 'max((moving deviation after the step)² − epsilon, 0)';
    return [
      meanLine,
      { name: 'moving variance', symbols, numbers, result: number(variance.after) },
    ];
  }
  return [
    meanLine,
    movingLine(
      rules,
      'moving variance',
      variance,
      rule.write('batch variance', 'n', 'epsilon'),
      rule.write(operand(channel.batchVariance), n, number(rules.epsilon)),
    ),
  ];
}

function movingLine(
  rules: StepRules,
  name: string,
  value: { readonly old: number; readonly after: number },
  batch: string,
  batchNumbers: string,
): FormulaLine {
  const result = number(value.after);
  if (!rules.updated) {
    return { name, symbols: `${name} (not updated)`, numbers: number(value.old), result };
  }
  const { write } = rules.path.momentum;
  const { momentum } = rules;
  const one = rules.batchesTracked + 1;
  return {
    name,
    symbols: write(name, batch, momentum === null ? '1/(batches so far + 1)' : 'momentum', 'k'),
    numbers: write(
      operand(value.old),
      batchNumbers,
      momentum === null ? `1/${one}` : number(momentum),
      String(one),
    ),
    result,
  };
}

/** As a float32 reads where it is one, else with seven significant digits. */
function number(x: number): string {
  const short = formatFloat32(x);
  return Number(short) === x || Math.fround(x) === x ? short : formatSignificant(x, 7);
}

/** A number inside a formula: a negative one in brackets. */
function operand(x: number): string {
  return x < 0 ? `(${number(x).replace('-', '−')})` : number(x);
}
