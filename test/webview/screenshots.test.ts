import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { inBrowser } from './harness/inBrowser';
import type { PageOptions } from './harness/pages';
import { themeNames } from './harness/server';

const folder = path.resolve(import.meta.dirname, '../../out/screenshots');

interface Shot extends PageOptions {
  readonly name: string;
  /** What is done before. */
  readonly act?: (page: Page) => Promise<void>;
}

async function worstFirst(page: Page): Promise<void> {
  await page.getByText('2 errors').waitFor();
  await page.getByRole('radio', { name: 'Batch norms, worst first' }).click();
  await page.locator('.tree-row').first().click();
}

async function fixDrift(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^Fix drift here/ }).click();
  await page.getByRole('table', { name: 'Before and after the fix' }).waitFor();
}

/** The panel as people see it, for people to look at: in out/screenshots, ignored by git. */
inBrowser('screenshots', pages => {
  beforeAll(() => void mkdirSync(folder, { recursive: true }));

  const shots: readonly Shot[] = [
    ...themeNames.map(theme => ({ name: `seed-${theme}`, theme, width: 1100, height: 1000 })),
    ...themeNames.map(theme => ({ name: `many-${theme}`, theme, scenario: 'many', width: 1440 })),
    { name: 'seed-narrow', width: 520, height: 1500 },
    { name: 'many-narrow', scenario: 'many', width: 520, height: 1500 },
    {
      name: 'conventions',
      act: page => page.getByRole('checkbox', { name: 'All conventions' }).click(),
    },
    {
      name: 'picker',
      theme: 'light',
      act: page => page.getByRole('combobox', { name: 'Convention' }).click(),
    },
    {
      name: 'editing',
      act: async page => {
        await page.locator('[aria-rowindex="3"] [aria-colindex="2"]').dblclick();
        await page.keyboard.type('half');
        await page.keyboard.press('Enter');
      },
    },
    {
      name: 'edited',
      theme: 'light',
      act: async page => {
        await page.locator('[aria-rowindex="3"] [aria-colindex="2"]').dblclick();
        await page.keyboard.type('0.5');
        await page.keyboard.press('Enter');
        await page.getByRole('button', { name: 'Step', exact: true }).click();
      },
    },
    {
      name: 'banner',
      act: async page => {
        await page.getByRole('switch', { name: 'training' }).waitFor();
        await page.evaluate(() => window.harness.setText('{ "input": [[1, 2], [3]] }'));
      },
    },
    { name: 'wide', scenario: 'many', width: 1800 },
    { name: 'special', scenario: 'special', width: 1440, height: 1100 },
    { name: 'ambiguous', scenario: 'ambiguous', theme: 'light' },
    ...themeNames.map(theme => ({
      name: `fixed-${theme}`,
      theme,
      scenario: 'drift',
      act: fixDrift,
    })),
    { name: 'fixed-narrow', scenario: 'drift', width: 520, act: fixDrift },
    { name: 'findings-narrow', scenario: 'drift', width: 520 },
    { name: 'failed', scenario: 'failed', height: 600 },
    { name: 'empty', scenario: 'empty', height: 600 },
    { name: 'empty-light', scenario: 'empty', theme: 'light', height: 600 },
    { name: 'loading', hold: true, height: 600 },
    ...themeNames.map(theme => ({
      name: `file-${theme}`,
      page: 'tensorFile' as const,
      theme,
      act: (page: Page) => page.getByRole('row', { name: /bn1/ }).first().click(),
    })),
    { name: 'file-narrow', page: 'tensorFile', width: 520, act: worstFirst },
    { name: 'file-layers', page: 'tensorFile', theme: 'light', act: worstFirst },
    {
      name: 'file-partial',
      page: 'tensorFile',
      scenario: 'partial',
      act: page => page.getByRole('row', { name: /attn_q/ }).click(),
    },
    {
      name: 'file-written',
      page: 'tensorFile',
      act: async page => {
        await page.getByRole('row', { name: /bn1/ }).first().waitFor();
        await page.evaluate(() => window.files.write('cut'));
      },
    },
    {
      name: 'file-changed',
      page: 'tensorFile',
      theme: 'light',
      act: async page => {
        await page.getByText('2 errors').waitFor();
        await page.evaluate(() => window.files.write('grown'));
      },
    },
    { name: 'file-failed', page: 'tensorFile', scenario: 'cut', height: 600 },
    { name: 'file-nothing', page: 'tensorFile', scenario: 'nothing', height: 600 },
    { name: 'file-loading', page: 'tensorFile', hold: true, height: 600 },
  ];

  test.each<Shot>(shots)('$name', async ({ name, act, ...options }) => {
    const page = await pages.open(options);
    await act?.(page);
    await page.waitForTimeout(400);
    await page.screenshot({ path: path.join(folder, `${name}.png`), fullPage: true });
    await page.close();
    expect(pages.takeErrors()).toEqual([]);
  });
});
