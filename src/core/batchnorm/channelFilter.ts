import { nonFiniteOutputs, severityOf, type ChannelTable } from './channelTable';
import { findingIds } from './diagnose/findingIds';
import { severityRank } from './diagnose/severity';

/** A filter for one table; parse it again for another. */
export interface ChannelFilter {
  readonly test: (table: ChannelTable, channel: number) => boolean;
  /** What could not be understood, and what can be; empty where all was. */
  readonly problem: string;
}

type Test = ChannelFilter['test'];

/**
 * Reads a filter: terms between spaces must all hold, alternatives between commas one of them.
 *
 * - `3`, `10-20`, `1,5,7-9`: channels; several such terms are alternatives too
 * - `error`, `warning`, `note`, `healthy` (or `ok`): the channel's worst finding
 * - `never-updated` and every other finding's id
 * - `nan`, `inf`: anywhere in the channel's numbers or its output
 * - `drift>1`, `variance<0.01`, `gamma=0`, `mean=nan`: a number compared
 *
 * A part that means nothing is named in `problem` and otherwise ignored.
 */
export function parseFilter(text: string, channels: number): ChannelFilter {
  const problems: string[] = [];
  const numbers: Test[] = [];
  const others: Test[] = [];
  for (const term of termsOf(text)) {
    const parsed = term.map(part => parsePart(part, channels, problems));
    const tests = parsed.flatMap(part => part?.test ?? []);
    if (tests.length === 0) continue;
    if (parsed.every(part => part === undefined || part.isChannel)) numbers.push(...tests);
    else others.push(anyOf(tests));
  }
  const terms = numbers.length > 0 ? [anyOf(numbers), ...others] : others;
  return {
    test: (table, c) => terms.every(test => test(table, c)),
    problem: problems.join(' '),
  };
}

/** Terms, each a list of alternatives; spaces around commas and operators do not count. */
function termsOf(text: string): string[][] {
  const dense = text
    .trim()
    .toLowerCase()
    .replace(/[−–]/g, '-')
    .replace(/\s*(,|<=|>=|!=|==|<|>|=)\s*/g, '$1')
    .replace(/(?<=\d)\s*-\s*(?=\d)/g, '-');
  if (dense === '') return [];
  return dense.split(/\s+/).map(term => term.split(',').filter(part => part !== ''));
}

function anyOf(tests: readonly Test[]): Test {
  return (table, c) => tests.some(test => test(table, c));
}

interface Part {
  readonly test: Test;
  readonly isChannel: boolean;
}

function parsePart(part: string, channels: number, problems: string[]): Part | undefined {
  const range = /^(\d+)(?:-(\d+))?$/.exec(part);
  if (range) {
    const ends = [Number(range[1]), Number(range[2] ?? range[1])];
    const low = Math.min(...ends);
    const high = Math.max(...ends);
    if (low >= channels) {
      problems.push(`There is no channel ${low}: the layer has channels 0 to ${channels - 1}.`);
    }
    return { test: (_, c) => c >= low && c <= high, isChannel: true };
  }
  const test = words.get(part) ?? findingTest(part) ?? comparison(part);
  if (test) return { test, isChannel: false };
  problems.push(
    `“${part}” is not understood: use a channel (3, 10-20), a word (error, warning, note, healthy, nan, inf), a finding (never-updated) or a comparison (drift>1).`,
  );
  return undefined;
}

const words = new Map<string, Test>(
  Object.entries({
    error: (table, c) => severityOf(table, c) === severityRank.error,
    warning: (table, c) => severityOf(table, c) === severityRank.warning,
    note: (table, c) => severityOf(table, c) === severityRank.note,
    healthy: (table, c) => severityOf(table, c) === 0,
    // As the health column writes it.
    ok: (table, c) => severityOf(table, c) === 0,
    nan: (table, c) =>
      (table.trace.output.nan[c] as number) > 0 || numbersOf(table, c).some(x => Number.isNaN(x)),
    inf: (table, c) =>
      nonFiniteOutputs(table, c) > (table.trace.output.nan[c] as number) ||
      numbersOf(table, c).some(x => Math.abs(x) === Infinity),
  } satisfies Record<string, Test>),
);

