import { translateMomentum } from '../../batchnorm/convention';
import { conventions } from '../../batchnorm/conventions/registry';
import { outcome, verdict } from '../../batchnorm/explain';
import type { BatchNormLayer } from '../../batchnorm/layer';
import { resolveLayer, type ResolvedLayer } from '../../batchnorm/statement';
import { generatedShape } from '../../batchnorm/generateInput';
import { ok, type Result } from '../../problem';
import { sizeOf, type Shape } from '../../tensor/shape';
import { formatSignificant } from '../../text/format';
import { unknownArguments, type BatchNormCall } from './batchNormCall';
import { closedShape } from './callInput';
import type { Application } from './callFamily';
import type { ArgumentRole } from './roles';

/** What is said of a call. */
export interface CallSentence {
  /** What normalises, what moves, momentum, epsilon and axis, in one sentence. */
  readonly text: string;
  /** The same for a line above the code. */
  readonly short: string;
}

/**
 * Says what a call does with its arguments, in the words of its convention.
 * @returns a problem where the arguments make no layer: a momentum of 2, parameters of two lengths
 */
export function callSentence(call: BatchNormCall): Result<CallSentence> {
  const resolved = resolveFewChannels(call);
  if (!resolved.ok) return resolved;
  const { layer } = resolved.value;
  const numbers = numbersOf(call, layer);
  const taken = takenFor(call);
  return ok({
    text: `${[`${happening(call, resolved.value)}; ${numbers.join(', ')}`, ...taken].join('; ')}.`,
    short: [shortly(call, resolved.value), ...numbers, ...taken].join(' · '),
  });
}

/** Flags that change what happens, and what they are where nobody says. */
const usualFlags: Readonly<Partial<Record<ArgumentRole, string>>> = {
  trainable: 'true',
  tracking: 'true',
  moves: 'true',
  renorm: 'false',
};

/** `track_running_stats (flag) is taken for true`: what the sentence holds for, of what is not known. */
function takenFor(call: BatchNormCall): readonly string[] {
  return unknownArguments(call).flatMap(({ role, name, text }) => {
    const usual = usualFlags[role];
    if (usual === undefined) return [];
    return [`${text === name ? name : `${name} (${text})`} is taken for ${usual}`];
  });
}

/** A layer as the call makes it, over its own input's shape where that is known. */
export function resolveCall(call: BatchNormCall): Result<ResolvedLayer> {
  return resolveLayer(call.statement, callShape(call), call.convention);
}

/**
 * The same over a handful of channels, whose number changes no word: a file has hundreds of sentences, and a layer four
 * numbers a channel. What makes no layer is said of the shape as it is.
 */
function resolveFewChannels(call: BatchNormCall): Result<ResolvedLayer> {
  const { statement, convention } = call;
  const sized = Object.values(statement.parameters).some(({ length }) => length > 1);
  if (sized) return resolveCall(call);
  const shape = callShape(call).map(size => Math.min(size, usualChannels));
  const few = resolveLayer(statement, shape, convention);
  return few.ok ? few : resolveCall(call);
}

/** Channels where nothing says how many there are. */
const usualChannels = 4;

/** The shape of the call's input, or of one that fits it. */
export function callShape(call: BatchNormCall): Shape {
  const { input, statement, convention, family, canonicalName } = call;
  if (input.kind === 'tensor') return input.tensor.shape;
  if (input.kind === 'shape') {
    const shape = closedShape(input.shape);
    // What cannot be held is not made: only the shape of the input was meant to be like.
    if (sizeOf(shape) <= mostElements) return shape;
  }
  const channels = call.channels ?? usualChannels;
  const axis = statement.channelAxis ?? convention.defaults.channelAxis;
  if (family.rank?.(canonicalName) === 5 && axis === 1) {
    const side = 8 * 4 * 4 * 4 * channels <= mostElements ? 4 : 1;
    return [8, channels, side, side, side];
  }
  if (canonicalName.endsWith('1d')) {
    return [32 * channels <= mostElements ? 32 : 4, channels];
  }
  return generatedShape(channels, axis);
}

