import type { Moments } from '../../statistics/channels';
import type { ParameterName } from '../layer';
import type { WhatIf } from '../whatIf';

/** Other parameters in these channels, each by a function of the channel. */
export function parameterFix(
  channels: readonly number[],
  parameters: Readonly<Partial<Record<ParameterName, (channel: number) => number>>>,
): WhatIf {
  const { gamma, beta, movingMean, movingVariance } = parameters;
  const change = (
    parameter: ParameterName,
    value: ((channel: number) => number) | undefined,
  ): { parameter: ParameterName; channels: readonly number[]; values: number[] }[] =>
    value === undefined ? [] : [{ parameter, channels, values: channels.map(value) }];
  return {
    kind: 'parameters',
    changes: [
      ...change('gamma', gamma),
      ...change('beta', beta),
      ...change('movingMean', movingMean),
      ...change('movingVariance', movingVariance),
    ],
  };
}

/**
 * The batch's own mean and variance as moving statistics, as after many batches like it: what settled
 * statistics would give. Only where there is a batch, in channels of which it is finite.
 */
export function settledFix(
  channels: readonly number[],
  batch: Omit<Moments, 'n'> | undefined,
): { readonly whatIf?: WhatIf } {
  if (!batch) return {};
  const { mean, variance } = batch;
  const finite = channels.filter(c => Number.isFinite(mean[c]) && Number.isFinite(variance[c]));
  if (finite.length === 0) return {};
  return {
    whatIf: parameterFix(finite, {
      movingMean: c => mean[c] as number,
      movingVariance: c => variance[c] as number,
    }),
  };
}
