import type { Finding } from '../../core/batchnorm/diagnose/finding';
import type { Examined } from '../../core/batchnorm/fixEffect';
import { sameFlags } from '../../core/batchnorm/flags';
import type { Inspection } from '../../core/batchnorm/inspection';
import { describeFix, tryFix } from '../../core/batchnorm/whatIf';
import { fail, type Result } from '../../core/problem';
import type { FixedView } from '../../protocol/panel';
import { fixEffect } from '../findings/lazyDoctor';
import { refusedStep } from './refusedStep';
import type { Shown } from './shown';

/** A fix that was applied, and the result before it. */
export interface AppliedFix {
  readonly finding: string;
  /** What it set: `epsilon 1e-5`. */
  readonly fix: string;
  readonly before: Shown;
  readonly after: Inspection;
}

/** What a finding's fix would set here; empty where there is none, where it changes nothing, or the convention refuses it. */
export function fixHere(inspection: Inspection, { whatIf }: Finding): string {
  if (!whatIf) return '';
  const next = tryFix(inspection, whatIf);
  const applies = next.ok && next.value !== inspection && !refusedStep(next.value);
  return applies ? describeFix(whatIf) : '';
}

/** @param findings those on screen */
export function fixed(
  inspection: Inspection,
  findings: readonly Finding[],
  id: string,
): Result<Inspection> {
  const finding = findings.find(one => one.id === id);
  if (!finding) return fail('no-such-finding', `There is no finding ${id} here any more.`);
  const { whatIf } = finding;
  if (!whatIf) {
    return fail('no-fix-here', `The fix of ${id} is not one of the inspection: ${finding.fix}`);
  }
  return tryFix(inspection, whatIf);
}

/** @returns undefined where what was on screen is not what the fix was applied to: there is nothing to set beside it */
export function appliedFix(
  id: string,
  inspection: Inspection,
  before: Shown,
  after: Inspection,
): AppliedFix | undefined {
  const whatIf = before.findings.find(one => one.id === id)?.whatIf;
  if (!whatIf || before.inspection !== inspection) return undefined;
  return { finding: id, fix: describeFix(whatIf), before, after };
}

/** Whether it is what led to this state: over the same input, and nothing was done since. */
export function leadsTo(
  { before, after }: AppliedFix,
  { inspection, input }: Pick<Shown, 'inspection' | 'input'>,
): boolean {
  return (
    inspection.present === after.present &&
    sameFlags(inspection.flags, after.flags) &&
    before.input === input &&
    // Flags are no part of a state.
    inspection.past.length === after.past.length
  );
}

export async function fixedView(
  { finding, fix, before }: AppliedFix,
  after: Examined,
  findings: readonly Finding[],
): Promise<FixedView> {
  const { layer } = before.inspection.present;
  return {
    finding,
    fix,
    mended: !findings.some(({ id }) => id === finding),
    effect: await fixEffect({ layer, trace: before.stepped.trace }, after),
  };
}
