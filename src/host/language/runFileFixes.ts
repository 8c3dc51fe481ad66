import {
  conventions,
  defaultConvention,
  findConvention,
} from '../../core/batchnorm/conventions/registry';
import type { Convention } from '../../core/batchnorm/convention';
import type { Problem, TextRange } from '../../core/problem';
import type { JsonMember } from '../../core/text/jsonDocument';
import { readJsonDocument } from '../../core/text/readJsonDocument';
import type { RunFileRole } from '../../core/text/runFile';
import { isRunningName, plainName } from '../../core/text/runFileNames';
import { assignRoles, nearestName } from '../../core/text/runFileRoles';

export interface TextEdit {
  readonly range: TextRange;
  readonly text: string;
}

/** The one obvious way out of a problem. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** A problem as a diagnostic carries it: the code, the place, and the message for what it names. */
export type FixableProblem = Pick<Problem, 'code' | 'message'> & { readonly range: TextRange };

/**
 * Fixes for a problem of a run file, by its code; none where there is no single obvious one. Pure: text
 * in, edits out.
 * @param fallback the convention where the file names none
 */
export function fixesFor(
  problem: FixableProblem,
  text: string,
  fallback: Convention = defaultConvention,
): readonly Fix[] {
  const rule = rules[problem.code];
  if (!rule) return [];
  const fix = rule({ problem, text, file: readFile(text, fallback) });
  return fix ? [fix] : [];
}

/** A run file as far as fixes need it. */
export interface File {
  readonly members: Readonly<Partial<Record<RunFileRole, JsonMember>>>;
  readonly all: readonly JsonMember[];
  readonly convention: Convention;
  readonly shape: readonly number[];
}

interface Subject {
  readonly problem: FixableProblem;
  readonly text: string;
  readonly file: File;
}

export function readFile(text: string, fallback: Convention): File {
  const document = readJsonDocument(text);
  const all = document.members.filter(({ parent }) => parent === '');
  const { members } = assignRoles(all);
  const input =
    members.input ??
    all.find(({ value }) => value.kind === 'numbers' && value.array.shape.length > 1);
  const shape = input?.value.kind === 'numbers' ? input.value.array.shape : [];
  return { members, all, shape, convention: conventionOf(members, fallback) };
}

function conventionOf(members: File['members'], fallback: Convention): Convention {
  const { convention, movingMean, movingVariance } = members;
  const id = convention?.value.kind === 'string' ? convention.value.value : undefined;
  const running = [movingMean, movingVariance].some(member => member && isRunningName(member.key));
  const found = findConvention(id ?? (running ? 'pytorch' : fallback.id));
  return found.ok ? found.value : fallback;
}

type Rule = (subject: Subject) => Fix | undefined;

const rules: Readonly<Partial<Record<string, Rule>>> = {
  'length-mismatch': fixAxis,
  'axis-out-of-range': fixAxis,
  'unknown-convention': fixConvention,
  'epsilon-invalid': fixEpsilon,
  'momentum-invalid': fixMomentum,
  'single-value': fixSingleValue,
  'key-unknown': renameKey,
  'key-unquoted': quoteKey,
  'single-quotes': doubleQuotes,
  'trailing-comma': removeComma,
  'comma-missing': insertComma,
};

/** The one axis that has as many channels as every stated parameter has values. */
function fixAxis({ text, file }: Subject): Fix | undefined {
  const { members, shape } = file;
  const lengths = [members.gamma, members.beta, members.movingMean, members.movingVariance].flatMap(
    member => (member?.value.kind === 'numbers' ? [member.value.array.data.length] : []),
  );
  const wanted = new Set(lengths.filter(length => length !== 1));
  const [length] = wanted;
  if (wanted.size !== 1) return undefined;
  const fitting = shape.flatMap((size, axis) => (size === length ? [axis] : []));
  const [axis] = fitting;
  if (axis === undefined || fitting.length !== 1) return undefined;
  return { title: `Set the channel axis to ${axis}`, edits: [setAxis(text, file, axis)] };
}

export function setAxis(text: string, file: File, axis: number): TextEdit {
  const member = file.members.channelAxis;
  if (!member) return insertMember(text, file, 'axis', String(axis));
  // A data_format cannot name every axis: its key goes with it.
  if (plainName(member.key) === 'dataformat') {
    const range = { start: member.keyRange.start, end: member.valueRange.end };
    return { range, text: `"axis": ${axis}` };
  }
  return { range: member.valueRange, text: String(axis) };
}

function fixConvention({ problem, text }: Subject): Fix | undefined {
  const written = text.slice(problem.range.start, problem.range.end).replace(/^"|"$/g, '');
  const { id, name } = nearestConvention(written);
  const edits = [{ range: problem.range, text: JSON.stringify(id) }];
  return { title: `Use "${id}" (${name})`, edits };
}

