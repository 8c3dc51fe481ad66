import { assertNever, ok, type Result } from '../problem';
import { findConvention } from './conventions/registry';
import type { Flags } from './flags';
import {
  setChannelAxis,
  setConvention,
  setEpsilon,
  setFlags,
  setMomentum,
  setParameters,
  type Inspection,
  type ParameterChange,
} from './inspection';

/** A fix that can be tried on an inspection, in which nothing is written to a file. Plain data. */
export type WhatIf =
  | { readonly kind: 'epsilon'; readonly epsilon: number }
  | { readonly kind: 'momentum'; readonly momentum: number | null }
  | { readonly kind: 'convention'; readonly convention: string }
  | { readonly kind: 'axis'; readonly axis: number }
  | { readonly kind: 'flags'; readonly flags: Flags }
  | { readonly kind: 'parameters'; readonly changes: readonly ParameterChange[] };

/** The inspection with the fix in it; undo takes it back. */
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
      return ok(setFlags(inspection, fix.flags));
    case 'parameters':
      return ok(setParameters(inspection, fix.changes, 'the fix'));
    default:
      return assertNever(fix);
  }
}

/** Completes "Try it here: …". */
export function describeFix(fix: WhatIf): string {
  switch (fix.kind) {
    case 'epsilon':
      return `epsilon ${fix.epsilon}`;
    case 'momentum':
      return `momentum ${fix.momentum ?? 'none'}`;
    case 'convention':
      return `the rules of ${fix.convention}`;
    case 'axis':
      return `channels on axis ${fix.axis}`;
    case 'flags':
      return `training ${fix.flags.training}, trainable ${fix.flags.trainable}`;
    case 'parameters':
      return `other values of ${fix.changes.map(({ parameter }) => parameter).join(' and ')}`;
    default:
      return assertNever(fix);
  }
}
