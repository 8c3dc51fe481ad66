import { formatSignificant } from '../../text/format';
import { conventions } from '../conventions/registry';
import type { Flags } from '../flags';
import { channelCount, type BatchNormLayer } from '../layer';
import { stepRules } from '../plan';
import { channelsWhere, worstOf } from './channelsWhere';
import { findingRule } from './finding';

/** `training=True, trainable=False`: the one combination in which frameworks do different things. */
export const flagsMeaning = findingRule(
  'flags-meaning',
  ['batch'],
  ({ layer, batch, rank, flags }) => {
    if (!flags.training || flags.trainable) return undefined;
    const outcomes = new Map<string, string[]>();
    for (const convention of conventions) {
      const outcome = outcomeOf({ ...layer, convention }, rank, flags);
      outcomes.set(outcome, [...(outcomes.get(outcome) ?? []), convention.name]);
    }
    const here = outcomeOf(layer, rank, flags);
    const others = [...outcomes].filter(([outcome]) => outcome !== here);
    const { gamma, beta, movingMean, movingVariance } = layer;
    const { epsilon } = stepRules(layer, rank, flags);
    const inferred = (c: number): number => {
      const deviation = Math.sqrt((movingVariance[c] as number) + epsilon);
      const offset = (batch.mean[c] as number) - (movingMean[c] as number);
      return ((gamma[c] as number) * offset) / deviation + (beta[c] as number);
    };
    const apart = (c: number): number => Math.abs(inferred(c) - (beta[c] as number));
    const all = channelsWhere(channelCount(layer), c => Number.isFinite(apart(c)));
    if (all.length === 0) return undefined;
    const worst = worstOf(all, apart);
    return {
      severity: 'note',
      message: `training=True with trainable=False means different things: ${layer.convention.name} ${here} here, while ${others.map(([outcome, names]) => `${listed(names)} ${outcome}`).join(', and ')}. In channel ${worst} a value at the batch's mean becomes ${formatSignificant(beta[worst] as number, 4)} by the batch's statistics, and ${formatSignificant(inferred(worst), 4)} by the moving ones.`,
      channels: [],
      evidence: {
        channel: worst,
        byBatch: beta[worst] as number,
        byMoving: inferred(worst),
        ...Object.fromEntries([...outcomes].map(([outcome, names]) => [outcome, names.join(', ')])),
      },
      fix: 'To freeze a layer in every framework, call it with training=False; to train its moving statistics, leave trainable on.',
      whatIf: { kind: 'flags', flags: { training: false, trainable: false } },
      source:
        'keras-team/keras#9965, keras#4762, keras#6570, keras#7085, keras#9522, tensorflow#34009; up to TF 1.5 tf.layers moved the statistics all the same',
    };
  },
);

function outcomeOf(layer: BatchNormLayer, rank: number, flags: Flags): string {
  const { normalizedWith, updated } = stepRules(layer, rank, flags);
  if (normalizedWith === 'moving') return 'normalises with the moving statistics';
  return `normalises with the batch and ${updated ? 'moves' : 'leaves'} the moving statistics`;
}

function listed(names: readonly string[]): string {
  return names.length === 1
    ? names.join()
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}
