import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../hosts/places.mjs';
import { installExtension } from '../../hosts/extensionFolder.mjs';
import { extensionsFolder } from '../../hosts/server.mjs';
import { inspectFile } from './openSample';
import { seed } from './seed';
import { Workbench } from './workbench';

const patience = { timeout: 15_000 };

describe('Restricted Mode', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open({
      extension: 'none',
      server: { trust: true },
      install: dataFolder => installExtension(root, extensionsFolder(dataFolder)),
    });
  });
  afterAll(() => workbench.close());

  it('is what the window says it is in', async () => {
    await workbench.page
      .getByRole('button', { name: /Restricted Mode/ })
      .first()
      .waitFor();
  });

  it('leaves everything working', async () => {
    const panel = await inspectFile(workbench, 'seed.bn.json');
    await expect.poll(() => panel.movingMeans(), patience).toEqual(seed.movingMeanAfter);
    await panel.set('training', false);
    await expect.poll(() => panel.movingMeans(), patience).toEqual([0, 0, 0, 0]);
  });
});
