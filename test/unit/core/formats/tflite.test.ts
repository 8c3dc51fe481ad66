import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { hdf5 } from '../../../../src/core/formats/hdf5';
import { recognise } from '../../../../src/core/formats/registry';
import { tflite } from '../../../../src/core/formats/tflite';
import { fakeSource } from './fakeSource';
import {
  bytesOf,
  fileSource,
  fixtureFolder,
  hasSamples,
  never,
  openFixture,
  refusalOf,
  samples,
  services,
  surviveDamage,
  valuesOf,
} from './fixtures';

const fixture = 'tflite/k3.tflite';
const fixtureBytes = (): Uint8Array => bytesOf(path.join(fixtureFolder, fixture));

/** A model of so many tensors, none of which is anywhere. */
function repeated(count: number): Uint8Array {
  const bytes = new Uint8Array(200 + 4 * count);
  const view = new DataView(bytes.buffer);
  const u32 = (at: number, value: number): void => view.setUint32(at, value, true);
  const table = (at: number, vtable: number, fields: readonly number[]): void => {
    view.setInt32(at, at - vtable, true);
    view.setUint16(vtable, 4 + 2 * fields.length, true);
    fields.forEach((offset, i) => view.setUint16(vtable + 4 + 2 * i, offset, true));
  };
  u32(0, 40);
  // The model: subgraphs at 44, buffers at 48.
  table(40, 8, [0, 0, 4, 0, 8]);
  u32(44, 60 - 44);
  u32(60, 1);
  u32(64, 72 - 64);
  u32(48, 140 - 48);
  u32(140, 1);
  u32(144, 156 - 144);
  // The subgraph, with its list of tensors at the end of the file.
  table(72, 84, [4]);
  u32(76, 200 - 4 - 76);
  u32(196, count);
  return bytes;
}

describe('tflite', () => {
  it('lists the constants of a model, and says where its batch norm has gone', async () => {
    const catalog = await openFixture(tflite, fixture);
    expect(catalog.entries).toHaveLength(11);
    expect(catalog.hints).toEqual([]);
    expect(catalog.notes).toEqual([expect.stringMatching(/folds batch norm/)]);
    // The converter transposes what Keras has as (16, 10).
    const kernel = await valuesOf(catalog, 'functional_1/dense_1/MatMul');
    const keras = await openFixture(hdf5, 'keras/k3.h5');
    const original = await valuesOf(keras, 'model_weights/dense/dense/kernel');
    const transposed = Array.from(kernel, (_, i) => original[(i % 16) * 10 + Math.floor(i / 16)]);
    expect([...kernel]).toEqual(transposed);
  });

  it('is recognised by its identifier', () => {
    expect(recognise(fixtureBytes().subarray(0, 4096), 'model')).toBe(tflite);
  });

  it('reads little of a large model', async () => {
    const bytes = new Uint8Array(5_000_000);
    bytes.set(fixtureBytes());
    const source = fakeSource('m.tflite', bytes);
    expect((await tflite.open(source, services, never)).entries).toHaveLength(11);
    expect(source.bytesRead()).toBeLessThan(20_000);
  });

  it.each([
    ['nothing', new Uint8Array(0), /byte 0 of 0/],
    [
      'an offset out of the file',
      new Uint8Array([255, 255, 255, 255, 0x54, 0x46, 0x4c, 0x33]),
      /points to byte/,
    ],
    [
      'a table without a table of fields',
      new Uint8Array([8, 0, 0, 0, 0x54, 0x46, 0x4c, 0x33]),
      /points to byte/,
    ],
    ['more tensors than any model has', repeated(100_001), /100001 elements/],
  ])('refuses %s', async (_what, bytes, message) => {
    const work = (): Promise<unknown> =>
      tflite.open(fakeSource('m.tflite', bytes), services, never);
    expect(await refusalOf(work)).toMatch(message);
  });

  it('survives damage', () => surviveDamage(tflite, fixture));
});

describe.runIf(hasSamples)('tflite, a foreign model', () => {
  it('has no batch norm left', async () => {
    const file = path.join(samples, 'ultraface/version-slim-320_without_postprocessing.tflite');
    const { entries, hints } = await tflite.open(fileSource(file), services, never);
    expect(entries).toHaveLength(90);
    expect(hints).toEqual([]);
  });
});
