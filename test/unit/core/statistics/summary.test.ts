import { describe, expect, it } from 'vitest';
import { summarizeChannels } from '../../../../src/core/statistics/reference';
import { summaryOfChannel } from '../../../../src/core/statistics/summary';

function summarize(...values: number[]): ReturnType<typeof summaryOfChannel> {
  const layout = { outer: 1, channels: 1, inner: values.length };
  return summaryOfChannel(summarizeChannels(Float32Array.from(values), layout));
}

describe('the summary of a tensor', () => {
  it('counts finite and other elements apart', () => {
    expect(summarize(1, NaN, 3, Infinity, -Infinity, -Infinity)).toEqual({
      n: 6,
      finite: 2,
      nan: 1,
      posInf: 1,
      negInf: 2,
      min: 1,
      max: 3,
      mean: 2,
      std: 1,
    });
  });

  it('has no range where nothing is finite', () => {
    const nothing = { finite: 0, min: NaN, max: NaN, mean: NaN, std: NaN };
    expect(summarize(NaN, Infinity)).toMatchObject({ n: 2, nan: 1, posInf: 1, ...nothing });
    expect(summarize()).toMatchObject({ n: 0, nan: 0, ...nothing });
  });

  it('is of the channel asked for', () => {
    const layout = { outer: 2, channels: 2, inner: 1 };
    const summaries = summarizeChannels(Float32Array.of(1, 10, 3, 30), layout);
    expect(summaryOfChannel(summaries, 1)).toMatchObject({ n: 2, min: 10, max: 30, mean: 20 });
  });
});
