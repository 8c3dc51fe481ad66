import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { HelperData } from '../../../../src/engine/threads/helperData';
import type { Oddity } from './oddHelper';

/** Helper threads, as they are shipped and as they should not be. */
export interface HelperBundles {
  readonly start: (data: HelperData) => Worker;
  readonly startOdd: (oddity: Oddity) => (data: HelperData) => Worker;
  dispose(): Promise<void>;
}

export async function buildHelpers(): Promise<HelperBundles> {
  const folder = await mkdtemp(path.join(tmpdir(), 'normscope-'));
  await build({
    entryPoints: ['src/engine/threads/helper.ts', 'test/unit/engine/threads/oddHelper.ts'],
    outdir: folder,
    entryNames: '[name]',
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  const started = (name: string, workerData: object): Worker =>
    new Worker(path.join(folder, name), { workerData, execArgv: [] });
  return {
    start: data => started('helper.js', data),
    startOdd: oddity => data => started('oddHelper.js', { ...data, oddity }),
    dispose: () => rm(folder, { recursive: true }),
  };
}
