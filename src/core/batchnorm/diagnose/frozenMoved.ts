import { formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { channelsWhere, evidenceTable, nameChannels, worstOf } from './channelsWhere';
import { findingRule } from './finding';
import { parameterFix } from './parameterFix';

/** Gamma and beta are bit for bit those of an earlier checkpoint, and the moving statistics are not. */
export const frozenMoved = findingRule('frozen-moved', ['earlier'], ({ layer, earlier }) => {
  const before = earlier.layer;
  const total = channelCount(layer);
  if (layer.tracking === 'none' || channelCount(before) !== total) return undefined;
  if (!same(layer.gamma, before.gamma) || !same(layer.beta, before.beta)) return undefined;
  // A layer without gamma and beta, or that nobody trained, has them as they were made.
  const { gamma, beta } = layer;
  if (gamma.every(value => value === 1) && beta.every(value => value === 0)) return undefined;
  const { movingMean, movingVariance } = layer;
  const channels = channelsWhere(
    total,
    c =>
      !Object.is(movingMean[c], before.movingMean[c]) ||
      !Object.is(movingVariance[c], before.movingVariance[c]),
  );
  if (channels.length === 0) return undefined;
  const shift = (c: number): number => {
    const deviation = Math.sqrt((before.movingVariance[c] as number) + before.epsilon);
    return Math.abs((movingMean[c] as number) - (before.movingMean[c] as number)) / deviation;
  };
  const worst = worstOf(channels, shift);
  const batches = layer.batchesTracked - before.batchesTracked;
  const counted = earlier.counted && batches > 0 ? ` over ${batches} more batches` : '';
  const { name, updatesMoving } = layer.convention;
  return {
    severity: 'warning',
    message: `Gamma and beta are bit for bit those of ${earlier.label}, as of a frozen layer, but the moving statistics of ${nameChannels(channels, total)} have moved${counted}: by up to ${formatSignificant(shift(worst), 3)} deviations (channel ${worst}).`,
    channels,
    evidence: {
      channel: worst,
      shift: shift(worst),
      batchesBefore: before.batchesTracked,
      batches: layer.batchesTracked,
    },
    table: evidenceTable(channels, shift, {
      'moving mean before': c => before.movingMean[c] as number,
      'moving mean': c => movingMean[c] as number,
      'moving variance before': c => before.movingVariance[c] as number,
      'moving variance': c => movingVariance[c] as number,
      'deviations moved': shift,
    }),
    fix: `Freezing gamma and beta does not stop them: in ${name} they move when ${updatesMoving.text}. Keep the layer out of that in every step (in PyTorch call its eval() after each model.train()), or take them from ${earlier.label}.`,
    whatIf: parameterFix(channels, {
      movingMean: c => before.movingMean[c] as number,
      movingVariance: c => before.movingVariance[c] as number,
    }),
    source: 'pytorch/vision#2079, pytorch#86590, chemprop/chemprop#952, pgniewko/gt-pyg#112',
  };
});

function same(a: Float64Array, b: Float64Array): boolean {
  return a.every((value, c) => Object.is(value, b[c]));
}
