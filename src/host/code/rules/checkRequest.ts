import type { CodeFinding } from '../../../core/code/rules/codeFinding';
import type { RuleId } from '../../../core/code/rules/ruleIds';

/** What the checking thread is asked; plain data. */
export interface CheckRequest {
  readonly id: number;
  readonly text: string;
  readonly languageId: string;
  /** Id of the convention where code leaves a choice. */
  readonly convention: string;
  readonly off: readonly RuleId[];
}

export interface CheckAnswer {
  readonly id: number;
  readonly findings: readonly CodeFinding[];
}
