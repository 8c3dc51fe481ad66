import { describe, expect, it } from 'vitest';
import { pytorch } from '../../../src/core/batchnorm/conventions/pytorch';
import type { Result } from '../../../src/core/problem';
import type { BlockWalk, Cells, CellWindow } from '../../../src/core/tensor/cells';
import { countHistogram, slotsOf } from '../../../src/core/statistics/histogram';
import { summarizeChannels } from '../../../src/core/statistics/reference';
import { channelLayout } from '../../../src/core/tensor/shape';
import { createEngine } from '../../../src/engine/engine';
import { toWireLayer } from '../../../src/protocol/wireLayer';
import { makeLayer, never, problemOf, readWhole, valueOf } from './support';

/** The tests of slices, for each kind of memory that tensors may live in. */
export function describeCells(): void {
  const engine = createEngine();

  describe('the cells of a slice', () => {
    const shape = [3, 4, 5];
    const data = Float32Array.from({ length: 60 }, (_, i) => i);
    const layer = toWireLayer(makeLayer(pytorch, shape, 1));
    const flags = { training: false, trainable: true };
    const whole = (count: number, stride: number, block = 1): BlockWalk => ({
      count,
      stride,
      block,
    });

    it('are read by strides, backwards too, facet by facet', async () => {
      const { id } = valueOf(
        await engine.load({ shape, dtype: 'float32', data: data.slice() }, never),
      );
      const window = {
        offset: 3 * 5,
        rows: whole(2, -5),
        columns: whole(3, 2),
        facets: { count: 2, stride: 20 },
      };
      const cells = valueOf(
        await engine.cells({ of: { tensor: id }, window, reduction: 'pick' }, never),
      );
      expect([...cells.values]).toEqual([15, 17, 19, 10, 12, 14, 35, 37, 39, 30, 32, 34]);
      expect([cells.facets, cells.rows, cells.columns]).toEqual([2, 2, 3]);
      await engine.close(id, never);
    });

    it('are means of blocks, which say what was not finite in them', async () => {
      const odd = data.slice();
      [odd[0], odd[1], odd[2]] = [NaN, Infinity, -Infinity];
      const { id } = valueOf(await engine.load({ shape, dtype: 'float32', data: odd }, never));
      const window = {
        offset: 0,
        rows: whole(12, 5, 8),
        columns: whole(5, 1, 3),
        facets: { count: 1, stride: 0 },
      };
      const cells = valueOf(
        await engine.cells({ of: { tensor: id }, window, reduction: 'mean' }, never),
      );
      expect([cells.rows, cells.columns]).toEqual([2, 2]);
      const mean = (rows: number[], columns: number[]): number => {
        const all = rows
          .flatMap(r => columns.map(c => odd[r * 5 + c] as number))
          .filter(Number.isFinite);
        return Math.fround(all.reduce((a, b) => a + b, 0) / all.length);
      };
      const [top, bottom] = [
        [0, 1, 2, 3, 4, 5, 6, 7],
        [8, 9, 10, 11],
      ];
      expect([...cells.values]).toEqual([
        mean(top, [0, 1, 2]),
        mean(top, [3, 4]),
        mean(bottom, [0, 1, 2]),
        mean(bottom, [3, 4]),
      ]);
      expect([...(cells.odd ?? [])]).toEqual([7, 0, 0, 0]);
      await engine.close(id, never);
    });

    it('are of the difference of two tensors, until one of them is gone', async () => {
      const input = valueOf(
        await engine.load({ shape, dtype: 'float32', data: data.slice() }, never),
      );
      const { output } = valueOf(
        await engine.step({ input: input.id, layer, flags, steps: 1 }, never),
      );
      const written = await readWhole(engine, output);
      const window = {
        offset: 0,
        rows: whole(1, 0),
        columns: whole(60, 1),
        facets: { count: 1, stride: 0 },
      };
      const request = {
        of: { tensor: output.id, minus: input.id },
        window,
        reduction: 'pick',
      } as const;
      const cells = valueOf(await engine.cells(request, never));
      expect([...cells.values]).toEqual(
        Array.from(data, (x, i) => Math.fround((written[i] as number) - x)),
      );
      const same = { ...request, of: { tensor: input.id, minus: input.id } };
      expect([...valueOf(await engine.cells(same, never)).values]).toEqual(Array(60).fill(0));
      await engine.step({ input: input.id, layer, flags, steps: 1 }, never);
      expect(problemOf(await engine.cells(request, never)).code).toBe('superseded');
      await engine.close(input.id, never);
    });

    it('have a spread, whose percentiles leave outliers out', async () => {
      const values = Float32Array.from({ length: 1000 }, (_, i) => i);
      [values[0], values[999], values[500]] = [-1e9, 1e9, NaN];
      const { id } = valueOf(
        await engine.load({ shape: [10, 100], dtype: 'float32', data: values }, never),
      );
      const grid = {
        offset: 0,
        rows: { count: 10, stride: 100 },
        columns: { count: 100, stride: 1 },
        facets: { count: 1, stride: 0 },
      };
      const spread = valueOf(await engine.spread({ of: { tensor: id }, grid }, never));
      expect(spread).toMatchObject({
        n: 1000,
        finite: 999,
        nan: 1,
        min: -1e9,
        max: 1e9,
        ranked: 999,
      });
      expect([spread.low, spread.high]).toEqual([9, 990]);
      await engine.close(id, never);
    });

    it('of integers are exact, beyond what float32 holds too', async () => {
      const ints = Int32Array.of(16777217, 2147483647, -2147483648, 3);
      const { id } = valueOf(
        await engine.load({ shape: [4], dtype: 'int32', data: ints.slice() }, never),
      );
      const window = {
        offset: 0,
        rows: whole(1, 0),
        columns: whole(4, 1),
        facets: { count: 1, stride: 0 },
      };
      const request = { of: { tensor: id }, window, reduction: 'pick' } as const;
      expect([...valueOf(await engine.cells(request, never)).values]).toEqual([...ints]);
      await engine.close(id, never);
    });

    it('that leave the tensor are refused', async () => {
      const { id } = valueOf(
        await engine.load({ shape, dtype: 'float32', data: data.slice() }, never),
      );
      const facets = { count: 1, stride: 0 };
      const outside = { offset: 50, rows: whole(3, 5), columns: whole(5, 1), facets };
      const asked = (window: CellWindow): Promise<Result<Cells>> =>
        engine.cells({ of: { tensor: id }, window, reduction: 'pick' }, never);
      expect(problemOf(await asked(outside)).code).toBe('window-invalid');
      expect(problemOf(await asked({ ...outside, offset: -1 })).code).toBe('window-invalid');
      const huge = { offset: 0, rows: whole(60, 100_000), columns: whole(100_000, 1), facets };
      expect(problemOf(await asked(huge)).code).toBe('window-too-large');
      for (const stuck of [
        { rows: whole(1_000_000, 0), columns: whole(1, 0) },
        { rows: whole(1, 0), columns: whole(2, 0) },
      ]) {
        const { code, message } = problemOf(await asked({ ...stuck, offset: 0, facets }));
        expect([code, message]).toEqual([
          'window-invalid',
          expect.stringMatching(/^\d+ elements with stride 0 are one element \d+ times/),
        ]);
      }
      const endless = { count: 5_000_000_000, stride: 0 };
      const grid = { offset: 0, rows: endless, columns: { count: 1, stride: 1 }, facets };
      expect(problemOf(await engine.spread({ of: { tensor: id }, grid }, never)).code).toBe(
        'window-invalid',
      );
      const none = { ...outside, rows: whole(0, 5) };
      expect(valueOf(await asked(none)).values).toHaveLength(0);
      await engine.close(id, never);
    });
  });

  describe('the extremes of an input', () => {
    const shape = [50, 4, 40];
    const axis = 1;
    const data = Float32Array.from({ length: 8000 }, (_, i) => ((i * 7919) % 1009) / 100 - 3);
    data[1] = NaN;
    data[41] = -Infinity;
    data[42] = Infinity;
    for (let outer = 0; outer < 50; outer++) data.fill(NaN, outer * 160 + 80, outer * 160 + 120);

    it('are those of the finite elements, before a step and after it', async () => {
      const { min, max } = summarizeChannels(data, channelLayout(shape, axis));
      expect([min[2], max[2]]).toEqual([NaN, NaN]);
      const input = valueOf(
        await engine.load({ shape, dtype: 'float32', data: data.slice() }, never),
      );
      const asked = { input: input.id, axis };
      expect(valueOf(await engine.extremes(asked, never))).toEqual({ min, max });
      const layer = toWireLayer(makeLayer(pytorch, shape, axis));
      const flags = { training: true, trainable: true };
      valueOf(await engine.step({ input: input.id, layer, flags, steps: 1 }, never));
      expect(valueOf(await engine.extremes(asked, never))).toEqual({ min, max });
      const aborted = AbortSignal.abort();
      expect(problemOf(await engine.extremes({ ...asked, axis: 0 }, aborted)).code).toBe(
        'cancelled',
      );
      expect(problemOf(await engine.extremes({ ...asked, axis: 3 }, never)).code).toBe(
        'axis-out-of-range',
      );
      await engine.close(input.id, never);
      expect(problemOf(await engine.extremes(asked, never)).code).toBe('superseded');
    });
  });

  describe('a histogram', () => {
    const shape = [50, 3, 40];
    const data = Float32Array.from({ length: 6000 }, (_, i) => ((i * 7919) % 1009) / 100 - 3);
    const range = {
      bins: 16,
      low: Float64Array.of(-3, 0, 1),
      high: Float64Array.of(7, 7.08, 2),
    };

    it('of each channel and of the whole is that of plain counting', async () => {
      const { id } = valueOf(
        await engine.load({ shape, dtype: 'float32', data: data.slice() }, never),
      );
      const slots = slotsOf(range.bins);
      const wanted = countHistogram(data, channelLayout(shape, 1), range);
      for (const channel of [2, 0, 1]) {
        const request = { tensor: id, axis: 1, range, channel };
        const { counts } = valueOf(await engine.histogram(request, never));
        expect(counts).toEqual(wanted.slice(channel * slots, (channel + 1) * slots));
      }
      const one = { bins: 16, low: Float64Array.of(-2), high: Float64Array.of(7) };
      const whole = { tensor: id, axis: null, range: one, channel: 0 };
      expect(valueOf(await engine.histogram(whole, never)).counts).toEqual(
        countHistogram(data, { outer: 1, channels: 1, inner: 6000 }, one),
      );
      await engine.close(id, never);
    });

    it('of an output is counted anew after each step, and of integers too', async () => {
      const ints = Int32Array.from(data, x => Math.round(x));
      const input = valueOf(await engine.load({ shape, dtype: 'int32', data: ints }, never));
      const layer = toWireLayer(makeLayer(pytorch, shape, 1));
      const count = async (tensor: number): Promise<Uint32Array> =>
        valueOf(await engine.histogram({ tensor, axis: 1, range, channel: 0 }, never)).counts;
      expect(await count(input.id)).toEqual(
        countHistogram(ints, channelLayout(shape, 1), range).slice(0, slotsOf(16)),
      );
      for (const training of [true, false]) {
        const request = { input: input.id, layer, flags: { training, trainable: true }, steps: 1 };
        const { output } = valueOf(await engine.step(request, never));
        const written = await readWhole(engine, output);
        expect(await count(output.id)).toEqual(
          countHistogram(written, channelLayout(shape, 1), range).slice(0, slotsOf(16)),
        );
      }
      await engine.close(input.id, never);
    });

    it('is refused where its range or its channel is none', async () => {
      const { id } = valueOf(
        await engine.load({ shape, dtype: 'float32', data: data.slice() }, never),
      );
      const asked = async (change: object): Promise<string> => {
        const request = { tensor: id, axis: 1, range, channel: 0, ...change };
        return problemOf(await engine.histogram(request, never)).code;
      };
      expect(await asked({ channel: 3 })).toBe('channel-out-of-range');
      expect(await asked({ axis: 0 })).toBe('range-invalid');
      expect(await asked({ range: { ...range, low: Float64Array.of(NaN, 0, 0) } })).toBe(
        'range-invalid',
      );
      expect(await asked({ range: { ...range, bins: 0 } })).toBe('bins-invalid');
      await engine.close(id, never);
    });
  });
}
