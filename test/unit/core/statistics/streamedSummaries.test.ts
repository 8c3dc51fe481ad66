import { expect, it } from 'vitest';
import { summarizeChannels } from '../../../../src/core/statistics/reference';
import { SummaryStream } from '../../../../src/core/statistics/streamedSummaries';

const values = Float32Array.from({ length: 240 }, (_, i) => 1e4 + Math.sin(i * 7) * 3);
values[5] = NaN;
values[60] = Infinity;
values[61] = -Infinity;
// Channel 3 of 4 has nothing finite.
for (let i = 3; i < 240; i += 4) values[i] = NaN;

const layout = { outer: 60, channels: 4, inner: 1 };

function expectSame(stream: SummaryStream): void {
  const got = stream.summaries();
  const { histogram: _, mean, std, ...counted } = summarizeChannels(values, layout);
  expect(got).toMatchObject(counted);
  for (let c = 0; c < 3; c++) {
    expect(got.mean[c]).toBeCloseTo(mean[c] as number, 9);
    expect(got.std[c]).toBeCloseTo(std[c] as number, 9);
  }
  expect([got.mean[3], got.std[3], got.min[3]]).toEqual([NaN, NaN, NaN]);
}

it('of the whole are the summaries of the reference', () => {
  const stream = new SummaryStream(4);
  stream.add(values, layout, 0);
  expectSame(stream);
});

it('of rows, one after the other, are the same', () => {
  const stream = new SummaryStream(4);
  for (const [from, to] of [
    [0, 1],
    [1, 1],
    [1, 37],
    [37, 60],
  ] as const) {
    const part = values.subarray(from * 4, to * 4);
    stream.add(part, { ...layout, outer: to - from }, 0);
  }
  expectSame(stream);
});

it('of some channels at a time are the same', () => {
  const stream = new SummaryStream(4);
  for (const [first, channels] of [
    [2, 2],
    [0, 1],
    [1, 1],
  ] as const) {
    const part = values.filter((_, i) => i % 4 >= first && i % 4 < first + channels);
    stream.add(part, { ...layout, channels }, first);
  }
  expectSame(stream);
});

it('of nothing say so', () => {
  const { n, min, mean, std } = new SummaryStream(1).summaries();
  expect([n[0], min[0], mean[0], std[0]]).toEqual([0, NaN, NaN, NaN]);
});
