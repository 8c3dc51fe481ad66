import { sizeOf } from '../../tensor/shape';
import { conventions } from '../conventions/registry';
import { channelCount, kernelRules } from '../layer';
import { stepRules } from '../plan';
import { findingRule, type Known } from './finding';

/** One value a channel to take statistics from: what the framework makes of it, and what others would. */
export const singleValue = findingRule('single-value', [], known => {
  const { layer, rank, flags } = known;
  const rules = stepRules(layer, rank, flags);
  if (rules.normalizedWith !== 'batch' || valuesOf(known) !== 1) return undefined;
  const rule = rules.path.singleValue;
  const refused = rule.kind === 'refused';
  const factor = rules.path.movingVariance.factor(1, rules.epsilon);
  const poisons = rules.updated ? ' Each such step takes the moving variance towards 0.' : '';
  const outcome = refused
    ? `${layer.convention.name} refuses it in training: "${rule.message}".`
    : `${rule.note}${poisons}`;
  return {
    severity: refused ? 'error' : 'warning',
    message: `Each channel has one value to take statistics from. ${outcome}`,
    channels: [],
    evidence: { n: 1, batchVariance: 0, movingVarianceFactor: factor, ...elsewhere(known) },
    fix: 'Use a batch of at least two values a channel, or normalise with the moving statistics.',
    whatIf: { kind: 'flags', flags: { ...flags, training: false } },
    source: `${layer.convention.source}; pytorch#7716, tensorflow#34062, tensorflow#46205, pytorch#1381`,
  };
});

function valuesOf({ batch, shape, layer }: Known): number | undefined {
  if (batch) return batch.n[0];
  return shape && sizeOf(shape) / channelCount(layer);
}

/** What each framework makes of it, by its name. */
function elsewhere({ layer, rank }: Known): Record<string, string> {
  return Object.fromEntries(
    conventions.map(convention => {
      const path = kernelRules({ ...layer, convention }, rank);
      const factor = path.movingVariance.factor(1, layer.epsilon);
      const { singleValue: rule } = path;
      const remembered = Number.isNaN(factor) ? 'NaN' : String(Math.round(factor * 1000) / 1000);
      const outcome =
        rule.kind === 'refused'
          ? 'refused'
          : `beta; the moving variance takes in ${remembered} times 0`;
      return [convention.name, outcome];
    }),
  );
}
