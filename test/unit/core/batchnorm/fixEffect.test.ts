import { describe, expect, it } from 'vitest';
import { fixEffect, type Examined } from '../../../../src/core/batchnorm/fixEffect';
import { step } from '../../../../src/core/batchnorm/step';
import type { BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import type { Flags } from '../../../../src/core/batchnorm/flags';
import { seedImage, seedLayer, tensor, unwrap } from './seed';

const inference: Flags = { training: false, trainable: true };
const training: Flags = { training: true, trainable: true };
const vector = (...values: number[]): Float64Array => Float64Array.from(values);

interface Case extends Examined {
  readonly output: Float32Array;
}

function examine(layer: BatchNormLayer, flags = inference, input = seedImage): Case {
  const { trace, output } = unwrap(step(layer, input, flags));
  return { layer, trace, output: Float32Array.from(output.data) };
}

/** max |after − before| of a channel on the last axis, element by element. */
function largest(before: Case, after: Case, channel: number): number {
  return before.output.reduce((most, y, i) => {
    const change = i % 4 === channel ? Math.abs((after.output[i] as number) - y) : 0;
    return Math.max(most, change);
  }, 0);
}

describe('what a fix does', () => {
  it('is told channel by channel, the largest change first, as the elements have it', () => {
    const before = examine(seedLayer('tf1'));
    const after = examine(seedLayer('tf1', { movingMean: vector(3, 0, -8, 0) }));
    const effect = fixEffect(before, after);
    expect(effect.channels).toEqual([2, 0]);
    expect(effect.columns.map(({ label }) => label)).toEqual(['output mean', 'moving mean next']);
    effect.channels.forEach((channel, row) => {
      expect(effect.largest[row]).toBeCloseTo(largest(before, after, channel), 5);
      const mean = effect.columns[0]?.after[row];
      expect(mean).toBe(after.trace.output.mean[channel]);
    });
    expect(effect.text).toBe(
      'The output changes in channels 0 and 2, by up to 15.99 (channel 2). The moving statistics after the next step are others in channels 0 and 2.',
    );
  });

  it.each([
    ['another scale', { gamma: vector(2, 5, 2, 2) }, 1],
    ['the other sign', { gamma: vector(2, -3, 2, 2) }, 1],
    ['a gamma of 0', { gamma: vector(2, 2, 0, 2) }, 2],
  ])('has the largest change under %s', (_, change, channel) => {
    for (const turned of [false, true]) {
      const pair = [examine(seedLayer('tf1')), examine(seedLayer('tf1', change))] as const;
      const [before, after] = turned ? [pair[1], pair[0]] : pair;
      const effect = fixEffect(before, after);
      expect(effect.channels).toEqual([channel]);
      expect(effect.largest[0]).toBeCloseTo(largest(before, after, channel), 5);
      expect(effect.text).toMatch(/^The output changes in channel \d, by up to [\d.]+\.$/);
    }
  });

  it('counts what becomes finite, and puts it first', () => {
    const layer = { movingMean: vector(0, 0, 100, 0), movingVariance: vector(1, -3, 1, 1) };
    const effect = fixEffect(examine(seedLayer('tf1', layer)), examine(seedLayer('tf1')));
    expect(effect.channels).toEqual([1, 2]);
    expect(effect.largest[0]).toBeNaN();
    const counted = effect.columns.find(({ label }) => label === 'not finite');
    expect([counted?.before, counted?.after]).toEqual([
      [4, 0],
      [0, 0],
    ]);
    expect(effect.text).toContain('in channels 1 and 2, by up to 199.9 (channel 2)');
  });

  it('of momentum is on the moving statistics alone', () => {
    const effect = fixEffect(
      examine(seedLayer('tf1', { momentum: 0.01 }), training),
      examine(seedLayer('tf1', { momentum: 0.99 }), training),
    );
    expect(effect.text).toBe(
      'The output stays as it was. The moving statistics after the next step are others in all 4 channels.',
    );
    expect(effect.largest).toEqual([]);
    expect(effect.columns.map(({ label }) => label)).toEqual([
      'moving mean next',
      'moving variance next',
    ]);
    expect(effect.columns[0]?.after[0]).toBeCloseTo(0.0325, 6);
  });

  it('of an axis is told of the whole output, by pooled numbers', () => {
    const input = tensor(
      [2, 3, 4],
      Array.from({ length: 24 }, (_, i) => i * i),
    );
    const of = (channelAxis: number, channels: number): Case => {
      const fill = (value: number): Float64Array => new Float64Array(channels).fill(value);
      const parameters = {
        gamma: fill(2),
        beta: fill(1),
        movingMean: fill(3),
        movingVariance: fill(channels),
      };
      return examine(seedLayer('tf1', { channelAxis, ...parameters }), inference, input);
    };
    const [before, after] = [of(2, 4), of(1, 3)];
    const effect = fixEffect(before, after);
    expect(effect.channels).toEqual([]);
    const mean = after.output.reduce((sum, y) => sum + y, 0) / 24;
    const std = Math.sqrt(after.output.reduce((sum, y) => sum + (y - mean) ** 2, 0) / 24);
    expect(effect.text).toContain('3 on axis 1, where there were 4 on axis 2');
    expect(effect.text).toContain(`→ ${mean.toPrecision(4)}`);
    expect(effect.text).toContain(`→ ${std.toPrecision(4)}.`);
  });

  it('of nothing is nothing', () => {
    const before = examine(seedLayer('tf1'));
    expect(fixEffect(before, before)).toEqual({
      text: 'The output stays as it was.',
      channels: [],
      columns: [],
      largest: [],
    });
  });

  it('has no largest change where parts of the batch are normalised apart', () => {
    const input = tensor(
      [4, 4],
      Array.from({ length: 16 }, (_, i) => i * i),
    );
    const of = (gamma: number): Case =>
      examine(
        seedLayer('tf1', {
          channelAxis: 1,
          virtualBatchSize: 2,
          gamma: new Float64Array(4).fill(gamma),
        }),
        training,
        input,
      );
    const effect = fixEffect(of(1), of(2));
    expect(effect.largest).toEqual([]);
    expect(effect.text).toBe('The output changes in all 4 channels.');
  });
});
