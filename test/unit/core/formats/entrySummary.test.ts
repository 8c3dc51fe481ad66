import { describe, expect, it } from 'vitest';
import type { TensorEntry } from '../../../../src/core/formats/catalog';
import { summarizeEntry } from '../../../../src/core/formats/entrySummary';
import { npy } from '../../../../src/core/formats/npy';
import { npz } from '../../../../src/core/formats/npz';
import { torch } from '../../../../src/core/formats/torch';
import { summarizeChannels } from '../../../../src/core/statistics/reference';
import { fakeSource } from './fakeSource';
import { entryOf, never, openFixture, refusalOf, services } from './fixtures';
import { float32Npy, zipFile } from './zipFile';

const elements = 2_500_000;
const values = Array.from({ length: elements }, (_, i) => 1000 + Math.sin(i));
values[3] = NaN;
values[elements - 1] = -Infinity;
const array = float32Npy(values);
const whole = summarizeChannels(Float32Array.from(values), {
  outer: 1,
  channels: 1,
  inner: elements,
});

async function expectSame(entry: TensorEntry): Promise<void> {
  const { summary, shape, dtype } = await summarizeEntry(entry, never);
  expect([shape, dtype, summary.histogram]).toEqual([[elements], 'float32', undefined]);
  for (const name of ['n', 'nan', 'posInf', 'negInf', 'min', 'max'] as const) {
    expect([name, summary[name]]).toEqual([name, whole[name]]);
  }
  expect(summary.mean[0]).toBeCloseTo(whole.mean[0] ?? NaN, 9);
  expect(summary.std[0]).toBeCloseTo(whole.std[0] ?? NaN, 9);
}

describe('the summary of a tensor of a file', () => {
  it('is that of all its elements, read once and in pieces', async () => {
    const source = fakeSource('x.npy', array);
    const { entries } = await npy.open(source, services, never);
    const before = { reads: source.reads(), bytes: source.bytesRead() };
    await expectSame(entries[0] as TensorEntry);
    expect(source.reads() - before.reads).toBe(3);
    expect(source.bytesRead() - before.bytes).toBe(4 * elements);
  });

  it('is the same of what cannot be read in pieces', async () => {
    const archive = zipFile([{ name: 'x.npy', data: array, deflate: true }]);
    const { entries } = await npz.open(fakeSource('x.npz', archive), services, never);
    await expectSame(entries[0] as TensorEntry);
  });

  it('has a histogram where the tensor is small, and one more axis where it is complex', async () => {
    const catalog = await openFixture(torch, 'torch/dtypes.pt');
    const { summary, shape } = await summarizeEntry(entryOf(catalog, 'complex64'), never);
    expect(shape).toEqual([2, 3, 2]);
    expect(summary.n[0]).toBe(12);
    expect(summary.histogram?.reduce((sum, count) => sum + count, 0)).toBe(12);
    const reason = await refusalOf(() => summarizeEntry(entryOf(catalog, 'sparse'), never));
    expect(reason).toContain('it is a sparse tensor');
  });

  it('can be cancelled between two pieces', async () => {
    const { entries } = await npy.open(fakeSource('x.npy', array), services, never);
    const cancelled = AbortSignal.abort();
    expect(await refusalOf(() => summarizeEntry(entries[0] as TensorEntry, cancelled))).toBe(
      'Cancelled.',
    );
  });
});
