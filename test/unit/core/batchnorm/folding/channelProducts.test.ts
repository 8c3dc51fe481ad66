import { expect, it } from 'vitest';
import {
  channelRatios,
  ProductStream,
} from '../../../../../src/core/batchnorm/folding/channelProducts';
import { channelLayout } from '../../../../../src/core/tensor/shape';

const shape = [2, 3, 2] as const;
const a = Float32Array.from({ length: 12 }, (_, i) => i - 5);

it('finds by how much each channel was multiplied, whatever the axis and the parts', () => {
  for (const axis of [0, 1, 2]) {
    const layout = channelLayout(shape, axis);
    const of = (i: number): number => Math.floor(i / layout.inner) % layout.channels;
    const b = a.map((x, i) => x * (of(i) - 0.5));
    const stream = new ProductStream(layout);
    stream.add(a.subarray(0, 5), b.subarray(0, 5), 0);
    stream.add(a.subarray(5), b.subarray(5), 5);
    const { ratio, residual } = channelRatios(stream.products());
    expect([...ratio].map(x => Number(x.toFixed(6)))).toEqual(
      Array.from({ length: layout.channels }, (_, o) => o - 0.5),
    );
    expect(residual).toBeLessThan(1e-6);
  }
});

it('sees that two weights have nothing in common', () => {
  const stream = new ProductStream(channelLayout(shape, 0));
  stream.add(
    a,
    Float32Array.from(a, (_, i) => Math.cos(3 * i)),
    0,
  );
  expect(channelRatios(stream.products()).residual).toBeGreaterThan(0.5);
});

it('a channel of zeros has no ratio, and one that came from nothing is not explained', () => {
  const stream = new ProductStream(channelLayout([2, 2], 0));
  stream.add(Float32Array.of(0, 0, 1, 2), Float32Array.of(0, 0, 2, 4), 0);
  expect(channelRatios(stream.products())).toEqual({
    ratio: Float64Array.of(NaN, 2),
    residual: 0,
  });
  const other = new ProductStream(channelLayout([1, 2], 0));
  other.add(Float32Array.of(0, 0), Float32Array.of(1, 1), 0);
  expect(channelRatios(other.products()).residual).toBe(1);
});
