import { fail, ok, type Result } from '../problem';
import { formatShape, type Shape } from '../tensor/shape';
import { rounder } from '../tensor/tensor';
import { initialMovingVariance, translateMomentum, type Convention } from './convention';
import { sameFlags, type Flags } from './flags';
import { resolveOnFittingAxis } from './fittingAxis';
import { withState, type History, type LayerState } from './history';
import { freshRenormState } from './renorm';
import {
  channelCount,
  freshParameters,
  parameterNames,
  type BatchNormLayer,
  type ParameterName,
} from './layer';
import {
  checkEpsilon,
  checkMomentum,
  parameterLabels,
  spreadParameters,
  type Statement,
} from './statement';

/**
 * What the user looks at: a layer over an input, the flags, and how it came to be. Immutable; every
 * operation below returns the next one. Flags are a view of the next step, so they are not history;
 * committed steps and edits are (`history.ts`).
 */
export interface Inspection extends History {
  readonly shape: Shape;
  /** What the source says, kept to tell a stated value from a default. */
  readonly statement: Statement;
  readonly flags: Flags;
  /** The state as read from the source: where `reset` goes. */
  readonly base: LayerState;
}

/** @param fallback the convention where the statement names none */
export function openInspection(
  statement: Statement,
  shape: Shape,
  fallback: Convention,
): Result<Inspection> {
  const resolved = resolveOnFittingAxis(statement, shape, fallback);
  if (!resolved.ok) return resolved;
  const state: LayerState = { layer: resolved.value.layer, steps: 0, edited: [] };
  return ok({
    shape,
    statement,
    flags: resolved.value.flags,
    present: state,
    base: state,
    past: [],
    future: [],
  });
}

export function setFlags(inspection: Inspection, flags: Flags): Inspection {
  return { ...inspection, flags };
}

/** Sets the flags as a change that undo takes back: one of many that a fix may be. */
export function fixFlags(inspection: Inspection, flags: Flags, label: string): Inspection {
  if (sameFlags(flags, inspection.flags)) return inspection;
  const { present, past, flags: before } = inspection;
  const last = { state: present, label, flags: before };
  return { ...inspection, flags, past: withState(past, last), future: [] };
}

function advance(inspection: Inspection, present: LayerState, label: string): Inspection {
  const past = withState(inspection.past, { state: inspection.present, label });
  return { ...inspection, present, past, future: [] };
}

function edit(
  inspection: Inspection,
  change: Partial<BatchNormLayer>,
  what: string,
  label: string,
): Inspection {
  const { layer, edited, steps } = inspection.present;
  const marks = edited.includes(what) ? edited : [...edited, what];
  return advance(inspection, { layer: { ...layer, ...change }, steps, edited: marks }, label);
}

/** Whether somebody stated or edited it, so that another convention's default does not replace it. */
function isSaid({ statement, present }: Inspection, name: 'epsilon' | 'momentum'): boolean {
  return statement[name] !== undefined || present.edited.includes(name);
}

export function setEpsilon(inspection: Inspection, epsilon: number): Result<Inspection> {
  const problem = checkEpsilon(epsilon);
  if (problem) return { ok: false, problem };
  if (epsilon === inspection.present.layer.epsilon && isSaid(inspection, 'epsilon')) {
    return ok(inspection);
  }
  return ok(edit(inspection, { epsilon }, 'epsilon', 'the change of epsilon'));
}

export function setMomentum(inspection: Inspection, momentum: number | null): Result<Inspection> {
  const problem = checkMomentum(momentum, inspection.present.layer.convention);
  if (problem) return { ok: false, problem };
  if (momentum === inspection.present.layer.momentum && isSaid(inspection, 'momentum')) {
    return ok(inspection);
  }
  return ok(edit(inspection, { momentum }, 'momentum', 'the change of momentum'));
}

/**
 * Sets one parameter of one channel, or of all when `channel` is null. Any number is allowed, NaN and
 * negative variances too: seeing what they do is what the inspector is for.
 */
