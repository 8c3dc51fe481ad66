import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PanelPage } from './panelPage';
import { combinations, seed } from './seed';
import { openSample } from './openSample';
import { Workbench } from './workbench';

const patience = { timeout: 10_000 };
const zeros = [0, 0, 0, 0];
const ones = [1, 1, 1, 1];

describe('the panel on the sample', () => {
  let workbench: Workbench;
  let panel: PanelPage;

  beforeAll(async () => {
    workbench = await Workbench.open();
    panel = await openSample(workbench);
  });
  afterAll(() => workbench.close());

  it('shows the batch means of the four channels', async () => {
    await expect.poll(() => panel.column('batch mean'), patience).toEqual(seed.batchMean);
  });

  it.each(combinations)('$name: the seed question’s numbers', async combination => {
    await panel.set('training', combination.training);
    await panel.set('trainable', combination.trainable);
    const { moves } = combination;
    await expect
      .poll(() => panel.movingMeans(), patience)
      .toEqual(moves ? seed.movingMeanAfter : zeros);
    await expect
      .poll(() => panel.column('moving variance'), patience)
      .toEqual(moves ? seed.movingVarianceAfter : ones);
    for (const [channel, output] of combination.output.entries()) {
      await panel.selectChannel(channel);
      await expect
        .poll(() => panel.matrixOutput(combination.name), patience)
        .toBeCloseTo(output, 6);
    }
  });

  it('says which statistics normalise', async () => {
    await panel.set('training', true);
    await expect.poll(() => panel.verdict(), patience).toMatch(/batch's own mean and variance/);
    await panel.set('training', false);
    await expect.poll(() => panel.verdict(), patience).toMatch(/^The moving mean and variance/);
  });

  it('toggles from the palette, by keyboard alone', async () => {
    await panel.set('training', false);
    await workbench.runCommand('Normscope: Toggle Training');
    await expect.poll(() => panel.isOn('training'), patience).toBe(true);
    await panel.set('trainable', false);
    await workbench.runCommand('Normscope: Toggle Trainable');
    await expect.poll(() => panel.isOn('trainable'), patience).toBe(true);
    await expect.poll(() => panel.movingMeans(), patience).toEqual(seed.movingMeanAfter);
  });

  it('commits a step, and takes it back', async () => {
    await panel.set('training', true);
    await panel.set('trainable', true);
    await panel.button('Step').click();
    await expect
      .poll(async () => (await panel.numbers(0, 'moving mean'))[0], patience)
      .toBe(seed.movingMeanAfter[0]);
    await workbench.runCommand('Normscope: Undo Step or Edit');
    await expect.poll(async () => (await panel.numbers(0, 'moving mean'))[0], patience).toBe(0);
  });
});
