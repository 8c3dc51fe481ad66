import { stepRules } from '../plan';
import type { FindingRule } from './finding';

/** One value a channel where the framework goes on; where it refuses, there is no step to examine. */
export const singleValue: FindingRule = {
  id: 'single-value',
  find: ({ layer, trace, rank, flags }) => {
    if (trace?.normalizedWith !== 'batch' || trace.batch.n[0] !== 1) return undefined;
    const rules = stepRules(layer, rank, flags);
    const rule = rules.path.singleValue;
    if (rule.kind !== 'accepted') return undefined;
    const factor = rules.path.movingVariance.factor(1, rules.epsilon);
    const poisons = rules.updated ? ' Each such step takes the moving variance towards 0.' : '';
    return {
      id: singleValue.id,
      severity: 'warning',
      message: `Each channel has one value to take statistics from. ${rule.note}${poisons}`,
      channels: [],
      evidence: { n: 1, batchVariance: 0, movingVarianceFactor: factor },
      fix: 'Use a batch of at least two values a channel, or normalise with the moving statistics.',
      source: `${layer.convention.source}; pytorch#7716, tensorflow#34062`,
    };
  },
};
