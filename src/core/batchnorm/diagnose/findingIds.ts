/**
 * Ids of all rules, in the order in which findings of one severity are shown: causes before effects. What
 * only needs to know which there are (a filter) reads them here, without the rules.
 */
export const findingIds = [
  'non-finite-input',
  'non-finite-parameters',
  'non-finite-statistics',
  'negative-variance',
  'non-finite-output',
  'wrong-axis',
  'single-value',
  'undivided-sums',
  'training-mode-export',
  'frozen-moved',
  'ranks-differ',
  'variance-rule',
  'momentum-meaning',
  'lost-digits',
  'few-updates',
  'drift',
  'zero-moving-variance',
  'exploding-gamma',
  'zero-gamma',
  'never-updated',
  'few-values',
  'constant-channel',
  'coarse-input',
  'tiny-moving-variance',
  'dead-gamma',
  'epsilon-matters',
  'flags-meaning',
  'ambiguous-axis',
  'fix-gamma',
  'count-missing',
] as const;

export type FindingId = (typeof findingIds)[number];

/** Ids of what is found in a file as a whole, of which there is no rule: what has them is no layer that could be examined. */
export const fileFindingIds = ['layer-incomplete'] as const;

export type FileFindingId = (typeof fileFindingIds)[number];
