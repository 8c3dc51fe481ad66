import { historyPoints, type History, type LayerState } from './history';
import { channelCount, kernelRules } from './layer';
import type { MovingUpdate } from './momentumRules';

/** The moving statistics of one channel along the steps taken. Columns of the same length. */
export interface PathTaken {
  /** NaN where the line has a gap: a reset, or a layer over another axis. */
  readonly steps: Float64Array;
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** A state of the history that has the channel, where the layer was. */
export interface StateTaken {
  /** Among `historyPoints`. */
  readonly index: number;
  readonly steps: number;
  /** What led to it: `step 3`; empty for the oldest. */
  readonly label: string;
  readonly mean: number;
  readonly variance: number;
}

/** The states that can be drawn beside the present one: of the same channel axis and as many channels. */
export function statesTaken(history: History, channel: number): readonly StateTaken[] {
  return historyPoints(history).flatMap(({ state, label }, index) =>
    comparable(state, history.present)
      ? [
          {
            index,
            steps: state.steps,
            label,
            mean: state.layer.movingMean[channel] as number,
            variance: state.layer.movingVariance[channel] as number,
          },
        ]
      : [],
  );
}

/** Points between two states of many steps, at most. */
const mostBetween = 24;

/**
 * The line through the states. Between two that are many steps apart it goes where those steps went: all
 * took in the same batch, so both ends and the momentum rule say what is between.
 * @param rank rank of the input
 */
export function pathTaken(history: History, channel: number, rank: number): PathTaken {
  const points: (readonly [steps: number, mean: number, variance: number])[] = [];
  const gap = (): void => void points.push([NaN, NaN, NaN]);
  let before: LayerState | undefined;
  for (const { state } of historyPoints(history)) {
    if (!comparable(state, history.present)) {
      before = undefined;
      gap();
      continue;
    }
    if (before !== undefined && state.steps > before.steps + 1) {
      points.push(...between(before, state, channel, rank));
    }
    if (before !== undefined && state.steps < before.steps) gap();
    const { movingMean, movingVariance } = state.layer;
    points.push([state.steps, movingMean[channel] as number, movingVariance[channel] as number]);
    before = state;
  }
  return {
    steps: Float64Array.from(points, ([steps]) => steps),
    mean: Float64Array.from(points, ([, mean]) => mean),
    variance: Float64Array.from(points, ([, , variance]) => variance),
  };
}

function comparable({ layer }: LayerState, { layer: present }: LayerState): boolean {
  return layer.channelAxis === present.channelAxis && channelCount(layer) === channelCount(present);
}

function between(
  before: LayerState,
  after: LayerState,
  channel: number,
  rank: number,
): (readonly [number, number, number])[] {
  const { layer } = before;
  const { momentum, batchesTracked: batchesBefore, precision } = layer;
  const update: MovingUpdate = { momentum, batchesBefore, precision };
  const { remaining } = kernelRules(layer, rank).momentum;
  const count = after.steps - before.steps;
  const whole = remaining(update, count);
  const at = (from: number, to: number, part: number): number =>
    // Whether it moved at all: what it went towards lies beyond where it is.
    from === to || whole === 1 ? from : to + ((from - to) * (part - whole)) / (1 - whole);
  const column = (name: 'movingMean' | 'movingVariance', part: number): number =>
    at(layer[name][channel] as number, after.layer[name][channel] as number, part);
  const inner = Math.min(count - 1, mostBetween);
  return Array.from({ length: inner }, (_, i) => {
    const step = Math.round(((i + 1) * count) / (inner + 1));
    const part = remaining(update, step);
    return [before.steps + step, column('movingMean', part), column('movingVariance', part)];
  });
}
