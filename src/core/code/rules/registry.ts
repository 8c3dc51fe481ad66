import { batchOfOne } from './batchOfOne';
import { channelsFirstAxis } from './channelsFirstAxis';
import type { CodeRule } from './codeRule';
import { evalNeverCalled } from './evalNeverCalled';
import { momentumConvention } from './momentumConvention';
import { ruleIds, type RuleId } from './ruleIds';
import { trainableFreeze } from './trainableFreeze';
import { trainingNeverPassed } from './trainingNeverPassed';
import { updateOpsNeverRun } from './updateOpsNeverRun';

const byId = {
  'batch-of-one': batchOfOne,
  'channels-first-axis': channelsFirstAxis,
  'eval-never-called': evalNeverCalled,
  'momentum-convention': momentumConvention,
  'trainable-freeze': trainableFreeze,
  'training-never-passed': trainingNeverPassed,
  'update-ops-never-run': updateOpsNeverRun,
} satisfies Readonly<Record<RuleId, CodeRule>>;

/** Every rule for code, in the order of `ruleIds`. */
export const codeRules: readonly CodeRule[] = ruleIds.map(id => byId[id]);
