import type { Convention } from '../../batchnorm/convention';
import { findBatchNormCalls } from '../batchNormCalls/findCalls';
import type { CodeFile } from '../codeFile';
import { beginTurn } from '../values';
import type { CodeFinding } from './codeFinding';
import { longestChecked } from './limits';
import { codeRules } from './registry';
import type { RuleId } from './ruleIds';

/** Tests set numbers and modes to extremes on purpose. */
const testing = /^(?:unittest|pytest|absl\.testing|torch\.testing|tensorflow\.python\.platform)\b/;

/**
 * What is wrong with batch norm in a file, in the order of the text; nothing of a file that has none, is too long, or is a test.
 * @param fallback the user's convention, where a name leaves a choice
 * @param isOn whether a rule is to be asked
 */
export function checkCode(
  file: CodeFile,
  fallback: Convention,
  isOn: (id: RuleId) => boolean = () => true,
): readonly CodeFinding[] {
  if (file.text.length > longestChecked) return [];
  const calls = findBatchNormCalls(file, fallback);
  if (calls.length === 0 || [...file.imports.modules].some(name => testing.test(name))) return [];
  return codeRules
    .filter(({ id }) => isOn(id))
    .flatMap(rule => {
      beginTurn(file);
      return rule.find({ file, calls });
    })
    .sort((a, b) => a.range.start - b.range.start);
}
