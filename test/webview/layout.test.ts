import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { inBrowser } from './harness/inBrowser';

/** What can be read at which width: a number that is cut is a wrong number. */
inBrowser('the layout', pages => {
  const formula = (page: Page): Locator => page.getByRole('group', { name: 'Worked formula' });

  test.each([1850, 1000, 575, 400, 320])(
    'at %i pixels every number of the worked formula is in sight',
    async width => {
      for (const scenario of ['seed', 'special']) {
        const page = await pages.open({ width, scenario });
        await formula(page).waitFor();
        expect(await cut(formula(page)), scenario).toEqual([]);
        await page.close();
      }
    },
  );

  test('a bracket of the formula stays whole where the line has room for it', async () => {
    const page = await pages.open({ width: 575 });
    const tops = await formula(page).evaluate(element => {
      const line = element.querySelectorAll('.aligned')[1];
      const pairs = [...(line?.querySelectorAll('.pair') ?? [])];
      const open = pairs.findIndex(pair => pair.textContent === '((');
      const close = pairs.findIndex(pair => pair.textContent === '))');
      return pairs.slice(open, close + 1).map(pair => pair.getBoundingClientRect().top);
    });
    expect(tops.length).toBeGreaterThan(4);
    expect(new Set(tops).size).toBe(1);
    await page.close();
  });

  test('the four combinations fit half an editor, with what the statistics are now', async () => {
    const page = await pages.open({ width: 575 });
    const table = page.getByRole('table', { name: 'Flags compared' });
    await table.waitFor();
    expect(await hiddenSide(table)).toBe('');
    expect(await cut(page.locator('.matrix-scroll'))).toEqual([]);
    expect(await table.getByRole('columnheader', { name: 'moving mean now 0' }).count()).toBe(1);
    await page.close();
  });

  test('all conventions leave the sentence its width', async () => {
    const page = await pages.open({ width: 1850 });
    await page.getByRole('checkbox', { name: 'All conventions' }).click();
    const table = page.getByRole('table', { name: 'Flags compared' });
    await expect.poll(() => table.getByRole('columnheader').count()).toBeGreaterThan(5);
    const verdict = page.getByRole('region', { name: 'What happens' });
    expect((await verdict.boundingBox())?.width).toBeGreaterThan(600);
    await page.close();
  });

  test('an edge fades where columns of the grid are out of sight', async () => {
    const page = await pages.open({ width: 575 });
    const grid = page.getByRole('grid', { name: 'Channels' });
    await expect.poll(() => hiddenSide(grid)).toBe('right');
    await grid.getByRole('rowheader', { name: '0' }).click();
    await page.keyboard.press('End');
    await expect.poll(() => hiddenSide(grid)).toBe('left');
    await page.setViewportSize({ width: 1500, height: 900 });
    await expect.poll(() => hiddenSide(grid)).toBe('');
    await page.close();
  });
});

/** Texts of the leaves that reach out of their box. */
function cut(box: Locator): Promise<readonly string[]> {
  return box.evaluate(element => {
    const { left, right } = element.getBoundingClientRect();
    const leaves = [...element.querySelectorAll('span, b')].filter(
      leaf => leaf.childElementCount === 0 && leaf.closest('.visually-hidden, .old') === null,
    );
    const outside = leaves.filter(leaf => {
      const place = leaf.getBoundingClientRect();
      return place.width > 0 && (place.left < left || place.right > right);
    });
    return outside.map(leaf => leaf.textContent);
  });
}

/** Where more of a box is, as its frame is marked. */
function hiddenSide(inside: Locator): Promise<string | null> {
  return inside.evaluate(
    element => element.closest('.sideways')?.getAttribute('data-more') ?? null,
  );
}
