import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PanelPage } from '../vscode/e2e/panelPage';
import { Workbench } from '../vscode/e2e/workbench';
import { runFileText } from './documents';
import type { Measurements } from './measure';

const toggles = 15;

/** The series that the engine's table takes up. */
export const activation = 'activation, without the engine';

/** The first is also the first use of the engine. */
const inputs = [
  { name: '1e3 elements', file: 'bench-small.bn.json', shape: [1, 4, 4, 64], settled: true },
  { name: '1e6 elements', file: 'bench-large.bn.json', shape: [16, 32, 32, 64], settled: true },
  {
    name: '1e6 elements while VS Code still loads the text',
    file: 'bench-busy.bn.json',
    shape: [16, 32, 32, 64],
    settled: false,
  },
] as const;

/** One round in a window of its own: from the first command to the painted panel, and toggles to their paint. */
export async function measurePanel(measured: Measurements): Promise<void> {
  const workbench = await Workbench.open();
  try {
    measured.add(activation, await activationTime(workbench));
    for (const [index, input] of inputs.entries()) {
      writeFileSync(join(workbench.folder, input.file), runFileText(input.shape));
      await workbench.openFile(input.file);
      if (input.settled) await windowAtRest(workbench);
      const start = await startInspection(workbench);
      const panel = new PanelPage(workbench.panel());
      await panel.shown();
      const painted = await panel.frame.locator('body').evaluate(afterNextPaint);
      if (index === 0) measured.add('first use: command to painted panel', painted - start);
      else measured.add(`opening ${input.name}: command to painted panel`, painted - start);
      for (let i = 0; i < toggles; i++) {
        const took = await panel.frame.locator('body').evaluate(toggleToPaint);
        // The first finds the code not yet compiled.
        if (i > 0) measured.add(`toggle to its paint, ${input.name}`, took);
      }
      await workbench.runCommand('View: Close All Editors');
    }
  } catch (error) {
    console.error(`the window then: ${await workbench.screenshot('bench', 'failures')}`);
    throw error;
  } finally {
    await workbench.close();
  }
}

/** One round in a window of its own: activation alone. */
export async function measureActivation(measured: Measurements): Promise<void> {
  const workbench = await Workbench.open();
  try {
    measured.add(activation, await activationTime(workbench));
  } finally {
    await workbench.close();
  }
}

/** @returns VS Code's own figure: loading the code and running `activate` */
async function activationTime(workbench: Workbench): Promise<number> {
  await workbench.openFile('seed.bn.json');
  await workbench.runCommand('Developer: Show Running Extensions');
  const list = workbench.page.locator('.runtime-extensions-editor');
  const row = list.locator('.monaco-list-row', { hasText: /normscope/i });
  const text = await row.locator('.activation-time').innerText();
  const milliseconds = /(\d+)\s*ms/.exec(text)?.[1];
  if (milliseconds === undefined) throw new Error(`VS Code says “${text}” of the activation`);
  // It is a dialog over the window.
  await workbench.page.keyboard.press('Escape');
  await workbench.runCommand('View: Close All Editors');
  return Number(milliseconds);
}

/** @returns when the command was sent, as `Date.now()`, which the page shares */
async function startInspection(workbench: Workbench): Promise<number> {
  await workbench.prepareCommand('Normscope: Inspect Tensor at Cursor or Selection');
  const start = Date.now();
  await workbench.page.keyboard.press('Enter');
  return start;
}

/**
 * Waits until the extension host has the text and the window has drawn it: VS Code loads, colours and lays out a text of
 * megabytes for seconds after its tab is there, in the thread that draws the panel too.
 */
async function windowAtRest({ page }: Workbench): Promise<void> {
  await page.locator('.codelens-decoration').first().waitFor();
  await page.evaluate(secondWithoutLongTask);
}

/** Runs in the page; at most half a minute. */
async function secondWithoutLongTask(): Promise<void> {
  const start = performance.now();
  let last = start;
  const observer = new PerformanceObserver(() => (last = performance.now()));
  observer.observe({ entryTypes: ['longtask'] });
  while (performance.now() - last < 1_000 && performance.now() - start < 30_000) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  observer.disconnect();
}

/** Runs in the page. */
async function afterNextPaint(): Promise<number> {
  await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 0)));
  return Date.now();
}

/** Runs in the page: from the click to the frame that shows the host's new verdict. */
async function toggleToPaint(body: HTMLElement | SVGElement): Promise<number> {
  const flag = body.querySelector<HTMLElement>('[role=switch][aria-labelledby=training-label]');
  const verdict = (): string => body.querySelector('.verdict [aria-live]')?.textContent ?? '';
  if (flag === null) throw new Error('the page has no switch for training');
  const before = verdict();
  const start = performance.now();
  const changed = new Promise<void>(resolve => {
    const observer = new MutationObserver(() => {
      if (verdict() === before) return;
      observer.disconnect();
      resolve();
    });
    observer.observe(body, { subtree: true, childList: true, characterData: true });
  });
  flag.click();
  await changed;
  await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 0)));
  return performance.now() - start;
}
