import { describe, expect, it } from 'vitest';
import { nonFiniteInput } from '../../../../src/core/batchnorm/diagnose/nonFiniteInput';
import { step } from '../../../../src/core/batchnorm/step';
import { firstNonFinite } from '../../../../src/core/statistics/firstNonFinite';
import { seedImage, seedLayer, unwrap } from '../batchnorm/seed';

describe('the first element that is not finite', () => {
  it('is found for each channel, in the order of the data', () => {
    const data = Float64Array.of(1, NaN, 2, Infinity, 3, NaN, NaN, 0, -Infinity, 1, 1, 1);
    // [outer 2, channels 3, inner 2]
    expect(Array.from(firstNonFinite(data, { outer: 2, channels: 3, inner: 2 }))).toEqual([
      1, 3, 5,
    ]);
    expect(Array.from(firstNonFinite(data, { outer: 3, channels: 4, inner: 1 }))).toEqual([
      8, 1, 6, 3,
    ]);
    expect(
      Array.from(firstNonFinite(Float32Array.of(1, 2), { outer: 1, channels: 2, inner: 1 })),
    ).toEqual([-1, -1]);
  });

  it('is named in the finding', () => {
    const flags = { training: true, trainable: true };
    const data = seedImage.data.slice();
    data[9] = NaN;
    data[13] = Infinity;
    const layer = seedLayer('tf1');
    const { trace } = unwrap(step(layer, { ...seedImage, data }, flags));
    const found = nonFiniteInput.find({ layer, trace, rank: 4, flags });
    expect(found?.channels).toEqual([1]);
    expect(found?.evidence).toMatchObject({ channel: 1, firstIndex: 9 });
    expect(found?.message).toMatch(/in channel 1, first at element 9: every output/);
    const { shape } = seedImage;
    const placed = nonFiniteInput.find({ layer, trace, rank: 4, shape, flags });
    expect(placed?.message).toMatch(/in channel 1, first at element 9, \[0,1,0,1\]: every output/);
    expect(placed?.evidence).toMatchObject({ firstOfEachChannel: 'element 9, [0,1,0,1]' });
    const { firstNonFinite: _, ...without } = trace;
    const unsaid = nonFiniteInput.find({ layer, trace: without, rank: 4, flags });
    expect(unsaid?.evidence).not.toHaveProperty('firstIndex');
    expect(unsaid?.message).toMatch(/in channel 1: every output/);
  });
});
