import type { Moments } from '../../statistics/channels';
import { formatSignificant } from '../../text/format';
import { channelCount, type BatchNormLayer } from '../layer';
import type { StepRules } from '../plan';
import { channelsWhere, median } from './channelsWhere';
import { takenIn } from './takenIn';
import { thresholds } from './thresholds';

/** Why batch and moving statistics are likely apart. */
export interface DriftCause {
  readonly kind: 'too few steps' | 'another preprocessing' | 'another domain' | 'unknown';
  /** A sentence. */
  readonly text: string;
}

/**
 * One fraction of the way in all channels is too few steps; one factor and one offset in all of them is
 * another preprocessing; anything else is other data.
 */
export function driftCause(layer: BatchNormLayer, batch: Moments, rules: StepRules): DriftCause {
  const taken = takenIn(layer, batch, rules);
  if (taken && taken.fraction < 1 - thresholds.initialLeft.note) {
    return {
      kind: 'too few steps',
      text: `All channels are ${formatSignificant(100 * taken.fraction, 2)} % of the way from a new layer to this batch, so too few steps have run.`,
    };
  }
  const channels = channelsWhere(channelCount(layer), c => isUsable(layer, batch, c));
  if (channels.length < thresholds.enoughChannels) {
    return {
      kind: 'unknown',
      text: 'From so few channels it cannot be told whether steps are lacking, or this is another domain or another preprocessing.',
    };
  }
  return (
    prepared(layer, batch, channels) ?? {
      kind: 'another domain',
      text: 'Channels differ each in its own way, so this is other data than the statistics were taken from (another domain).',
    }
  );
}

function isUsable(
  { movingMean, movingVariance }: BatchNormLayer,
  batch: Moments,
  c: number,
): boolean {
  const values = [movingMean[c], batch.mean[c], batch.variance[c]];
  return (
    (batch.n[c] as number) >= thresholds.fewValues &&
    (batch.variance[c] as number) > 0 &&
    (movingVariance[c] as number) > 0 &&
    values.every(value => Number.isFinite(value))
  );
}

/** x → a·x + b with one a and one b in all channels. */
function prepared(
  { movingMean, movingVariance }: BatchNormLayer,
  { mean, variance }: Moments,
  channels: readonly number[],
): DriftCause | undefined {
  const factors = channels.map(c =>
    Math.sqrt((variance[c] as number) / (movingVariance[c] as number)),
  );
  const factor = median(factors);
  if (!factors.every(one => Math.abs(one / factor - 1) <= thresholds.agreement.estimate)) {
    return undefined;
  }
  const offsets = channels.map(c => (mean[c] as number) - factor * (movingMean[c] as number));
  const offset = median(offsets);
  const deviation = median(channels.map(c => Math.sqrt(variance[c] as number)));
  const isOne = offsets.every(
    one =>
      Math.abs(one - offset) <=
      thresholds.agreement.estimate * Math.max(deviation, Math.abs(offset)),
  );
  const scaled = Math.abs(Math.log(factor)) > Math.log(1.5);
  const shifted = Math.abs(offset) > thresholds.drift * deviation;
  if (!isOne || !(scaled || shifted)) return undefined;
  const times = scaled ? `${formatSignificant(factor, 3)} times ` : '';
  const plus = shifted
    ? ` ${offset < 0 ? 'minus' : 'plus'} ${formatSignificant(Math.abs(offset), 3)}`
    : '';
  return {
    kind: 'another preprocessing',
    text: `All channels are ${times}what they were${plus}, so the input was prepared in another way (scaled, or normalised, as it was not in training).`,
  };
}
