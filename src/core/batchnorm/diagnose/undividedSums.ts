import { formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { channelsWhere, median } from './channelsWhere';
import { findingRule } from './finding';
import { parameterFix } from './parameterFix';
import { thresholds } from './thresholds';

/** Moving statistics that are Caffe's sums: its third blob says what to divide them by. */
export const undividedSums = findingRule('undivided-sums', ['batch'], ({ layer, batch }) => {
  const total = channelCount(layer);
  const { movingMean, movingVariance } = layer;
  const usable = channelsWhere(
    total,
    c =>
      (batch.n[c] as number) >= thresholds.fewValues &&
      (batch.variance[c] as number) > 0 &&
      // Of a mean near 0 the ratio is noise.
      Math.abs(batch.mean[c] as number) > Math.sqrt(batch.variance[c] as number) / 2,
  );
  if (usable.length < thresholds.enoughChannels) return undefined;
  const means = usable.map(c => (movingMean[c] as number) / (batch.mean[c] as number));
  const variances = usable.map(c => (movingVariance[c] as number) / (batch.variance[c] as number));
  const factor = median([...means, ...variances]);
  // A scaled input has its variance scaled by the square; a sum has both by one factor.
  const isOne = [...means, ...variances].every(ratio => Math.abs(ratio / factor - 1) < 0.5);
  if (!(factor > thresholds.undividedSums) || !isOne) return undefined;
  const [first = 0] = usable;
  const all = channelsWhere(total, () => true);
  return {
    severity: 'error',
    message: `Moving means and variances are both about ${formatSignificant(factor, 3)} times this batch's in all ${usable.length} channels that can tell: they are sums that were not divided by the scale factor, as in the blobs of a Caffe BatchNorm.`,
    channels: [],
    evidence: {
      factor,
      channel: first,
      movingMean: movingMean[first] as number,
      batchMean: batch.mean[first] as number,
      movingVariance: movingVariance[first] as number,
      batchVariance: batch.variance[first] as number,
    },
    fix: 'Divide both by the third blob (999.98 after a long training with the fraction 0.999); where it is 0, both are 0.',
    whatIf: parameterFix(all, {
      movingMean: c => (movingMean[c] as number) / factor,
      movingVariance: c => (movingVariance[c] as number) / factor,
    }),
    source: 'caffe src/caffe/layers/batch_norm_layer.cpp:86-147; shicai/MobileNet-Caffe#87',
  };
});
