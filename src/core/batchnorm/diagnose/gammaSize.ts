import { channelCount, type BatchNormLayer } from '../layer';
import { median } from './channelsWhere';
import { thresholds } from './thresholds';

/** The middle |gamma| of a layer; undefined where it means nothing: few channels, or most of them 0. */
export function usualGamma(layer: BatchNormLayer): number | undefined {
  if (channelCount(layer) < thresholds.enoughChannels) return undefined;
  const usual = median(Array.from(layer.gamma, Math.abs).filter(size => Number.isFinite(size)));
  return usual > 0 ? usual : undefined;
}
