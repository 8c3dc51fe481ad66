import type { ComparedLayer } from '../layerPair';
import { noChannels, type PairFindingRule } from './pairFinding';

/** Channels are at another axis: one input means two things. */
export const axisDiffers: PairFindingRule = {
  id: 'axis-differs',
  find: ({ a, b }) => {
    const [inA, inB] = [axisOf(a), axisOf(b)];
    if (!inA || !inB || inA.axis === inB.axis) return undefined;
    // Channels last in one framework and first in another is what they are used with.
    const isUsual = inA.isDefault && inB.isDefault;
    return {
      severity: isUsual ? 'note' : 'warning',
      message: `Channels are ${inA.text} in A, and ${inB.text} in B: the same input needs its axes moved, or other numbers are normalised together.`,
      channels: noChannels,
      evidence: { channelAxisA: inA.axis, channelAxisB: inB.axis },
      fix: `Give B what A is given with its channels moved to axis ${inB.axis} (from NHWC to NCHW: transpose(0, 3, 1, 2); back: transpose(0, 2, 3, 1))${isUsual ? '' : `, or make B’s layer with axis ${inA.axis}`}.`,
      source: 'keras#11321, tensorflow#53104',
    };
  },
};

interface Axis {
  readonly axis: number;
  /** Whether it is where the framework has it. */
  readonly isDefault: boolean;
  readonly text: string;
}

/** @returns undefined where neither its file nor its framework tells */
function axisOf({ statement, convention }: ComparedLayer): Axis | undefined {
  const usual = convention?.defaults.channelAxis;
  const axis = statement.channelAxis ?? usual;
  if (axis === undefined) return undefined;
  const isDefault = axis === usual;
  const origin = isDefault ? ` (the default of ${convention?.name ?? ''})` : '';
  return { axis, isDefault, text: `at axis ${axis}${origin}` };
}
