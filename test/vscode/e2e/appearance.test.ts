import { statSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inspectFile } from './openSample';
import type { PanelPage } from './panelPage';
import { Workbench, type ThemeName } from './workbench';

const wide = { width: 1400, height: 1000 };
const themes: readonly { name: ThemeName; kind: string }[] = [
  { name: 'Light Modern', kind: 'vscode-light' },
  { name: 'Dark Modern', kind: 'vscode-dark' },
  { name: 'Light High Contrast', kind: 'vscode-high-contrast-light' },
  { name: 'Dark High Contrast', kind: 'vscode-high-contrast' },
];

describe('how the panel looks (pictures in out/screenshots)', () => {
  let workbench: Workbench;
  let panel: PanelPage;

  beforeAll(async () => {
    workbench = await Workbench.open(wide);
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    panel = await inspectFile(workbench, 'seed.bn.json');
  });
  afterAll(() => workbench.close());

  it.each(themes)('follows the theme: $name', async ({ name, kind }) => {
    await workbench.chooseTheme(name);
    const body = panel.frame.locator('body');
    await expect
      .poll(() => body.getAttribute('data-vscode-theme-kind'), { timeout: 10_000 })
      .toBe(kind);
    expect(await sidewaysScroll(panel)).toBe(0);
    const picture = await workbench.screenshot(`panel-${name.toLowerCase().replaceAll(' ', '-')}`);
    expect(statSync(picture).size).toBeGreaterThan(10_000);
  });

  it('shows everything at once in a tall window: the picture of README.md', async () => {
    await workbench.chooseTheme('Dark Modern');
    await workbench.resize(1500, 1380);
    await panel.selectChannel(0);
    const picture = await workbench.screenshot('readme');
    expect(statSync(picture).size).toBeLessThan(400_000);
    await workbench.resize(wide.width, wide.height);
  });

  it.each([
    { what: 'half an editor', width: 1280 },
    { what: 'half a small window', width: 900 },
  ])('fits $what', async ({ width }) => {
    await workbench.resize(width, wide.height);
    await panel.switch('training').scrollIntoViewIfNeeded();
    expect(await panel.switch('training').isVisible()).toBe(true);
    await expect.poll(() => sidewaysScroll(panel), { timeout: 5_000 }).toBe(0);
    await workbench.screenshot(`panel-width-${width}`);
  });
});

describe('how findings look (pictures in out/screenshots)', () => {
  let workbench: Workbench;
  let panel: PanelPage;

  beforeAll(async () => {
    workbench = await Workbench.open(wide);
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    panel = await inspectFile(workbench, 'domain-shift.bn.json');
    await panel.frame.getByText('Evidence of drift').click();
  });
  afterAll(() => workbench.close());

  /** With the findings at the top of the page. */
  const findingsFirst = async (): Promise<void> => {
    const heading = panel.frame.getByRole('heading', { name: 'Findings' });
    await heading.evaluate(element => element.scrollIntoView({ block: 'start' }));
  };

  it.each(themes)('opened, in the theme $name', async ({ name }) => {
    await workbench.chooseTheme(name);
    await findingsFirst();
    await workbench.screenshot(`finding-${name.toLowerCase().replaceAll(' ', '-')}`);
  });

  it('fixed here, in every theme and half a small window', async () => {
    await panel.frame.getByRole('button', { name: /^Fix drift here/ }).click();
    await panel.frame.getByRole('table', { name: 'Before and after the fix' }).waitFor();
    // Nothing else opens in its place.
    expect(await panel.frame.locator('details.evidence[open]').count()).toBe(0);
    for (const { name } of themes) {
      await workbench.chooseTheme(name);
      await findingsFirst();
      await workbench.screenshot(`fixed-${name.toLowerCase().replaceAll(' ', '-')}`);
    }
    await workbench.resize(900, wide.height);
    await findingsFirst();
    await expect.poll(() => sidewaysScroll(panel), { timeout: 5_000 }).toBe(0);
    await workbench.screenshot('fixed-half');
    await panel.frame
      .getByRole('button', { name: /^Undo moving mean/ })
      .first()
      .click();
    await panel.frame.getByText('Evidence of drift').click();
    await findingsFirst();
    await expect.poll(() => sidewaysScroll(panel), { timeout: 5_000 }).toBe(0);
    await workbench.screenshot('finding-half');
  });

  it('one opened to its evidence, below the channels: the first picture of README.md', async () => {
    await workbench.chooseTheme('Dark Modern');
    await workbench.resize(1180, 920);
    await workbench.runCommand('View: Close Editors in Other Groups');
    await expect
      .poll(() => panel.frame.getByRole('table').filter({ hasText: 'output error' }).count())
      .toBe(1);
    await panel.frame.getByRole('textbox', { name: /^Filter/ }).fill('drift>1');
    await expect.poll(() => panel.grid().getAttribute('aria-rowcount')).toBe('4');
    // Below the bar of the flags, which stays in view.
    await panel.frame.getByRole('heading', { name: 'Channels' }).evaluate(element => {
      element.style.scrollMarginTop = '150px';
      element.scrollIntoView({ block: 'start' });
    });
    const picture = await workbench.screenshot('readme-finding');
    expect(statSync(picture).size).toBeLessThan(400_000);
  });
});

/** Pixels by which the page is wider than its window: parts may scroll sideways, the page may not. */
async function sidewaysScroll(panel: PanelPage): Promise<number> {
  return panel.frame
    .locator('html')
    .evaluate(html => Math.max(0, html.scrollWidth - html.clientWidth));
}
