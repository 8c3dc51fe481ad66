import type { TextRange } from '../../problem';
import type { RuleId } from './ruleIds';

/** What a rule found in a file. */
export interface CodeFinding {
  readonly ruleId: RuleId;
  /** What is to be looked at, and where the fix begins. */
  readonly range: TextRange;
  /** What is wrong, what happens with these numbers, and what would be right. */
  readonly message: string;
  readonly fix?: CodeFix;
  /** The other places that make it certain: the loop, the evaluation, the layer. */
  readonly evidence: readonly Evidence[];
}

export interface CodeFix {
  /** An imperative, for a menu: `Use momentum 0.01`. */
  readonly label: string;
  /** Apart from one another, in the order of the text. */
  readonly edits: readonly TextEdit[];
}

/** Puts text in the place of a range; an empty range inserts. */
export interface TextEdit {
  readonly range: TextRange;
  readonly text: string;
}

export interface Evidence {
  readonly range: TextRange;
  readonly message: string;
}