/** By how many pairs of neighbouring letters its id, name or call shares with what is written. */
export function nearestConvention(written: string): Convention {
  const pairs = letterPairs(written);
  const likeness = (convention: Convention): number => {
    const names = [convention.id, convention.name, convention.api, ...convention.api.split('.')];
    return Math.max(...names.map(name => overlap(pairs, letterPairs(name))));
  };
  return conventions.reduce((best, convention) =>
    likeness(convention) > likeness(best) ? convention : best,
  );
}

function letterPairs(word: string): readonly string[] {
  const letters = word.toLowerCase().replace(/[^a-z0-9]/g, '');
  return Array.from({ length: Math.max(letters.length - 1, 0) }, (_, i) => letters.slice(i, i + 2));
}

/** Dice's coefficient: 1 for the same pairs, 0 for none in common. */
function overlap(a: readonly string[], b: readonly string[]): number {
  const rest = [...b];
  const common = a.filter(pair => {
    const at = rest.indexOf(pair);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  });
  return (2 * common.length) / Math.max(a.length + b.length, 1);
}

function fixEpsilon({ problem, file }: Subject): Fix | undefined {
  const { members, convention } = file;
  const value = members.epsilon?.value;
  const stated = value?.kind === 'number' && Number.isFinite(value.value) ? value.value : undefined;
  const epsilon = stated !== undefined && stated < 0 ? -stated : convention.defaults.epsilon;
  const title = stated === undefined ? `Use ${convention.name}'s default` : 'Make epsilon positive';
  return {
    title: `${title}: ${epsilon}`,
    edits: [{ range: problem.range, text: String(epsilon) }],
  };
}

function fixMomentum({ problem, file }: Subject): Fix | undefined {
  const { momentum } = file.convention.defaults;
  const text = momentum === null ? 'null' : String(momentum);
  return {
    title: `Use ${file.convention.name}'s default: ${text}`,
    edits: [{ range: problem.range, text }],
  };
}

function fixSingleValue({ text, file }: Subject): Fix | undefined {
  const member = file.members.training;
  const edit = member
    ? { range: member.valueRange, text: 'false' }
    : insertMember(text, file, 'training', 'false');
  return { title: 'Turn training off', edits: [edit] };
}

function renameKey({ problem, text }: Subject): Fix | undefined {
  const key = text.slice(problem.range.start, problem.range.end).replace(/^"|"$/g, '');
  const name = nearestName(key);
  if (name === undefined) return undefined;
  const spelled = spellings[name] ?? name;
  const edits = [{ range: problem.range, text: JSON.stringify(spelled) }];
  return { title: `Rename to "${spelled}"`, edits };
}

/** `nearestName` gives names without their underscores. */
const spellings: Readonly<Partial<Record<string, string>>> = {
  movingmean: 'moving_mean',
  runningmean: 'running_mean',
  movingavg: 'moving_avg',
  movingvariance: 'moving_variance',
  movingvar: 'moving_var',
  runningvar: 'running_var',
  istraining: 'is_training',
  trainingmode: 'training_mode',
  channelaxis: 'channel_axis',
  dataformat: 'data_format',
  numbatchestracked: 'num_batches_tracked',
};

function quoteKey({ problem, text }: Subject): Fix {
  const key = text.slice(problem.range.start, problem.range.end);
  return { title: `Write "${key}"`, edits: [{ range: problem.range, text: JSON.stringify(key) }] };
}

function doubleQuotes({ problem, text }: Subject): Fix {
  const inside = text.slice(problem.range.start + 1, problem.range.end - 1);
  const quoted = JSON.stringify(inside);
  return { title: `Write ${quoted}`, edits: [{ range: problem.range, text: quoted }] };
}

function removeComma({ problem }: Subject): Fix {
  return { title: 'Remove the comma', edits: [{ range: problem.range, text: '' }] };
}

/** The comma belongs after what stands before, not on the next line. */
function insertComma({ problem, text }: Subject): Fix {
  const start = text.slice(0, problem.range.start).trimEnd().length;
  return { title: 'Insert a comma', edits: [{ range: { start, end: start }, text: ',' }] };
}

/** A member after the last one, on a line of its own where the others are. */
export function insertMember(text: string, file: File, key: string, value: string): TextEdit {
  const last = file.all.at(-1);
  const at = last?.valueRange.end ?? 1;
  const before = last ? text.slice(0, last.keyRange.start) : '';
  const space = /\n[ \t]*$/.exec(before)?.[0] ?? ' ';
  return { range: { start: at, end: at }, text: `,${space}"${key}": ${value}` };
}
