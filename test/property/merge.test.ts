import { describe, expect, it } from 'vitest';
import { firstNonFinite } from '../../src/core/statistics/firstNonFinite';
import {
  emptyMoments,
  mergeAll,
  mergeableMoments,
  mergeMoments,
  toMoments,
  type MergeableMoments,
} from '../../src/core/statistics/merge';
import { channelMoments } from '../../src/core/statistics/reference';
import type { ChannelLayout } from '../../src/core/tensor/shape';
import { printedSeed, Random } from './random';

const seed = printedSeed('merge');

function always(law: (random: Random) => void): void {
  for (let run = 0; run < 200; run++) {
    try {
      law(new Random(seed + run));
    } catch (error) {
      throw new Error(`seed ${seed + run}: ${String(error)}`);
    }
  }
}

interface Scene {
  readonly data: Float32Array;
  readonly layout: ChannelLayout;
}

/** Channels of any mean and deviation, among them 1e4 and 1e-2. */
function randomScene(random: Random): Scene {
  const layout = {
    outer: random.integer(1, 40),
    channels: random.integer(1, 5),
    inner: random.integer(1, 9),
  };
  const [mean, std] = [random.pick([0, 1, -50, 1e4]), random.pick([1e-2, 1, 300])];
  const size = layout.outer * layout.channels * layout.inner;
  const data = Float32Array.from({ length: size }, () => mean + std * random.normal());
  return { data, layout };
}

/** Cuts along the outer axis at random places; a part may be empty. */
function randomParts(random: Random, { data, layout }: Scene): MergeableMoments[] {
  const row = layout.channels * layout.inner;
  const cuts = Array.from({ length: random.integer(0, 8) }, () => random.integer(0, layout.outer));
  const bounds = [0, ...cuts, layout.outer].sort((a, b) => a - b);
  return bounds.slice(1).map((end, i) => {
    const start = bounds[i] as number;
    const part = data.slice(start * row, end * row);
    return mergeableMoments(part, { ...layout, outer: end - start });
  });
}

/** Within a few units of float64: of the mean's size for the mean, of the spread's for the variance. */
function expectSame(parts: readonly MergeableMoments[], { data, layout }: Scene): void {
  const whole = channelMoments(data, layout);
  const merged = toMoments(mergeAll(parts, layout.channels));
  for (let c = 0; c < layout.channels; c++) {
    const [mean, variance] = [whole.mean[c] as number, whole.variance[c] as number];
    const size = Math.abs(mean) + Math.sqrt(variance);
    expect(merged.n[c]).toBe(whole.n[c]);
    expect(Math.abs((merged.mean[c] as number) - mean)).toBeLessThanOrEqual(1e-14 * size + 1e-300);
    const off = Math.abs((merged.variance[c] as number) - variance);
    expect(off).toBeLessThanOrEqual(1e-12 * variance + 1e-14 * size * Math.sqrt(variance));
  }
}

/** Cuts along the outer and the inner axis, as the tiles of a kernel do. */
function randomTiles(random: Random, { data, layout }: Scene): MergeableMoments[] {
  const { outer, channels, inner } = layout;
  const [rows, columns] = [random.integer(1, outer), random.integer(1, inner)];
  const tiles: MergeableMoments[] = [];
  for (let row = 0; row < outer; row += rows) {
    for (let column = 0; column < inner; column += columns) {
      const part = {
        outer: Math.min(rows, outer - row),
        channels,
        inner: Math.min(columns, inner - column),
      };
      const values = Float32Array.from({ length: part.outer * channels * part.inner }, (_, i) => {
        const [line, at] = [Math.floor(i / part.inner), i % part.inner];
        return data[(row * channels + line) * inner + column + at] as number;
      });
      tiles.push(mergeableMoments(values, part));
    }
  }
  return tiles;
}

describe('merged moments', () => {
  it('are those of one pass, in tiles of any size', () => {
    always(random => {
      const scene = randomScene(random);
      expectSame(randomTiles(random, scene), scene);
    });
  });

  it('are those of one pass, however the batch is cut', () => {
    always(random => {
      const scene = randomScene(random);
      expectSame(randomParts(random, scene), scene);
    });
  });

  it('are those of one pass, in whatever order the parts come', () => {
    always(random => {
      const scene = randomScene(random);
      const parts = randomParts(random, scene);
      const shuffled = parts
        .map(part => ({ part, key: random.next() }))
        .sort((a, b) => a.key - b.key)
        .map(({ part }) => part);
      expectSame(shuffled, scene);
    });
  });

  it('have no order: a with b is b with a, and nothing adds nothing', () => {
    always(random => {
      const scene = randomScene(random);
      const [a, b] = [randomParts(random, scene), randomParts(random, scene)].map(parts =>
        mergeAll(parts, scene.layout.channels),
      ) as [MergeableMoments, MergeableMoments];
      const [ab, ba] = [mergeMoments(a, b), mergeMoments(b, a)];
      ab.mean.forEach((mean, c) => {
        expect(Math.abs(mean - (ba.mean[c] as number))).toBeLessThanOrEqual(
          1e-14 * Math.abs(mean) + 1e-14,
        );
      });
      const nothing = emptyMoments(scene.layout.channels);
      expect(mergeMoments(a, nothing)).toEqual(a);
      expect(mergeMoments(nothing, a)).toEqual(a);
    });
  });

  it('keep a NaN in its channel', () => {
    always(random => {
      const scene = randomScene(random);
      const { data, layout } = scene;
      const at = random.integer(0, data.length - 1);
      const sick = Math.floor(at / layout.inner) % layout.channels;
      const healthy = toMoments(mergeAll([mergeableMoments(data, layout)], layout.channels));
      data[at] = random.pick([NaN, Infinity, -Infinity]);
      const merged = toMoments(mergeAll(randomParts(random, scene), layout.channels));
      for (let c = 0; c < layout.channels; c++) {
        if (c === sick) {
          expect(merged.variance[c]).toBeNaN();
          expect(merged.mean[c]).toBe(data[at]);
        } else expect(merged.mean[c]).toBeCloseTo(healthy.mean[c] as number, 6);
      }
      const first = firstNonFinite(data, layout);
      expect(Array.from(first)).toEqual(
        Array.from({ length: layout.channels }, (_, c) => (c === sick ? at : -1)),
      );
    });
  });

  it('of nothing are the moments of nothing', () => {
    expect(toMoments(mergeAll([], 2))).toEqual(
      channelMoments(new Float32Array(0), { outer: 0, channels: 2, inner: 3 }),
    );
  });
});
