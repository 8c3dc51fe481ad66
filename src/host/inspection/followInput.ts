import type { Convention } from '../../core/batchnorm/convention';
import {
  followSource,
  openInspection,
  setFlags,
  type Inspection,
} from '../../core/batchnorm/inspection';
import { ok, type Problem, type Result } from '../../core/problem';
import { refusedStep } from './refusedStep';
import type { LoadedInput } from './loadedInput';

export interface Followed {
  readonly inspection: Inspection;
  /** Steps and what-ifs did not fit any more. */
  readonly restarted: boolean;
  /** Why the flags are not the stated ones. */
  readonly refused?: Problem;
}

/** What there was before an input was read. */
export interface Before {
  /** What the user had, here or before a reload. */
  readonly before: Inspection | undefined;
  /** Whether a good result is on screen, which stays where the new input cannot be run. */
  readonly isShown: boolean;
}

/**
 * The inspection of an input that was just read: what the user had before, where it still fits, else a
 * fresh one. Where the convention refuses the flags (one value a channel in training) and nothing is on
 * screen yet, it opens with training off, so that there is something to look at beside the reason.
 */
export function followInput(
  { statement, handle }: LoadedInput,
  { before, isShown }: Before,
  fallback: Convention,
): Result<Followed> {
  const followed = before
    ? followSource(before, statement, handle.shape, fallback)
    : opened(openInspection(statement, handle.shape, fallback));
  if (!followed.ok || isShown) return followed;
  const { inspection, restarted } = followed.value;
  const refused = refusedStep(inspection);
  if (!refused) return followed;
  const evaluation = setFlags(inspection, { ...inspection.flags, training: false });
  return refusedStep(evaluation)
    ? { ok: false, problem: refused }
    : ok({ inspection: evaluation, restarted, refused });
}

function opened(inspection: Result<Inspection>): Result<Followed> {
  return inspection.ok ? ok({ inspection: inspection.value, restarted: false }) : inspection;
}
