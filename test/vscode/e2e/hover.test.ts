import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './workbench';

const rows = Array.from({ length: 24 }, (_, row) => {
  const cells = Array.from({ length: 8 }, (_, column) => ((row * 7 + column * 13) % 29) - column);
  return `    [${cells.join(', ')}],`;
});
const python = [
  'gamma = np.array([2, 2, 2, 2, 1, 1, 1, 1])',
  'training = True',
  'x = np.array([',
  ...rows,
  '])',
].join('\n');

describe('the hover as a person meets it (pictures in out/screenshots)', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1200, height: 900 });
    writeFileSync(join(workbench.folder, 'activations.py'), python);
    await workbench.openFile('activations.py');
  });
  afterAll(() => workbench.close());

  /** Rests the cursor on a place and asks for the hover by keyboard. */
  async function showHover(line: number, column: number): Promise<Locator> {
    const hover = workbench.page.locator('.monaco-hover:visible', { hasText: 'f32[' });
    await workbench.goTo(line, column);
    await workbench.runCommand('Show or Focus Hover');
    await hover.waitFor();
    return hover;
  }

  /** By setting: the picker's first answer depends on what this VS Code was asked before. */
  async function setTheme(name: string, marker: string): Promise<void> {
    const folder = join(workbench.folder, '.vscode');
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'settings.json'), JSON.stringify({ 'workbench.colorTheme': name }));
    await workbench.page.locator(`.monaco-workbench.${marker}`).waitFor();
  }

  it.each([
    { theme: 'Default Light Modern', marker: 'vs' },
    { theme: 'Default Dark Modern', marker: 'vs-dark' },
    { theme: 'Default High Contrast Light', marker: 'hc-light' },
    { theme: 'Default High Contrast', marker: 'hc-black' },
  ])('shows table and histograms: $theme', async ({ theme, marker }) => {
    await setTheme(theme, marker);
    const hover = await showHover(8, 8);
    const image = hover.getByRole('img', { name: 'Histograms of the input and the output' });
    await image.waitFor();
    // A picture that VS Code refused would have no size.
    await expect.poll(() => image.evaluate(shown => shown.clientWidth)).toBe(312);
    expect(await hover.getByRole('row').count()).toBe(6);
    expect(await hover.innerText()).toContain('f32[24,8] n=192');
    const name = `hover-${theme.toLowerCase().replaceAll(' ', '-')}`;
    await workbench.screenshot(name);
    await image.scrollIntoViewIfNeeded();
    await workbench.screenshot(`${name}-scrolled`);
    await workbench.page.keyboard.press('Escape');
  });

  it('opens the inspector by its link', async () => {
    const hover = await showHover(8, 8);
    await hover.getByRole('link', { name: 'Open in the inspector' }).click();
    await workbench
      .panel()
      .getByRole('switch', { name: /training/i })
      .first()
      .waitFor();
    await workbench.screenshot('hover-opened');
  });
});
