import { assertNever, ok, type Result } from '../problem';
import { formatSetting } from '../text/format';
import { findConvention } from './conventions/registry';
import type { Flags } from './flags';
import {
  fixFlags,
  setChannelAxis,
  setConvention,
  setEpsilon,
  setMomentum,
  setParameters,
  type Inspection,
  type ParameterChange,
} from './inspection';
import { parameterLabels } from './statement';

/** A fix that can be tried on an inspection, in which nothing is written to a file. Plain data. */
export type WhatIf =
  | { readonly kind: 'epsilon'; readonly epsilon: number }
  | { readonly kind: 'momentum'; readonly momentum: number | null }
  | { readonly kind: 'convention'; readonly convention: string }
  | { readonly kind: 'axis'; readonly axis: number }
  | { readonly kind: 'flags'; readonly flags: Flags }
  | { readonly kind: 'parameters'; readonly changes: readonly ParameterChange[] };

/** The inspection with the fix in it; undo takes it back. The very same where the fix changes nothing. */
export function tryFix(inspection: Inspection, fix: WhatIf): Result<Inspection> {
  switch (fix.kind) {
    case 'epsilon':
      return setEpsilon(inspection, fix.epsilon);
    case 'momentum':
      return setMomentum(inspection, fix.momentum);
    case 'convention': {
      const convention = findConvention(fix.convention);
      return convention.ok ? ok(setConvention(inspection, convention.value)) : convention;
    }
    case 'axis':
      return setChannelAxis(inspection, fix.axis);
    case 'flags':
      return ok(fixFlags(inspection, fix.flags, describeFix(fix)));
    case 'parameters':
      return ok(setParameters(inspection, fix.changes, describeFix(fix)));
    default:
      return assertNever(fix);
  }
}

/** What the fix sets, as a phrase: completes "Undo …" and "Fix it here: …". */
export function describeFix(fix: WhatIf): string {
  switch (fix.kind) {
    case 'epsilon':
      return `epsilon ${formatSetting(fix.epsilon)}`;
    case 'momentum':
      return `momentum ${fix.momentum ?? 'none'}`;
    case 'convention': {
      const convention = findConvention(fix.convention);
      return `the rules of ${convention.ok ? convention.value.name : fix.convention}`;
    }
    case 'axis':
      return `channels on axis ${fix.axis}`;
    case 'flags':
      return `training ${onOff(fix.flags.training)}, trainable ${onOff(fix.flags.trainable)}`;
    case 'parameters':
      return changedParameters(fix.changes);
    default:
      return assertNever(fix);
  }
}

function onOff(on: boolean): string {
  return on ? 'on' : 'off';
}

/** `moving variance of channel 1`, `gamma and beta of 12 channels`. */
function changedParameters(changes: readonly ParameterChange[]): string {
  const names = changes.map(({ parameter }) => parameterLabels[parameter]).join(' and ');
  const channels = [...new Set(changes.flatMap(change => change.channels))];
  const [first] = channels;
  return `${names} of ${channels.length === 1 ? `channel ${first ?? 0}` : `${channels.length} channels`}`;
}
