import { formatShape, sizeOf } from '../../tensor/shape';
import { channelCount } from '../layer';
import { findingRule } from './finding';

/** Another axis is as long as the channel axis, so that a wrong layout raises no error. */
export const ambiguousAxis = findingRule(
  'ambiguous-axis',
  ['shape', 'stated'],
  ({ layer, shape, stated }) => {
    const channels = channelCount(layer);
    if (stated.channelAxis !== undefined || channels === 1 || shape.length < 3) return undefined;
    // Samples are on axis 0, whatever the layout.
    const others = shape.flatMap((size, axis) =>
      axis > 0 && axis !== layer.channelAxis && size === channels ? [axis] : [],
    );
    const [other] = others;
    if (other === undefined) return undefined;
    return {
      severity: 'note',
      message: `In ${formatShape(shape)} ${others.length === 1 ? `axis ${other} has` : `axes ${others.join(' and ')} have`} ${channels} places too, as the channel axis ${layer.channelAxis} has: an input laid out the other way would raise no error, and would be normalised over the wrong values.`,
      channels: [],
      evidence: {
        axis: layer.channelAxis,
        others: others.join(', '),
        channels,
        n: sizeOf(shape) / channels,
      },
      fix: `Check the layout, and state the axis: outputs for axis ${other} are one switch away.`,
      whatIf: { kind: 'axis', axis: other },
      source: 'sharathadavanne/seld-dcase2021#8, DefogGAN#1, tfjs#1106',
    };
  },
);
