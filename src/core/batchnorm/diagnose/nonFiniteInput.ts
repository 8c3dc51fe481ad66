import { formatShape, multiIndex, type Shape } from '../../tensor/shape';
import { channelCount } from '../layer';
import { channelsWhere, nameChannels } from './channelsWhere';
import { findingRule } from './finding';

/**
 * NaN or infinity in the input. A mean in float64 of finite float32 values is finite, so a mean that
 * is not finite proves it.
 */
export const nonFiniteInput = findingRule(
  'non-finite-input',
  ['trace'],
  ({ layer, trace, shape }) => {
    const { mean, n } = trace.batch;
    const total = channelCount(layer);
    const channels = channelsWhere(total, c => (n[c] as number) > 0 && !Number.isFinite(mean[c]));
    const first = channels[0];
    if (first === undefined) return undefined;
    const where = nameChannels(channels, total);
    const at = trace.firstNonFinite?.[first] ?? -1;
    const places = channels.map(c => placeOf(trace.firstNonFinite?.[c] ?? -1, shape));
    const place = at < 0 ? '' : `, first at ${listed(places, 3)}`;
    const consequence =
      trace.normalizedWith === 'moving'
        ? 'only those elements are lost, because the moving statistics normalise'
        : trace.updated
          ? 'every output of the channel is lost, and its moving statistics are poisoned for good'
          : 'every output of the channel is lost';
    return {
      severity: 'error',
      message: `The input holds NaN or infinity in ${where}${place}: ${consequence}.`,
      channels,
      evidence: {
        channel: first,
        batchMean: mean[first] as number,
        ...(at >= 0 && { firstIndex: at }),
        ...(at >= 0 && { firstOfEachChannel: listed(places, 16) }),
      },
      fix: 'Find where the value first appears upstream; skip such batches in training.',
      source: 'pytorch#10008; one NaN makes the mean of its channel NaN',
    };
  },
);

/** `element 9, [0,1,0,1]` of a flat index. */
function placeOf(flat: number, shape: Shape | undefined): string {
  const index = shape === undefined ? '' : `, ${formatShape(multiIndex(shape, flat))}`;
  return `element ${flat}${index}`;
}

/** The first few, in the order of the channels. */
function listed(places: readonly string[], most: number): string {
  const rest = places.length > most ? '; …' : '';
  return `${places.slice(0, most).join('; ')}${rest}`;
}
