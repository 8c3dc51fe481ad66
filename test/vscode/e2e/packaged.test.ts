import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runChild } from '../../hosts/children.mjs';
import { root } from '../../hosts/places.mjs';
import { installVsix } from '../../hosts/server.mjs';
import { openSample } from './openSample';
import type { PanelPage } from './panelPage';
import { combinations, seed } from './seed';
import { Workbench } from './workbench';

const patience = { timeout: 15_000 };

describe('the packaged extension, installed into a fresh VS Code', () => {
  let workbench: Workbench;
  let panel: PanelPage;

  beforeAll(async () => {
    const status = await runChild(process.execPath, ['scripts/package.mjs', '--no-build'], {
      cwd: root,
    });
    expect(status).toBe(0);
    workbench = await Workbench.open({
      extension: 'none',
      install: dataFolder => installVsix(vsix(), dataFolder),
    });
    panel = await openSample(workbench);
  });
  afterAll(() => workbench.close());

  it.each(combinations)('$name', async ({ training, trainable, moves, name, output }) => {
    await panel.set('training', training);
    await panel.set('trainable', trainable);
    await expect
      .poll(() => panel.movingMeans(), patience)
      .toEqual(moves ? seed.movingMeanAfter : [0, 0, 0, 0]);
    expect(await panel.matrixOutput(name)).toBeCloseTo(output[0] ?? NaN, 6);
  });
});

function vsix(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const { name, version } = manifest as { name: string; version: string };
  return join(root, `${name}-${version}.vsix`);
}