const mostElements = 1 << 22;

/** Whether the call leaves it to others whether training is on, or says it in a way that cannot be told. */
function isOpen(call: BatchNormCall): boolean {
  const said = unknownArguments(call).some(
    ({ role }) => role === 'training' || role === 'evaluation',
  );
  return said || !call.decidesTraining;
}

function happening(call: BatchNormCall, { layer, flags }: ResolvedLayer): string {
  const rank = callShape(call).length;
  if (call.family.statisticsGiven === true) {
    return 'The mean and variance that it is given normalise and nothing else changes';
  }
  const { trainable } = flags;
  if (isOpen(call)) {
    const [on, off] = branches(call);
    const [training, inference] = [true, false].map(mode =>
      outcome(layer, rank, { training: mode, trainable }),
    );
    if (training === inference) return capital(training ?? '');
    const frozen = trainable ? '' : ' (gamma and beta are frozen)';
    return `${capital(on)} ${training}, ${off} ${inference}${frozen}`;
  }
  // The reasons of a convention are its layer's: a function that takes its values has none but its argument.
  if (call.family.takesValues === true) return capital(outcome(layer, rank, flags));
  return verdict(layer, rank, flags).text.replace(/\.$/, '');
}

/** What decides about training, for each side of it. */
function branches(call: BatchNormCall): readonly [on: string, off: string] {
  const application: Application | undefined = call.family.application;
  const unknown = unknownArguments(call).find(
    ({ role }) => role === 'training' || role === 'evaluation',
  );
  if (unknown) {
    const { name, text, role } = unknown;
    const what = text === name ? name : `${name} (${text})`;
    const [on, off] = role === 'training' ? [true, false] : [false, true];
    return [`where ${what} is ${on}`, `and where it is ${off}`];
  }
  return [application?.on ?? 'in training', `and ${application?.off ?? 'else'}`];
}

function shortly(call: BatchNormCall, { layer, flags }: ResolvedLayer): string {
  const rank = callShape(call).length;
  if (call.family.statisticsGiven === true) return 'normalises with the statistics it is given';
  const of = (training: boolean): string => {
    const { normalizedWith, updated } = verdict(layer, rank, {
      training,
      trainable: flags.trainable,
    });
    return `${normalizedWith} statistics${updated ? ', moving ones follow' : ''}`;
  };
  if (!isOpen(call)) return of(flags.training);
  const [training, inference] = [of(true), of(false)];
  return training === inference ? training : `training: ${training}; inference: ${inference}`;
}

/** `momentum 0.99 (0.01 in PyTorch)`, `epsilon 0.001`, `channel axis −1`. */
function numbersOf(call: BatchNormCall, layer: BatchNormLayer): readonly string[] {
  const { statement, family, convention } = call;
  const unknown = new Map(unknownArguments(call).map(({ role, text }) => [role, text]));
  const axis = statement.channelAxis ?? convention.defaults.channelAxis;
  const momentum = unknown.get('momentum') ?? momentumWords(layer);
  return [
    ...(family.statisticsGiven === true ? [] : [`momentum ${momentum}`]),
    `epsilon ${unknown.get('epsilon') ?? formatSignificant(layer.epsilon)}`,
    `channel axis ${unknown.get('channelAxis') ?? unknown.get('dataFormat') ?? String(axis).replace('-', '−')}`,
  ];
}

/** The momentum in its convention's meaning, and in that of the first that means the other weight by it. */
export function momentumWords({
  momentum,
  convention,
}: Pick<BatchNormLayer, 'momentum' | 'convention'>): string {
  if (momentum === null) return 'None (the plain average of all batches)';
  const there = conventions.find(other => other.momentum.weighs !== convention.momentum.weighs);
  const translated = there && translateMomentum(momentum, convention, there);
  if (!there || translated === undefined || translated === null) return formatSignificant(momentum);
  const name = there.name.replace(/,.*$/, '');
  return `${formatSignificant(momentum)} (${formatSignificant(translated)} in ${name})`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
