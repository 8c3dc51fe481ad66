import { formatSignificant } from '../../text/format';
import { otherWeight } from '../momentumRules';
import { stepRules } from '../plan';
import { findingRule } from './finding';
import { thresholds } from './thresholds';

/** A momentum that is likely meant the other way round, or that gives a batch no weight. */
export const momentumMeaning = findingRule('momentum-meaning', [], ({ layer, rank, flags }) => {
  const { momentum } = layer;
  if (momentum === null || layer.tracking === 'none') return undefined;
  const { weighs } = stepRules(layer, rank, flags).path.momentum;
  const weight = weighs === 'new' ? momentum : otherWeight(momentum);
  if (weight > 0 && weight <= thresholds.momentumWeight) return undefined;
  const turned = otherWeight(momentum);
  const { name } = layer.convention;
  const meaning = `In ${name} momentum ${momentum} is the weight of the ${weighs} value`;
  // Turned round, a weight of 1 would be one of 0: neither is a momentum that anybody means.
  const never = weight === 0;
  const always = weight === 1;
  const { momentum: usual } = layer.convention.defaults;
  return {
    severity: 'warning',
    message: never
      ? `${meaning}, so that a batch has none and the moving statistics never move.`
      : always
        ? `${meaning}, so that each batch replaces the statistics and none before it is remembered.`
        : `${meaning}: each batch weighs ${formatSignificant(weight, 3)}, and the moving statistics remember about ${formatSignificant(1 / weight, 2)} batches. Where the weight is said of the ${weighs === 'new' ? 'old' : 'new'} value, ${momentum} is ${turned} here.`,
    channels: [],
    evidence: { momentum, weightOfBatch: weight, otherConvention: turned, window: 1 / weight },
    fix:
      never || always
        ? `Set momentum ${usual ?? 'None'} (the default of ${name}), if statistics are to be ${never ? 'taken' : 'those of many batches'}.`
        : `If the number was carried over from another framework, take 1 − momentum: ${turned}.`,
    whatIf: { kind: 'momentum', momentum: never || always ? usual : turned },
    source:
      'PyTorch weighs the new value, the others the old; pytorch/examples#289, affinelayer/pix2pix-tensorflow#126, r9y9/tacotron_pytorch#19, huggingface/transformers#19454, Cadene/pretrained-models.pytorch#5',
  };
});
