import { describe, expect, it } from 'vitest';
import { channelMoments } from '../../../../src/core/statistics/reference';
import { slotsOf, type HistogramRange } from '../../../../src/core/statistics/histogram';
import type { ChannelLayout } from '../../../../src/core/tensor/shape';
import { outputRules, type Affine } from '../../../../src/engine/kernels/affine';
import { PlainBins } from '../../../../src/engine/kernels/bins';
import { PlainExtremes } from '../../../../src/engine/kernels/extremes';
import {
  emptyHistogram,
  PlainHistogram,
  type InputHistogram,
} from '../../../../src/engine/kernels/histogram';
import {
  emptyStatistics,
  PlainMoments,
  type InputStatistics,
} from '../../../../src/engine/kernels/moments';
import { PlainNormalize } from '../../../../src/engine/kernels/normalize';
import type { Pass } from '../../../../src/engine/kernels/pass';
import { threadDevice, type Device } from '../../../../src/engine/kernels/simd/device';
import { SimdBins } from '../../../../src/engine/kernels/simd/bins';
import { SimdExtremes } from '../../../../src/engine/kernels/simd/extremes';
import { SimdHistogram } from '../../../../src/engine/kernels/simd/histogram';
import { SimdMoments } from '../../../../src/engine/kernels/simd/moments';
import { SimdNormalize } from '../../../../src/engine/kernels/simd/normalize';
import { planWalk, type Walk } from '../../../../src/engine/kernels/simd/walk';
import { printedSeed, Random } from '../../../property/random';
import { expectClose, valueOf } from '../support';

/** Rows and runs of all widths, with and without elements that are in no whole row; more than one part. */
const layouts: readonly ChannelLayout[] = [
  { outer: 4096, channels: 1, inner: 1 },
  { outer: 1001, channels: 3, inner: 1 },
  { outer: 517, channels: 8, inner: 1 },
  { outer: 333, channels: 64, inner: 1 },
  { outer: 311, channels: 5, inner: 7 },
  { outer: 300, channels: 1000, inner: 1 },
  { outer: 20_001, channels: 60, inner: 1 },
  { outer: 3, channels: 7, inner: 1001 },
  { outer: 5, channels: 9, inner: 16 * 17 },
  { outer: 2, channels: 2, inner: 600_001 },
  { outer: 40, channels: 33, inner: 49 },
];

const fillings = {
  normal: (random: Random) => random.normal(),
  'far from 0': (random: Random) => 1e4 + 1e-2 * random.normal(),
  'of few values': (random: Random) => random.integer(0, 16),
  'partly not finite': (random: Random) =>
    random.next() < 1e-4 ? random.pick([NaN, Infinity, -Infinity]) : random.normal(),
};

const seed = printedSeed('passes');
const device: Device = threadDevice() ?? expect.fail('Node has shared memory');

function run(pass: Pass, x: Float32Array, y: Float32Array = new Float32Array()): void {
  do for (let index = 0; index < pass.parts; index++) pass.part(index, x, y);
  while (pass.finish());
  pass.dispose();
}

/** Two float32 arrays in the engine's memory, given back after the work. */
function inMemory(size: number, work: (x: Float32Array, y: Float32Array) => void): void {
  const blocks = [
    valueOf(device.memory.allocate(size * 4)),
    valueOf(device.memory.allocate(size * 4)),
  ];
  const [x, y] = blocks.map(block => device.memory.float32(block, size)) as [
    Float32Array,
    Float32Array,
  ];
  work(x, y);
  for (const block of blocks) device.memory.free(block);
}

/** Every element that a histogram counts, whether clear of the edges or kept near one. */
function counted({ clear, edgeCount, strays }: InputHistogram): number {
  const sum = (values: Uint32Array): number => values.reduce((total, n) => total + n, 0);
  return sum(clear) + sum(edgeCount) + strays.length / 2;
}

function randomAffine(random: Random, { channels }: ChannelLayout): Affine {
  const column = (): Float64Array => Float64Array.from({ length: channels }, () => random.normal());
  return { mean: column().map(m => m * 1e4), scale: column(), beta: column() };
}

