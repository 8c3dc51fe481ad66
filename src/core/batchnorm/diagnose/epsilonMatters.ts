import { formatSetting, formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { stepRules } from '../plan';
import { channelsWhere, evidenceTable, nameChannels, worstOf } from './channelsWhere';
import { findingRule } from './finding';
import { isFresh } from './neverUpdated';
import { thresholds } from './thresholds';

/** The two that frameworks have by default. */
const [large, small] = [1e-3, 1e-5];

/** Variances so small that 1e-3 and 1e-5 are not the same epsilon for them. */
export const epsilonMatters = findingRule(
  'epsilon-matters',
  [],
  ({ layer, rank, flags, stated }) => {
    if (layer.tracking === 'none') return undefined;
    const { epsilon } = stepRules(layer, rank, flags);
    const { gamma, movingVariance } = layer;
    const total = channelCount(layer);
    const scale = (c: number, added: number): number =>
      (gamma[c] as number) / Math.sqrt((movingVariance[c] as number) + added);
    const change = (c: number): number =>
      Math.sqrt(((movingVariance[c] as number) + large) / ((movingVariance[c] as number) + small)) -
      1;
    // A variance of next to nothing has findings of its own: there any epsilon is all there is.
    const channels = channelsWhere(
      total,
      c =>
        (movingVariance[c] as number) > epsilon * thresholds.tinyVariance &&
        !isFresh(layer, c) &&
        gamma[c] !== 0 &&
        change(c) > thresholds.epsilonEffect,
    );
    if (channels.length === 0) return undefined;
    const worst = worstOf(channels, change);
    const other =
      Math.abs(Math.log(epsilon / large)) < Math.abs(Math.log(epsilon / small)) ? small : large;
    const whose = stated?.epsilon === undefined ? `, the default of ${layer.convention.name},` : '';
    return {
      severity: 'note',
      message: `Epsilon matters here: the scale of ${nameChannels(channels, total)} is up to ${formatSignificant(100 * change(worst), 3)} % larger with 1e-5 than with 1e-3 (channel ${worst}, variance ${formatSignificant(movingVariance[worst] as number, 3)}). It is ${formatSetting(epsilon)}${whose} as used here.`,
      channels,
      evidence: {
        channel: worst,
        movingVariance: movingVariance[worst] as number,
        epsilon,
        scaleAt1e3: scale(worst, large),
        scaleAt1e5: scale(worst, small),
        relativeChange: change(worst),
      },
      table: evidenceTable(channels, change, {
        'moving variance': c => movingVariance[c] as number,
        'scale at 1e-3': c => scale(c, large),
        'scale at 1e-5': c => scale(c, small),
        'relative change': change,
      }),
      fix: `Run it with the epsilon that it was trained with, and state it when converting: frameworks' defaults are 1e-3 and 1e-5.`,
      whatIf: { kind: 'epsilon', epsilon: other },
      source:
        'scale = gamma/√(variance + epsilon); gzuidhof/nn-transfer#3, qqwweee/keras-yolo3#451, huggingface/transformers#19454',
    };
  },
);
