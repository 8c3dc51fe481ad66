import { describe, expect, it } from 'vitest';
import { valueOf } from '../../engine/support';
import { parseRecordedLine, type RecordedLine } from '../../../../src/core/recording/line';
import { LayerSeries } from '../../../../src/core/recording/series';

function line(step: number, movingMean: readonly number[], n = 4): RecordedLine {
  return valueOf(parseRecordedLine(JSON.stringify({ step, layer: 'bn', n, movingMean })));
}

function seriesOf(lines: readonly RecordedLine[], most?: number): LayerSeries {
  const series = new LayerSeries('bn', lines[0] as RecordedLine, most);
  for (const one of lines) series.add(one);
  return series;
}

describe('the series of a layer', () => {
  it('has a point a line', () => {
    const series = seriesOf([line(0, [1, 2]), line(5, [3, 4]), line(6, [5, 6], 9)]);
    expect(series.points('movingMean', 1)).toEqual({
      steps: Float64Array.of(0, 5, 6),
      values: Float64Array.of(2, 4, 6),
    });
    expect(series).toMatchObject({ lines: 3, kept: 3, stride: 1, n: 9, outOfOrder: 0 });
    expect(series.has('batchMean')).toBe(false);
    expect(series.points('batchMean', 0).steps).toHaveLength(0);
    expect(series.points('movingMean', 2).steps).toHaveLength(0);
  });

  it('is in the order of the steps where the lines are not, and the last of a step counts', () => {
    const series = seriesOf([
      line(1, [1]),
      line(2, [2]),
      line(3, [3]),
      line(2, [20]),
      line(3, [30]),
    ]);
    expect(series.points('movingMean', 0)).toEqual({
      steps: Float64Array.of(1, 2, 3),
      values: Float64Array.of(1, 20, 30),
    });
    expect(series.outOfOrder).toBe(1);
    expect(seriesOf([line(4, [1]), line(4, [2])]).outOfOrder).toBe(1);
  });

  it('is thinned past a limit, and keeps its ends and each channel’s extremes', () => {
    const lines = Array.from({ length: 1001 }, (_, step) => line(step, [step % 7, -step % 5]));
    lines[333] = line(333, [99, 0]);
    lines[501] = line(501, [0, -99]);
    const series = seriesOf(lines, 64);
    expect(series.kept).toBeLessThanOrEqual(64);
    expect(series.kept).toBeGreaterThan(25);
    expect(series.lines).toBe(1001);
    expect(series.stride).toBe(16);
    for (const [channel, step, value] of [
      [0, 333, 99],
      [1, 501, -99],
    ] as const) {
      const { steps, values } = series.points('movingMean', channel);
      expect(steps[0]).toBe(0);
      expect(steps.at(-1)).toBe(1000);
      expect(values[steps.indexOf(step)]).toBe(value);
      steps.forEach((at, i) => {
        expect(values[i]).toBe((lines[at] as RecordedLine).arrays.movingMean?.[channel]);
      });
    }
  });

  it('has no extremes among numbers that are not finite', () => {
    const lines = [NaN, Infinity, 1, -Infinity, NaN, NaN, NaN, 2].map((x, step) =>
      line(
        step,
        [x].map(value => (Number.isFinite(value) ? value : (String(value) as never))),
      ),
    );
    const { steps, values } = seriesOf(lines, 4).points('movingMean', 0);
    expect([...steps]).toEqual([0, 2, 4, 7]);
    expect([...values]).toEqual([NaN, 1, NaN, 2]);
  });
});
