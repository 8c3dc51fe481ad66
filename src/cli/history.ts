import type { Flags } from '../core/batchnorm/flags';
import { layerAfter, type BatchNormLayer } from '../core/batchnorm/layer';
import { planStep } from '../core/batchnorm/plan';
import { fail, ok, type Result } from '../core/problem';
import type { Moments } from '../core/statistics/channels';

/** The moving statistics after one of several steps. */
export interface MovingStatistics {
  /** From 1. */
  readonly step: number;
  readonly movingMean: Float32Array;
  readonly movingVariance: Float32Array;
}

/** Channels × steps that are kept: 32 MiB of statistics, and some 80 MB as text. */
export const mostHistory = 1 << 22;

/** @returns a problem where the statistics after each step would be more than can be kept */
export function checkHistory(channels: number, steps: number): Result<undefined> {
  if (channels * steps <= mostHistory) return ok(undefined);
  const most = Math.floor(mostHistory / channels);
  const advice =
    most > 0 ? `give --steps ${most} or less, or leave out --full` : 'leave out --full';
  return fail(
    'history-too-large',
    `--full keeps the moving statistics after each step, ${channels} channels times ${steps} steps are more than the ${mostHistory} it can keep: ${advice}.`,
  );
}

/** Follows the moving statistics over `steps` steps of the same batch, which needs its moments only. */
export function movingHistory(
  layer: BatchNormLayer,
  rank: number,
  batch: Moments,
  flags: Flags,
  steps: number,
): MovingStatistics[] {
  const history: MovingStatistics[] = [];
  let present = layer;
  for (let step = 1; step <= steps; step++) {
    const planned = planStep(present, rank, batch, flags);
    // The engine has taken these very steps, so none is refused.
    if (!planned.ok) return history;
    const { movingMeanAfter, movingVarianceAfter } = planned.value;
    history.push({
      step,
      movingMean: Float32Array.from(movingMeanAfter),
      movingVariance: Float32Array.from(movingVarianceAfter),
    });
    present = layerAfter(present, planned.value);
  }
  return history;
}
