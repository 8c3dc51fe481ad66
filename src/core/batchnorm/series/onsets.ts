import type { Severity } from '../../problem';
import type { Finding } from '../diagnose/finding';
import { severityRank } from '../diagnose/severity';

/** When something began to be wrong with a layer. */
export interface Onset {
  readonly id: string;
  readonly severity: Severity;
  /** The first checkpoint that has it. */
  readonly member: number;
  /** The first checkpoint after all that have it; undefined where the last one still has. */
  readonly goneAt: number | undefined;
  /** As it is at the first. */
  readonly finding: Finding;
}

/**
 * What went wrong with a layer over a series, the earliest first and of one checkpoint the worst. Notes are
 * nothing wrong. A checkpoint without the layer says nothing.
 * @param found by checkpoint; undefined where it does not have the layer
 */
export function onsetsOf(found: readonly (readonly Finding[] | undefined)[]): readonly Onset[] {
  const onsets = new Map<string, Onset>();
  for (const [member, findings] of found.entries()) {
    if (findings === undefined) continue;
    for (const finding of findings) {
      const { id, severity } = finding;
      if (severity === 'note' || onsets.has(id)) continue;
      onsets.set(id, { id, severity, member, goneAt: goneAt(id, found), finding });
    }
  }
  return [...onsets.values()].sort(earliestFirst);
}

/** Where a finding is gone for good. */
function goneAt(
  id: string,
  found: readonly (readonly Finding[] | undefined)[],
): number | undefined {
  const has = (findings: readonly Finding[] | undefined): boolean =>
    findings?.some(finding => finding.id === id && finding.severity !== 'note') === true;
  const last = found.map(has).lastIndexOf(true);
  const after = found.findIndex((findings, i) => i > last && findings !== undefined);
  return after < 0 ? undefined : after;
}

function earliestFirst(a: Onset, b: Onset): number {
  return a.member - b.member || severityRank[b.severity] - severityRank[a.severity];
}

/** What is to be told of a layer first: the earliest of what lasts, else of what was. */
export function foremost(onsets: readonly Onset[]): Onset | undefined {
  return onsets.find(({ goneAt: gone }) => gone === undefined) ?? onsets[0];
}

/**
 * Order of layers: what lasts before what is gone again, and of those the layer that went bad first; of one
 * checkpoint the worst, and then as in the file, where what comes earlier feeds what comes later. Layers with
 * nothing wrong follow.
 * @param layers onsets by layer, in file order
 * @returns indices of layers
 */
export function firstGoneBadFirst(layers: readonly (readonly Onset[])[]): number[] {
  const keys = layers.map(onsets => {
    const first = foremost(onsets);
    if (first === undefined) return [2, 0, 0];
    const { goneAt: gone, member, severity } = first;
    return [gone === undefined ? 0 : 1, member, -severityRank[severity]];
  });
  return layers
    .map((_, i) => i)
    .sort((a, b) => {
      const [own = [], other = []] = [keys[a], keys[b]];
      for (const [i, key] of own.entries()) {
        const apart = key - (other[i] ?? 0);
        if (apart !== 0) return apart;
      }
      return a - b;
    });
}
