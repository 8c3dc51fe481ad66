import { formatSignificant } from '../../text/format';
import { channelCount } from '../layer';
import { channelsWhere, evidenceTable, nameChannels, worstOf } from './channelsWhere';
import { findingRule } from './finding';
import { parameterFix } from './parameterFix';

/** A gamma other than 1 in a framework that takes gamma as 1 unless told otherwise. */
export const fixGamma = findingRule('fix-gamma', [], ({ layer }) => {
  const { gammaFixedBy, name } = layer.convention;
  if (gammaFixedBy === undefined) return undefined;
  const total = channelCount(layer);
  const away = (c: number): number => Math.abs((layer.gamma[c] as number) - 1);
  const channels = channelsWhere(total, c => away(c) > 0);
  if (channels.length === 0) return undefined;
  const worst = worstOf(channels, away);
  return {
    severity: 'note',
    message: `Gamma of ${nameChannels(channels, total)} is not 1 (${formatSignificant(layer.gamma[worst] as number, 4)} in channel ${worst}), which ${name} ignores where ${gammaFixedBy} is True, its operator's default: outputs are then scaled by 1.`,
    channels,
    evidence: { channel: worst, gamma: layer.gamma[worst] as number },
    table: evidenceTable(channels, away, { gamma: c => layer.gamma[c] as number }),
    fix: `Look up ${gammaFixedBy} in the network's definition: where it is True, set gamma to 1 before converting.`,
    whatIf: parameterFix(channels, { gamma: () => 1 }),
    source: 'mxnet#9624, mxnet#15717; apache/mxnet b84609d src/operator/nn/batch_norm.cc',
  };
});