/** The numbers that describe a channel, its parameters and statistics before and after. */
function numbersOf({ parameters, trace }: ChannelTable, c: number): number[] {
  const columns = [
    parameters.gamma,
    parameters.beta,
    trace.batch.mean,
    trace.batch.variance,
    trace.movingMeanBefore,
    trace.movingMeanAfter,
    trace.movingVarianceBefore,
    trace.movingVarianceAfter,
  ];
  return columns.map(values => values[c] as number);
}

function findingTest(id: string): Test | undefined {
  if (!findingIds.some(known => known === id)) return undefined;
  let concerned: ReadonlySet<number> | 'all' | undefined;
  return (table, c) => {
    concerned ??= channelsConcerned(table, id);
    return concerned === 'all' || concerned.has(c);
  };
}

/** A finding without channels concerns them all. */
function channelsConcerned(table: ChannelTable, id: string): ReadonlySet<number> | 'all' {
  const found = table.findings.filter(finding => finding.id === id);
  if (found.some(({ channels }) => channels.length === 0)) return 'all';
  return new Set(found.flatMap(({ channels }) => channels));
}

type Value = (table: ChannelTable, channel: number) => number;

const gamma: Value = (table, c) => table.parameters.gamma[c] as number;
const beta: Value = (table, c) => table.parameters.beta[c] as number;
const movingMean: Value = (table, c) => table.trace.movingMeanBefore[c] as number;
const movingVariance: Value = (table, c) => table.trace.movingVarianceBefore[c] as number;

/** Names of the numbers that can be compared, without case, `_`, `-` and `.`. */
const values = new Map<string, Value>(
  Object.entries({
    channel: (_, c) => c,
    n: (table, c) => table.trace.batch.n[c] as number,
    gamma,
    weight: gamma,
    beta,
    bias: beta,
    mean: movingMean,
    movingmean: movingMean,
    runningmean: movingMean,
    variance: movingVariance,
    movingvariance: movingVariance,
    movingvar: movingVariance,
    runningvar: movingVariance,
    batchmean: (table, c) => table.trace.batch.mean[c] as number,
    batchvariance: (table, c) => table.trace.batch.variance[c] as number,
    drift: (table, c) => table.drift[c] as number,
    ratio: (table, c) => table.varianceRatio[c] as number,
    outputmin: (table, c) => table.trace.output.min[c] as number,
    outputmax: (table, c) => table.trace.output.max[c] as number,
    outputmean: (table, c) => table.trace.output.mean[c] as number,
    outputstd: (table, c) => table.trace.output.std[c] as number,
  } satisfies Record<string, Value>),
);

const operators = new Map<string, (a: number, b: number) => boolean>([
  ['<', (a, b) => a < b],
  ['<=', (a, b) => a < b || same(a, b)],
  ['>', (a, b) => a > b],
  ['>=', (a, b) => a > b || same(a, b)],
  ['=', same],
  ['==', same],
  ['!=', (a, b) => !same(a, b)],
]);

/** Equal as float32, which is how parameters are kept: 0.1 typed finds 0.1 stored. NaN is NaN. */
function same(a: number, b: number): boolean {
  return a === b || Math.fround(a) === Math.fround(b) || (Number.isNaN(a) && Number.isNaN(b));
}

function comparison(part: string): Test | undefined {
  const match = /^([a-z_.-]+)(<=|>=|!=|==|<|>|=)([^<>=!]+)$/.exec(part);
  if (!match) return undefined;
  const [, name = '', operator = '', operand = ''] = match;
  const value = values.get(name.replace(/[_.-]/g, ''));
  const compare = operators.get(operator);
  const limit = parseNumber(operand);
  if (!value || !compare || limit === undefined) return undefined;
  return (table, c) => compare(value(table, c), limit);
}

function parseNumber(text: string): number | undefined {
  if (text === 'nan') return NaN;
  const unsigned = text.replace(/^[+-]/, '');
  if (unsigned === 'inf' || unsigned === 'infinity') {
    return text.startsWith('-') ? -Infinity : Infinity;
  }
  return /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/.test(unsigned) ? Number(text) : undefined;
}
