import type { Convention } from '../../core/batchnorm/convention';
import {
  followSource,
  openInspection,
  setFlags,
  type Inspection,
} from '../../core/batchnorm/inspection';
import { ok, type Problem, type Result } from '../../core/problem';
import { refusedStep } from './actions';
import type { LoadedInput } from './loadedInput';

export interface Followed {
  readonly inspection: Inspection;
  /** Steps and what-ifs did not fit any more. */
  readonly restarted: boolean;
  /** Why the flags are not the stated ones. */
  readonly refused?: Problem;
}

/**
 * The inspection of an input that was just read: what the user had before, where it still fits, else a
 * fresh one. Where the convention refuses the stated flags (one value a channel in training), it opens
 * with training off, so that there is something to look at beside the reason.
 */
export function followInput(
  { statement, handle }: LoadedInput,
  before: Inspection | undefined,
  fallback: Convention,
): Result<Followed> {
  if (before) return followSource(before, statement, handle.shape, fallback);
  const opened = openInspection(statement, handle.shape, fallback);
  if (!opened.ok) return opened;
  const refused = refusedStep(opened.value);
  if (!refused) return ok({ inspection: opened.value, restarted: false });
  const evaluation = setFlags(opened.value, { ...opened.value.flags, training: false });
  return refusedStep(evaluation)
    ? { ok: false, problem: refused }
    : ok({ inspection: evaluation, restarted: false, refused });
}