export function setParameter(
  inspection: Inspection,
  parameter: ParameterName,
  channel: number | null,
  value: number,
): Result<Inspection> {
  const { layer } = inspection.present;
  const channels = channelCount(layer);
  if (channel !== null && !(Number.isInteger(channel) && channel >= 0 && channel < channels)) {
    return fail(
      'channel-out-of-range',
      `There is no channel ${channel}: this layer has channels 0 to ${channels - 1}.`,
    );
  }
  const stored = rounder(layer.precision)(value);
  const values = layer[parameter].slice();
  if (channel === null) values.fill(stored);
  else values[channel] = stored;
  if (sameNumbers(values, layer[parameter])) return ok(inspection);
  const name = parameterLabels[parameter];
  const where = channel === null ? 'all channels' : `channel ${channel}`;
  const mark = channel === null ? name : `${name}[${channel}]`;
  return ok(edit(inspection, { [parameter]: values }, mark, `${name} of ${where}`));
}

/** Other values of a parameter in some channels. */
export interface ParameterChange {
  readonly parameter: ParameterName;
  readonly channels: readonly number[];
  /** One for each of them. */
  readonly values: ArrayLike<number>;
}

/**
 * Sets parameters of several channels at once: one undo takes all of it back. Channels that the layer
 * does not have are passed over.
 * @param label what undoing takes back
 */
export function setParameters(
  inspection: Inspection,
  changes: readonly ParameterChange[],
  label: string,
): Inspection {
  const { layer } = inspection.present;
  const changed: Partial<Record<ParameterName, Float64Array>> = {};
  for (const { parameter, channels, values } of changes) {
    const vector = (changed[parameter] ??= layer[parameter].slice());
    channels.forEach((channel, i) => {
      if (channel < vector.length) vector[channel] = rounder(layer.precision)(values[i] as number);
    });
  }
  const names = parameterNames.filter(
    name => changed[name] !== undefined && !sameNumbers(changed[name], layer[name]),
  );
  if (names.length === 0) return inspection;
  return edit(inspection, changed, names.map(name => parameterLabels[name]).join(' and '), label);
}

/**
 * Runs the same layer under another framework's rules: the momentum keeps its meaning, a stated or
 * edited epsilon stays, and what nobody stated takes the new convention's default. The channel axis
 * and the flags stay as they are on screen: they belong to the data and to the question asked of it.
 */
export function setConvention(inspection: Inspection, to: Convention): Inspection {
  const { layer } = inspection.present;
  if (layer.convention === to) return inspection;
  const state = { ...inspection.present, layer: layerUnder(inspection, to) };
  return advance(inspection, state, `the change to ${to.name}`);
}

/** The present layer as `setConvention` would make it; the very same under its own convention. */
export function layerUnder(inspection: Inspection, to: Convention): BatchNormLayer {
  const { layer, edited } = inspection.present;
  if (layer.convention === to) return layer;
  // What the source states is translated from there, so that going through a convention which cannot
  // say it (a cumulative average) and on to another does not lose it.
  const from = edited.includes('momentum') ? layer : inspection.base.layer;
  return {
    ...layer,
    convention: to,
    epsilon: isSaid(inspection, 'epsilon') ? layer.epsilon : to.defaults.epsilon,
    momentum: isSaid(inspection, 'momentum')
      ? translateMomentum(from.momentum, from.convention, to)
      : to.defaults.momentum,
  };
}

/**
 * Moves the channels to another axis. Where their number changes it is another layer: the stated
 * parameters that have the new length are read again, the others are a fresh layer's (see
 * `unfittingParameters`), and steps and edits of parameters are left behind. Undo brings them back.
 */
