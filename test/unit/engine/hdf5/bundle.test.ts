import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Hdf5Library } from '../../../../src/core/formats/hdf5/library';
import type * as sources from '../../../../src/engine/hdf5/library';
import { openCatalog } from '../../../../src/core/formats/registry';
import { fakeSource } from '../../core/formats/fakeSource';
import { bytesOf, fixtureFolder, never, services } from '../../core/formats/fixtures';
import { hdf5Bundle } from '../../../../scripts/hdf5Bundle.js';

/** As it is shipped: a module graph of its own, with its binary beside it. */
describe('the bundle of the HDF5 library', () => {
  let folder: string;
  let library: Hdf5Library;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'normscope-'));
    const outfile = path.join(folder, 'hdf5.mjs');
    await build({
      ...hdf5Bundle,
      outfile,
      format: 'esm',
      bundle: true,
      platform: 'node',
      logLevel: 'warning',
    });
    const bundle: unknown = await import(/* @vite-ignore */ pathToFileURL(outfile).href);
    const { createHdf5Library } = bundle as typeof sources;
    library = await createHdf5Library(() => undefined);
  });
  afterAll(() => rm(folder, { recursive: true }));

  const whole = bytesOf(`${fixtureFolder}/keras/k3.h5`);
  const open = (bytes: Uint8Array): ReturnType<typeof openCatalog> =>
    openCatalog(
      fakeSource('k3.h5', bytes),
      { ...services, hdf5: () => Promise.resolve(library) },
      never,
    );

  it('lists a file', async () => {
    expect(await open(whole)).toMatchObject({ ok: true, value: { format: 'hdf5' } });
  });

  it('refuses what is damaged as every other reader does', async () => {
    expect(await open(whole.slice(0, 3000))).toMatchObject({
      ok: false,
      problem: {
        code: 'hdf5-unreadable',
        message: expect.stringMatching(/^k3\.h5: .*truncated file/) as string,
      },
    });
  });
});
