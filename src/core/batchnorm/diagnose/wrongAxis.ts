import { formatShape } from '../../tensor/shape';
import { channelCount } from '../layer';
import { findingRule } from './finding';

/** Parameters that do not fit the axis on which the framework has its channels, and do fit another. */
export const wrongAxis = findingRule(
  'wrong-axis',
  ['shape', 'stated'],
  ({ layer, shape, stated }) => {
    if (stated.channelAxis !== undefined) return undefined;
    const usual = layer.convention.defaults.channelAxis;
    const axis = usual < 0 ? usual + shape.length : Math.min(usual, shape.length - 1);
    const channels = channelCount(layer);
    if (axis === layer.channelAxis || shape[axis] === channels) return undefined;
    return {
      severity: 'error',
      message: `${layer.convention.name} has its channels on axis ${axis}, which has ${shape[axis] ?? 0} of them in ${formatShape(shape)}, and the layer has ${channels}, as axis ${layer.channelAxis} has: the axis is wrong, or the input is laid out for another framework.`,
      channels: [],
      evidence: {
        usualAxis: axis,
        lengthThere: shape[axis] ?? 0,
        axis: layer.channelAxis,
        channels,
      },
      fix: `State the axis (axis=${layer.channelAxis}, or the data_format), or transpose the input.`,
      whatIf: { kind: 'axis', axis: layer.channelAxis },
      source: 'sharathadavanne/seld-dcase2021#8, DCASE-REPO/dcase2018_baseline#18, tfjs#1106',
    };
  },
);
