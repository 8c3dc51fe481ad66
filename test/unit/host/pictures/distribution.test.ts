import { describe, expect, it } from 'vitest';
import { slotsOf } from '../../../../src/core/statistics/histogram';
import type { RangeKind } from '../../../../src/core/batchnorm/histogramRange';
import { distributionHandlers } from '../../../../src/host/pictures/distribution';
import type { DistributionReply } from '../../../../src/protocol/pictures/distribution';
import { Random } from '../../../property/random';
import { valueOf } from '../../engine/support';
import { act, flags, openSession } from '../inspection/openSession';

const values = 1000;
const bins = 32;

/** Asks for the picture as a page does. */
async function ask(
  layer: object,
  range: RangeKind,
  training: boolean,
  x: readonly number[],
): Promise<DistributionReply> {
  const opened = await openSession(JSON.stringify({ x: x.map(value => [value]), ...layer }));
  await act(opened, flags(training, true));
  const { distribution } = distributionHandlers(opened.session.tensors);
  const request = { scope: 'channel', bins, range, channel: 0 } as const;
  return valueOf(await distribution(request, new AbortController().signal));
}

/** How many values lie below the range, and above it. */
const outside = (counts: Uint32Array): unknown => {
  expect(counts).toHaveLength(slotsOf(bins));
  return [counts[0], counts[bins + 1]];
};

describe('the distribution', () => {
  const random = new Random(3);
  const x = Array.from({ length: values }, () => random.normal());

  // Where gamma is small the output rounds to few values, which say nothing of the input's extremes.
  it.each([
    ['1e-9', { gamma: [1e-9], beta: [1] }],
    ['0', { gamma: [0], beta: [1] }],
    ['−1e-9', { gamma: [-1e-9], beta: [-300] }],
    ['1', { gamma: [1], beta: [0] }],
  ])('has all values in the range of all, at gamma %s', async (_, layer) => {
    for (const training of [true, false]) {
      const reply = await ask(layer, 'full', training, x);
      expect(outside(reply.input), `training ${training}`).toEqual([0, 0]);
      expect(outside(reply.output)).toEqual([0, 0]);
      expect(reply.input.reduce((sum, count) => sum + count)).toBe(values);
      const robust = await ask(layer, 'robust', training, x);
      expect(outside(robust.input)).toEqual([0, 0]);
    }
  });
});
