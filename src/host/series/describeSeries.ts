import { foremost, type Onset } from '../../core/batchnorm/series/onsets';
import type { MemberOrder } from '../../core/batchnorm/series/orderMembers';
import type { SeriesLayer, SeriesVerdict } from '../../protocol/series';
import type { ExaminedLayer, ExaminedSeries } from './examineSeries';

/** What each checkpoint that is drawn is called: `step 300`, or when it was written. */
export type MemberTimes = readonly string[];

/** Sentences that are shown of a kind, at most. */
const mostNotes = 20;

/** Notes on what was read, as many as a person reads. */
export function someNotes(notes: readonly string[]): readonly string[] {
  const more = notes.length - mostNotes;
  return more <= 0 ? notes : [...notes.slice(0, mostNotes), `And ${more} more of this kind.`];
}

/** When a checkpoint was written, to the second, as a person reads it where they are. */
export function dateText(changed: number): string {
  return new Date(changed).toLocaleString();
}

/** What the order was taken from. @param count checkpoints */
export function orderSentence(
  { by, steps }: Pick<MemberOrder, 'by' | 'steps'>,
  count: number,
): string {
  if (count < 2) return '';
  if (by === 'date') {
    return 'Ordered by when they were written, as there is no step in their names.';
  }
  return steps === undefined
    ? 'Ordered by the numbers in their names.'
    : 'Ordered by the step in their names.';
}

/** Which layer went bad first, when, and of what. */
export function verdictOf({ layers, members }: ExaminedSeries, times: MemberTimes): SeriesVerdict {
  const count = `${members.length} checkpoint${members.length === 1 ? '' : 's'}`;
  const [layer] = layers;
  const first = layer && foremost(layer.onsets);
  if (layer === undefined || first === undefined) {
    return { severity: 'healthy', text: `Nothing wrong found in any layer of ${count}.` };
  }
  const { goneAt, severity, id, finding } = first;
  const others = layers.filter(({ onsets }) => onsets.length > 0).length - 1;
  const more =
    others === 0 ? '' : ` ${others} more ${others === 1 ? 'layer has' : 'layers have'} findings.`;
  const lead =
    goneAt === undefined
      ? `${layer.name} went bad first, ${whenText(first, times)}: ${id}.`
      : `Nothing wrong is left in the last checkpoint; ${layer.name} had ${id} ${whenText(first, times)}.`;
  return { severity, text: `${lead} ${finding.message}${more}` };
}

/** `from step 300 on`. */
function whenText({ member, goneAt }: Onset, times: MemberTimes): string {
  const name = (i: number): string => times[i] ?? '';
  const from = member === 0 ? `from the first checkpoint (${name(0)})` : `from ${name(member)}`;
  return goneAt === undefined ? `${from} on` : `${from} until before ${name(goneAt)}`;
}

export function describeLayer(layer: ExaminedLayer, times: MemberTimes): SeriesLayer {
  const { name, channels, onsets, notes } = layer;
  return {
    name,
    channels,
    worst: foremost(onsets)?.severity ?? 'healthy',
    onsets: onsets.map(onset => ({
      id: onset.id,
      severity: onset.severity,
      member: onset.member,
      lasts: onset.goneAt === undefined,
      when: whenText(onset, times),
      message: onset.finding.message,
      fix: onset.finding.fix,
    })),
    notes,
  };
}
