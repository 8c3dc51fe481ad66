import { formatSignificant } from '../../text/format';
import { stepRules } from '../plan';
import { findingRule } from './finding';
import { thresholds } from './thresholds';

/** Batch statistics over few values, or over one that the framework accepts. */
export const fewValues = findingRule('few-values', ['batch'], ({ layer, batch, rank, flags }) => {
  const n = batch.n[0] ?? 0;
  const rules = stepRules(layer, rank, flags);
  if (rules.normalizedWith !== 'batch' || n < 2 || n >= thresholds.fewValues) return undefined;
  const factor = rules.path.movingVariance.factor(n, rules.epsilon);
  const error = Math.sqrt(2 / (n - 1));
  const remembered =
    rules.updated && factor !== 1
      ? ` The moving variance takes in ${formatSignificant(factor, 4)} times the variance that normalises.`
      : '';
  const meaning =
    n === 2
      ? "With 2 values a channel every output is beta ± gamma but for epsilon: only the values' order is left."
      : `With ${n} values a channel the batch's variance is uncertain by about ${formatSignificant(error * 100, 2)} %, so outputs depend much on which samples share a batch.`;
  return {
    severity: n === 2 ? 'warning' : 'note',
    message: meaning + remembered,
    channels: [],
    evidence: { n, relativeErrorOfVariance: error, movingVarianceFactor: factor },
    fix: 'Use a larger batch, or normalise with the moving statistics.',
    whatIf: { kind: 'flags', flags: { ...flags, training: false } },
    source: 'standard error of a sample variance, √(2/(n−1)); pytorch#1381, fastai#1352',
  };
});
