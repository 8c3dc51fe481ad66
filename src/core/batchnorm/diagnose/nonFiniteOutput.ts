import { channelCount } from '../layer';
import { channelsWhere, nameChannels } from './channelsWhere';
import { findingRule } from './finding';

/** Outputs that are not finite although every number that went in is. */
export const nonFiniteOutput = findingRule('non-finite-output', ['trace'], ({ layer, trace }) => {
  const { batch, output, epsilon } = trace;
  const total = channelCount(layer);
  const moving = trace.normalizedWith === 'moving';
  const variance = moving ? layer.movingVariance : batch.variance;
  const mean = moving ? layer.movingMean : batch.mean;
  const bad = (c: number): number =>
    (output.nan[c] as number) + (output.posInf[c] as number) + (output.negInf[c] as number);
  const numbers = [layer.gamma, layer.beta, batch.mean, mean, variance];
  const channels = channelsWhere(
    total,
    c =>
      bad(c) > 0 &&
      // A variance below 0 has its own finding.
      (variance[c] as number) >= 0 &&
      numbers.every(values => Number.isFinite(values[c])),
  );
  const first = channels[0];
  if (first === undefined) return undefined;
  const v = variance[first] as number;
  const why = v + epsilon === 0 ? 'variance + epsilon is 0' : 'the values pass the largest float32';
  return {
    severity: 'error',
    message: `Outputs of ${nameChannels(channels, total)} are not finite although everything that went in is: ${why}.`,
    channels,
    evidence: { channel: first, outputs: bad(first), variance: v, epsilon },
    fix:
      v + epsilon === 0
        ? 'Use an epsilon above 0, such as 0.001 or 0.00001.'
        : 'Check the scale gamma/√(variance + epsilon) of these channels.',
    ...(v + epsilon === 0 && {
      whatIf: { kind: 'epsilon', epsilon: layer.convention.defaults.epsilon },
    }),
    source: 'y = gamma·(x − mean)/√(variance + epsilon) + beta',
  };
});
