import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './workbench';

describe('a key of a run file', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open();
    await workbench.openFile('seed.bn.json');
  });
  afterAll(() => workbench.close());

  const hover = (): Locator => workbench.page.locator('.monaco-hover:visible');

  it.each([
    [15, 'Added to the variance inside the square root'],
    [14, 'The moving variance, which normalises in inference'],
  ])('in line %i says what it means when one rests on it', async (line, meaning) => {
    await workbench.focusEditor('seed.bn.json');
    await workbench.goTo(line, 5);
    // The JSON server may still be starting: it is asked again.
    await expect
      .poll(
        async () => {
          await workbench.runCommand('Show or Focus Hover');
          const text = await hover()
            .first()
            .innerText({ timeout: 2_000 })
            .catch(() => '');
          await workbench.page.keyboard.press('Escape');
          return text;
        },
        { timeout: 40_000 },
      )
      .toContain(meaning);
  });
});
