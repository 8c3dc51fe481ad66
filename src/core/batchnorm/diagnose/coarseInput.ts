import { formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { channelsWhere, nameChannels, worstOf } from './channelsWhere';
import { findingRule } from './finding';
import { thresholds } from './thresholds';

/** Distance from a float32 of this size to the next. */
function spacing(x: number): number {
  const exponent = Math.floor(Math.log2(Math.abs(x)));
  return 2 ** (Math.max(exponent, -126) - 23);
}

/** Values so far from 0 beside their spread that float32 has only a few steps between them. */
export const coarseInput = findingRule('coarse-input', ['batch'], ({ layer, batch }) => {
  if (layer.precision === 'float64') return undefined;
  const { mean, variance } = batch;
  const total = channelCount(layer);
  const steps = (c: number): number =>
    Math.sqrt(variance[c] as number) / spacing(mean[c] as number);
  const channels = channelsWhere(total, c => steps(c) > 0 && steps(c) < thresholds.coarseSteps);
  const [first] = channels;
  if (first === undefined) return undefined;
  const worst = worstOf(channels, c => -steps(c));
  const at = formatSignificant(mean[worst] as number, 4);
  const gap = formatSignificant(spacing(mean[worst] as number), 3);
  return {
    severity: 'note',
    message: `Around ${at} float32 has a value every ${gap}: one deviation of ${nameChannels(channels, total)} spans as few as ${formatSignificant(steps(worst), 2)} of them (channel ${worst}), and what the source had between them is rounded away.`,
    channels,
    evidence: {
      channel: worst,
      mean: mean[worst] as number,
      spacing: spacing(mean[worst] as number),
      steps: steps(worst),
    },
    fix: 'Subtract a constant near the mean in float64 before the values become float32.',
    source: 'float32 has 24 bits: its values are 2^(exponent − 23) apart',
  };
});
