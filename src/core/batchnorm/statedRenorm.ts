import { fail, ok, type Result } from '../problem';
import { freshRenormState, type Renorm, type RenormClipping, type RenormState } from './renorm';

/** What somebody said about a layer's batch renormalisation. Plain data, JSON but for NaN. */
export interface StatedRenorm {
  readonly momentum?: number;
  readonly clipping: RenormClipping;
  /** A number a channel, or one for all of them; what is absent is a fresh layer's. */
  readonly state: Readonly<Partial<Record<keyof RenormState, readonly number[]>>>;
}

/** TensorFlow's and Keras' default of `renorm_momentum`. */
const defaultRenormMomentum = 0.99;

/** As the frameworks spell them. */
const stateNames: Readonly<Record<keyof RenormState, string>> = {
  movingStddev: 'moving_stddev',
  mean: 'renorm_mean',
  stddev: 'renorm_stddev',
};

/**
 * Completes what was said for a layer with this moving variance.
 * @returns a problem where a number is out of its range, or a list has not a number a channel
 */
export function resolveRenorm(stated: StatedRenorm, movingVariance: Float64Array): Result<Renorm> {
  const { momentum = defaultRenormMomentum, clipping } = stated;
  if (!(momentum >= 0 && momentum <= 1)) {
    const message = `renorm_momentum is ${momentum}: it is the weight of the old value, from 0 to 1.`;
    return fail('renorm-invalid', message);
  }
  const wrong = Object.entries(clipping).find(([, bound]) => !((bound as number) >= 0));
  if (wrong) {
    return fail(
      'renorm-invalid',
      `${wrong[0]} is ${String(wrong[1])}: give a number of at least 0.`,
    );
  }
  const { rmin = 0, rmax = Infinity } = clipping;
  if (rmin > rmax) {
    return fail('renorm-invalid', `rmin is ${rmin} and rmax ${rmax}: rmin is at most rmax.`);
  }
  const state = { ...freshRenormState(movingVariance) };
  for (const name of ['movingStddev', 'mean', 'stddev'] as const) {
    const values = stated.state[name];
    if (values === undefined) continue;
    const channels = movingVariance.length;
    if (values.length !== 1 && values.length !== channels) {
      const message = `${stateNames[name]} has ${values.length} values: give ${channels}, one a channel, or one for all.`;
      return fail('renorm-invalid', message);
    }
    const one = (c: number): number => values[values.length === 1 ? 0 : c] as number;
    state[name] = Float64Array.from({ length: channels }, (_, c) => one(c));
  }
  return ok({ momentum, clipping, state });
}