export function setChannelAxis(inspection: Inspection, axis: number): Result<Inspection> {
  const { layer, edited } = inspection.present;
  if (axis === layer.channelAxis) return ok(inspection);
  const channels = inspection.shape[axis];
  if (channels === undefined) {
    return fail('axis-out-of-range', `Shape ${formatShape(inspection.shape)} has no axis ${axis}.`);
  }
  const label = 'the change of axis';
  if (channels === channelCount(layer)) {
    return ok(edit(inspection, { channelAxis: axis }, 'axis', label));
  }
  const parameters = {
    ...freshParameters(channels, initialMovingVariance(layer.convention)),
    ...spreadParameters(inspection.statement.parameters, channels),
  };
  const { renorm } = layer;
  const state: LayerState = {
    layer: {
      ...layer,
      ...parameters,
      ...(renorm && { renorm: { ...renorm, state: freshRenormState(parameters.movingVariance) } }),
      channelAxis: axis,
      batchesTracked: inspection.base.layer.batchesTracked,
    },
    steps: 0,
    edited: [...edited.filter(mark => mark === 'epsilon' || mark === 'momentum'), 'axis'],
  };
  return ok(advance(inspection, state, label));
}

/** Stated parameters whose length is not that of the present channel axis, so that they are not used. */
export function unfittingParameters({ statement, present }: Inspection): ParameterName[] {
  const channels = channelCount(present.layer);
  return parameterNames.filter(name => {
    const length = statement.parameters[name]?.length ?? 1;
    return length !== 1 && length !== channels;
  });
}

/** Commits steps: the layer as it is after them becomes the present. */
export function commitSteps(
  inspection: Inspection,
  after: BatchNormLayer,
  count: number,
): Inspection {
  const { steps, edited } = inspection.present;
  const label =
    count === 1 ? `step ${steps + 1}` : `steps ${grouped(steps + 1)} to ${grouped(steps + count)}`;
  return advance(inspection, { layer: after, steps: steps + count, edited }, label);
}

/** Back to the source's own layer, as one step that can be undone. */
export function reset(inspection: Inspection): Inspection {
  if (inspection.present === inspection.base) return inspection;
  return advance(inspection, inspection.base, 'the reset');
}

/**
 * Follows an edit of the source. History and what-ifs stay while the layer it states is the same and
 * fits the input; else the inspection starts over, which `restarted` says. Flags chosen by the user
 * stay in either case, unless the source now says others.
 */
export function followSource(
  inspection: Inspection,
  statement: Statement,
  shape: Shape,
  fallback: Convention,
): Result<{ readonly inspection: Inspection; readonly restarted: boolean }> {
  const opened = openInspection(statement, shape, fallback);
  if (!opened.ok) return opened;
  const before = openInspection(inspection.statement, inspection.shape, fallback);
  const flagsStay = before.ok && sameFlags(opened.value.flags, before.value.flags);
  const flags = flagsStay ? inspection.flags : opened.value.flags;
  const { base, present, past, future } = inspection;
  const states = [base, present, ...[...past, ...future].map(({ state }) => state)];
  const stays =
    opened.value.base.layer.convention === base.layer.convention &&
    shape.length === inspection.shape.length &&
    states.every(({ layer }) => shape[layer.channelAxis] === channelCount(layer)) &&
    sameLayer(statement, inspection.statement);
  return ok(
    stays
      ? { inspection: { ...inspection, shape, statement, flags }, restarted: false }
      : {
          inspection: { ...opened.value, flags },
          restarted: present !== base || past.length > 0 || future.length > 0,
        },
  );
}

/** Whether two statements state the same layer, whatever they say of the flags. */
function sameLayer(a: Statement, b: Statement): boolean {
  const numbers = [
    'convention',
    'epsilon',
    'momentum',
    'channelAxis',
    'batchesTracked',
    'virtualBatchSize',
  ] as const;
  return (
    JSON.stringify(a.renorm) === JSON.stringify(b.renorm) &&
    numbers.every(name => a[name] === b[name]) &&
    a.implied?.convention === b.implied?.convention &&
    parameterNames.every(name => sameNumbers(a.parameters[name], b.parameters[name]))
  );
}

function sameNumbers(a: Float64Array | undefined, b: Float64Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.length === b.length && a.every((x, i) => Object.is(x, b[i]));
}

/** `1,001`, as the count of steps beside it is written. */
function grouped(count: number): string {
  return count.toLocaleString('en-GB');
}
