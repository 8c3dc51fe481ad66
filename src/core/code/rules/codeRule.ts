import type { BatchNormCall } from '../batchNormCalls/batchNormCall';
import type { CodeFile } from '../codeFile';
import type { CodeFinding } from './codeFinding';
import type { RuleId } from './ruleIds';

/** A file with the calls of batch norm in it, of which there is at least one. */
export interface CheckedCode {
  readonly file: CodeFile;
  readonly calls: readonly BatchNormCall[];
}

/**
 * Finds one way to get batch norm wrong. It speaks only where one file holds the whole evidence, the layer, the training
 * and the evaluation: what another file may put right is not its business.
 */
export interface CodeRule {
  readonly id: RuleId;
  /** A few words, for lists. */
  readonly title: string;
  readonly find: (code: CheckedCode) => readonly CodeFinding[];
}

/** What a rule finds, without its own name. */
export type Found = Omit<CodeFinding, 'ruleId'>;

export function codeRule(
  id: RuleId,
  title: string,
  find: (code: CheckedCode) => readonly Found[],
): CodeRule {
  return { id, title, find: code => find(code).map(found => ({ ruleId: id, ...found })) };
}
