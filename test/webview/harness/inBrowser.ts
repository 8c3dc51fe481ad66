import { afterAll, afterEach, beforeAll, describe, expect } from 'vitest';
import { browserMissing, findBrowser, openPages, type Pages } from './pages';

/**
 * Tests of pages in a real browser; without one they are skipped aloud. After each the strict policy and the console
 * must have stayed silent, whatever it did.
 * @param tests is given the pages, which are there while its tests run
 */
export function inBrowser(name: string, tests: (pages: Pages) => void): void {
  const executable = findBrowser();
  if (executable === undefined) console.warn(browserMissing);
  describe.runIf(executable)(name, { timeout: 60_000 }, () => {
    let opened: Pages | undefined;
    const now = (): Pages => opened ?? expect.fail('the browser is not there yet');
    beforeAll(async () => {
      opened = await openPages(executable ?? '');
    }, 60_000);
    afterAll(() => opened?.close());
    afterEach(() => {
      expect(now().takeErrors()).toEqual([]);
    });
    tests({
      open: options => now().open(options),
      takeErrors: () => now().takeErrors(),
      close: () => now().close(),
    });
  });
}
