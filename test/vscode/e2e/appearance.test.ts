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
    await workbench.resize(1500, 1500);
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

/** Pixels by which the page is wider than its window: parts may scroll sideways, the page may not. */
async function sidewaysScroll(panel: PanelPage): Promise<number> {
  return panel.frame
    .locator('html')
    .evaluate(html => Math.max(0, html.scrollWidth - html.clientWidth));
}
