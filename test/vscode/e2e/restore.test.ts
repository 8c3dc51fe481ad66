import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectFile } from './openSample';
import { PanelPage } from './panelPage';
import { seed } from './seed';
import { Workbench } from './workbench';

const patience = { timeout: 15_000 };

describe('a window reload', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open();
  });
  afterAll(() => workbench.close());

  it('brings the panel back with its flags and its committed step', async () => {
    const before = await inspectFile(workbench, 'seed.bn.json');
    await before.button('Step').click();
    await expect
      .poll(async () => (await before.numbers(0, 'moving mean'))[0], patience)
      .toBe(seed.movingMeanAfter[0]);
    await before.set('training', false);
    await expect.poll(() => before.verdict(), patience).toMatch(/^The moving mean/);

    await workbench.reload();

    const after = new PanelPage(workbench.panel());
    await after.shown();
    expect(await after.isOn('training')).toBe(false);
    expect(await after.isOn('trainable')).toBe(true);
    await expect.poll(() => after.movingMeans(), patience).toEqual(seed.movingMeanAfter);
  });
});
