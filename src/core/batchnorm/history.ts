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

function vectorsOf({ layer }: LayerState): Float64Array[] {
  const { gamma, beta, movingMean, movingVariance, renorm } = layer;
  const { movingStddev, mean, stddev } = renorm?.state ?? {};
  return [gamma, beta, movingMean, movingVariance, movingStddev, mean, stddev].filter(
    vector => vector !== undefined,
  );
}
