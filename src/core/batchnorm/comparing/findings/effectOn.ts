import { formatSignificant } from '../../../text/format';
import { channelsWhere, evidenceTable } from '../../diagnose/channelsWhere';
import { epsilonOf, usualEpsilon, type ComparedPair } from '../layerPair';
import {
  inputDeviations,
  mostAffected,
  outputEffect,
  type InferenceNumbers,
} from '../outputEffect';
import type { Effect } from './pairFinding';

/** A's layer as inference has it. */
export function inferenceOfA({ a, values }: ComparedPair): InferenceNumbers {
  return { ...values.a, epsilon: epsilonOf(a)?.value ?? usualEpsilon };
}

/**
 * What one difference does to a layer's outputs in inference, by itself.
 * @param layer its name
 * @param before without the difference
 * @param after with it
 * @param columns numbers of a channel that explain it, by label
 * @returns undefined where no output changes
 */
export function effectOn(
  layer: string,
  before: InferenceNumbers,
  after: InferenceNumbers,
  columns: Readonly<Record<string, ArrayLike<number>>>,
): Effect | undefined {
  const sizes = outputEffect(before, after);
  const worst = mostAffected(sizes);
  if (worst === undefined) return undefined;
  // What is not a number is worse than any that is.
  const sizeOf = (c: number): number => (Number.isNaN(sizes[c]) ? Infinity : (sizes[c] as number));
  const size = sizeOf(worst);
  const channel = `channel ${worst} of ${layer === '' ? 'the layer' : layer}`;
  const told = Object.entries({ 'output change': sizes, ...columns }).map(
    ([label, of]) => [label, (c: number) => of[c] as number] as const,
  );
  return {
    size,
    sentence:
      size === Infinity
        ? `The output of ${channel} is not a number for that.`
        : `The output of ${channel} differs for that by up to ${formatSignificant(size, 3)} over inputs within ${inputDeviations} moving deviations of its mean, and no channel's differs more.`,
    evidence: { channel: worst, outputChange: sizes[worst] as number },
    table: evidenceTable(
      channelsWhere(sizes.length, c => sizeOf(c) > 0),
      sizeOf,
      Object.fromEntries(told),
    ),
  };
}
