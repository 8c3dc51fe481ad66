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
