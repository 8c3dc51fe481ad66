/** Ids of the rules for code, which settings, pages and diagnostics know them by. */
export const ruleIds = [
  'batch-of-one',
  'channels-first-axis',
  'eval-never-called',
  'momentum-convention',
  'trainable-freeze',
  'training-never-passed',
  'update-ops-never-run',
] as const;

export type RuleId = (typeof ruleIds)[number];

const known: ReadonlySet<string> = new Set(ruleIds);

export function isRuleId(id: string): id is RuleId {
  return known.has(id);
}
