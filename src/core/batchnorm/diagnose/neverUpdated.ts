import { initialMovingVariance } from '../convention';
import { channelCount, type BatchNormLayer } from '../layer';
import { channelsWhere, nameChannels } from './channelsWhere';
import { findingRule } from './finding';
import { settledFix } from './parameterFix';

/** Whether a channel's moving statistics are exactly those that its framework starts from. */
export function isFresh(layer: BatchNormLayer, channel: number): boolean {
  const variance = initialMovingVariance(layer.convention);
  return layer.movingMean[channel] === 0 && layer.movingVariance[channel] === variance;
}

/**
 * Moving mean and variance exactly at their initial values, 0 and (nearly everywhere) 1. A note for a layer that has just been made; a
 * warning where the layer itself counts batches that should have moved them.
 */
export const neverUpdated = findingRule('never-updated', [], ({ layer, batch }) => {
  if (layer.tracking === 'none') return undefined;
  const total = channelCount(layer);
  const channels = channelsWhere(total, c => isFresh(layer, c));
  if (channels.length === 0) return undefined;
  const tracked = layer.batchesTracked;
  const where = nameChannels(channels, total);
  const variance = initialMovingVariance(layer.convention);
  const outcome =
    variance === 1
      ? 'gives about gamma·x + beta and normalises nothing'
      : 'divides by √epsilon alone';
  const consequence = `until a batch enters them, inference ${outcome}`;
  return {
    severity: tracked > 0 ? 'warning' : 'note',
    message:
      tracked > 0
        ? `The moving mean and variance of ${where} are still exactly 0 and ${variance} although ${tracked} ${tracked === 1 ? 'batch was' : 'batches were'} counted: ${consequence}.`
        : `The moving mean and variance of ${where} are exactly 0 and ${variance}, as in a layer that has just been made: ${consequence}.`,
    channels,
    evidence: { movingMean: 0, movingVariance: variance, batchesTracked: tracked },
    fix: `If the layer was trained, its statistics were not: ${layer.convention.updateAdvice}`,
    ...settledFix(channels, batch),
    source:
      'tensorflow#16102, tensorflow#1122; frameworks start at mean 0 and variance 1, Haiku and Caffe at 0 and 0',
  };
});