describe.each(Object.entries(fillings))('elements %s', (_, fill) => {
  it.each(layouts)(
    '$outer × $channels × $inner: the compiled passes find what plain loops do',
    layout => {
      const random = new Random(seed);
      const walk: Walk = planWalk(layout) ?? expect.fail('too small');
      const size = layout.outer * layout.channels * layout.inner;
      const before = device.memory.used;
      inMemory(size, (x, y) => {
        for (let i = 0; i < size; i++) x[i] = fill(random);
        const found = emptyStatistics(layout);
        const plain = emptyStatistics(layout);
        run(valueOf(SimdMoments.open(device, walk, found)), x);
        run(new PlainMoments(layout, plain), x);
        const wanted = channelMoments(x, layout);
        for (const { mean, variance } of [found, plain]) {
          expectClose(mean, wanted.mean, 1e-13, 1e-15);
          expectClose(variance, wanted.variance, 1e-10, 1e-15);
        }
        run(valueOf(SimdExtremes.open(device, walk, found)), x);
        run(new PlainExtremes(layout, plain), x);
        const finite = Array.from(wanted.mean, Number.isFinite);
        for (const name of ['min', 'max'] as const) {
          expect(found[name].filter((_, c) => finite[c])).toEqual(
            plain[name].filter((_, c) => finite[c]),
          );
        }
        const histogram = emptyHistogram(layout);
        if (histogram) {
          run(valueOf(SimdHistogram.open(device, walk, plain, histogram)), x);
          const other = emptyHistogram(layout) ?? expect.fail();
          run(new PlainHistogram(layout, plain, other), x);
          const n = layout.outer * layout.inner;
          expect(counted(histogram)).toBe(n * finite.filter(Boolean).length);
          expect(counted(other)).toBe(counted(histogram));
        }
        const range = rangeOf(layout, plain, random);
        const slots = layout.channels * slotsOf(range.bins);
        const [counts, others] = [new Uint32Array(slots), new Uint32Array(slots)];
        run(valueOf(SimdBins.open(device, walk, range, counts)), x);
        run(new PlainBins(layout, range, others), x);
        expect(
          Buffer.from(counts.buffer).equals(Buffer.from(others.buffer)),
          'the same counts',
        ).toBe(true);
        expect(counts.reduce((sum, n) => sum + n, 0)).toBe(size);
        const rules = outputRules(randomAffine(random, layout), layout, found);
        run(valueOf(SimdNormalize.open(device, walk, rules.single)), x, y);
        const expected = new Float32Array(size);
        const all = { ...rules, single32: new Uint8Array(layout.channels).fill(1) };
        run(new PlainNormalize(layout, all), x, expected);
        expect(bytesOf(y).equals(bytesOf(expected)), 'the same bits').toBe(true);
      });
      expect(device.memory.used).toBe(before);
    },
  );
});

it.each(layouts)(
  '$outer × $channels × $inner: a constant is in the first bin of a range without width',
  layout => {
    const walk: Walk = planWalk(layout) ?? expect.fail('too small');
    const size = layout.outer * layout.channels * layout.inner;
    inMemory(size, x => {
      x.fill(3);
      const at = new Float64Array(layout.channels).fill(3);
      for (const high of [at, at.map(low => low + 1e-38)]) {
        const range = { bins: 8, low: at, high };
        const counts = new Uint32Array(layout.channels * slotsOf(8));
        run(valueOf(SimdBins.open(device, walk, range, counts)), x);
        const others = new Uint32Array(counts.length);
        run(new PlainBins(layout, range, others), x);
        expect(Buffer.from(counts.buffer).equals(Buffer.from(others.buffer))).toBe(true);
        expect(counts[1]).toBe(layout.outer * layout.inner);
      }
    });
  },
);

/** Edges among the values, and values outside of them. */
function rangeOf(
  { channels }: ChannelLayout,
  { mean, variance }: InputStatistics,
  random: Random,
): HistogramRange {
  const bins = random.pick([1, 7, 16, 64]);
  const low = new Float64Array(channels).map((_, c) => {
    const from = Math.round((mean[c] as number) - Math.sqrt(variance[c] as number));
    return Number.isFinite(from) ? from : -1;
  });
  const width = random.pick([0, 1e-2, 1, 4]);
  return { bins, low, high: low.map(from => from + width) };
}

/** NaN has many patterns, and which one comes out is the processor's affair. */
function bytesOf(values: Iterable<number>): Buffer {
  const one = Float32Array.from(values, value => (Number.isNaN(value) ? NaN : value));
  return Buffer.from(one.buffer);
}
