import { fail, ok, type Result } from '../problem';
import type { Flags } from './flags';
import type { BatchNormLayer } from './layer';

export interface LayerState {
  readonly layer: BatchNormLayer;
  /** Committed steps. */
  readonly steps: number;
  /** What the user edited (what-if), in the order first edited: `epsilon`, `gamma[2]`. */
  readonly edited: readonly string[];
}

export interface PastState {
  readonly state: LayerState;
  /** What undoing to it takes back: `step 3`, `gamma of channel 2`. */
  readonly label: string;
  /** Those to go to with it; absent where the flags stay as they are then. */
  readonly flags?: Flags;
}

/** States along a line: undo goes back on it, redo forth, and anything new begins where one is. */
export interface History {
  readonly present: LayerState;
  /** Oldest first; the oldest are forgotten where there are too many. */
  readonly past: readonly PastState[];
  /** What was undone, the next to redo first; `label` is what redoing it brings back. */
  readonly future: readonly PastState[];
  /** A view of the next step, that is no history but where a fix sets them. */
  readonly flags?: Flags;
}

/** One state of a history. */
export interface HistoryPoint {
  readonly state: LayerState;
  /** What led to it: `step 3`, `gamma of channel 2`; empty for the oldest. */
  readonly label: string;
}

/** States that undo goes back to, at most. */
export const mostStates = 1000;

/** Numbers that they hold together, at most, those that several share counted once: 32 MB. */
export const mostNumbers = 4_000_000;

/**
 * The history with one state more. The oldest go where it would hold too much; the newest always stays, so that
 * what was done last can be undone.
 */
export function withState(
  past: readonly PastState[],
  last: PastState,
  limits = { states: mostStates, numbers: mostNumbers },
): readonly PastState[] {
  const known = new Set<Float64Array>();
  let numbers = 0;
  let kept = 0;
  const states = [...past, last];
  for (const { state } of [...states].reverse()) {
    for (const vector of vectorsOf(state)) {
      if (!known.has(vector)) numbers += vector.length;
      known.add(vector);
    }
    if (kept > 0 && (numbers > limits.numbers || kept >= limits.states)) break;
    kept++;
  }
  return states.slice(-kept);
}

/** Takes back the last commit or edit; the same where there is none. */
export function undo<H extends History>(history: H): H {
  const last = history.past.at(-1);
  if (!last) return history;
  const future = [left(history, last), ...history.future];
  return { ...entered(history, last), past: history.past.slice(0, -1), future };
}

/** Brings back what was undone last; the same where nothing was. */
export function redo<H extends History>(history: H): H {
  const [next, ...future] = history.future;
  if (!next) return history;
  const past = withState(history.past, left(history, next));
  return { ...entered(history, next), past, future };
}

/** The present as it is kept on the way to another state. */
function left({ present, flags }: History, { label, flags: theirs }: PastState): PastState {
  return { state: present, label, ...(theirs && flags && { flags }) };
}

function entered<H extends History>(history: H, { state, flags }: PastState): H {
  return { ...history, present: state, ...(flags && { flags }) };
}

/** Every state there is, the oldest first. The present is the one at `past.length`. */
export function historyPoints({ present, past, future }: History): readonly HistoryPoint[] {
  return [
    ...past.map(({ state }, i) => ({ state, label: past[i - 1]?.label ?? '' })),
    { state: present, label: past.at(-1)?.label ?? '' },
    ...future,
  ];
}

/**
 * Undoes or redoes until a state is the present one.
 * @param index among `historyPoints`
 */
export function goToState<H extends History>(history: H, index: number): Result<H> {
  const { past, future } = history;
  const last = past.length + future.length;
  if (!Number.isInteger(index) || index < 0 || index > last) {
    return fail(
      'no-such-state',
      `There is no state ${index} in the history: it has states 0 to ${last}.`,
    );
  }
  let at = history;
  while (at.past.length > index) at = undo(at);
  // What fitted into the history before it was undone fits again: redoing forgets nothing.
  while (at.past.length < index) at = redo(at);
  return ok(at);
}

function vectorsOf({ layer }: LayerState): Float64Array[] {
  const { gamma, beta, movingMean, movingVariance, renorm } = layer;
  const { movingStddev, mean, stddev } = renorm?.state ?? {};
  return [gamma, beta, movingMean, movingVariance, movingStddev, mean, stddev].filter(
    vector => vector !== undefined,
  );
}
