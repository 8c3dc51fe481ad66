import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { npyExport } from '../../src/core/export/npy';
import { FilePage } from '../vscode/e2e/filePage';
import { PanelPage } from '../vscode/e2e/panelPage';
import { Workbench } from '../vscode/e2e/workbench';
import type { Measurements } from './measure';

/** 205 MB of float32. */
const shape = [64, 112, 112, 64];
const slices = 12;

/** One round in a window of its own: slices of a large tensor, from the change to its paint, and frames of zooming and moving. */
export async function measureSlices(measured: Measurements): Promise<void> {
  const workbench = await Workbench.open();
  try {
    writeSparse(join(workbench.folder, 'large.npy'));
    await workbench.openFile('large.npy');
    const file = new FilePage(await workbench.pageWith('.tensor-file'));
    await (await file.find('tensor', 'input')).click();
    await file.button('Inspect tensor').click();
    const panel = new PanelPage(await workbench.pageWith('.inspection'));
    await panel.shown();
    await panel.frame.getByRole('tab', { name: 'Slice' }).click();
    await panel.frame.locator('tensor-heatmap').nth(1).waitFor();
    await panel.frame.locator('tensor-heatmap').first().scrollIntoViewIfNeeded();
    await measureChanges(panel.frame, measured, 'a new slice of 205 MB to its paint');
    // All of it as one matrix, of which only what is in view is sent.
    const field = panel.frame.getByRole('textbox', { name: 'Slice, as NumPy writes it' });
    await field.fill('x[0, 0, :, :]');
    await field.press('Enter');
    await workbench.page.waitForTimeout(500);
    await measureFrames(panel.frame, measured);
  } catch (error) {
    console.error(`the window then: ${await workbench.screenshot('bench', 'failures')}`);
    throw error;
  } finally {
    await workbench.close();
  }
}

/** Zeros that take no room on the disk. */
function writeSparse(file: string): void {
  const tensor = { shape, dtype: 'float32', data: new Float32Array(0) } as const;
  const header = npyExport.write({ tensor, text: '', what: '', axisNames: [] }) as Uint8Array;
  const opened = openSync(file, 'w');
  writeSync(opened, header);
  ftruncateSync(opened, header.length + 4 * shape.reduce((size, n) => size * n, 1));
  closeSync(opened);
}

async function measureChanges(
  frame: FrameLocator,
  measured: Measurements,
  name: string,
): Promise<void> {
  for (let i = 0; i <= slices; i++) {
    const took = await frame.locator('body').evaluate(
      async (body, position) => {
        const slider = body.querySelector<HTMLInputElement>('[aria-label="Position of N"]');
        const map = body.querySelector('tensor-heatmap');
        if (!slider || !map) throw new Error('there is no slice');
        const drawn = new Promise<void>(resolve => {
          map.addEventListener('cells', () => resolve(), { once: true });
        });
        const start = performance.now();
        slider.value = String(position);
        slider.dispatchEvent(new Event('input'));
        await drawn;
        await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve, 0)));
        return performance.now() - start;
      },
      1 + ((i * 7) % 63),
    );
    // The first finds the code not yet compiled.
    if (i > 0) measured.add(name, took);
  }
}

/** Two seconds of zooming in and out and of moving, a wheel event a frame. */
async function measureFrames(frame: FrameLocator, measured: Measurements): Promise<void> {
  const { frames, work } = await frame.locator('body').evaluate(async body => {
    const canvas = body.querySelector<HTMLCanvasElement>('tensor-heatmap canvas');
    if (!canvas) throw new Error('there is no heatmap');
    canvas.focus();
    const long: number[] = [];
    const observer = new PerformanceObserver(list =>
      list.getEntries().forEach(entry => long.push(entry.duration)),
    );
    observer.observe({ entryTypes: ['longtask'] });
    const intervals: number[] = [];
    let last = 0;
    for (let i = 0; i < 120; i++) {
      const now = await new Promise<number>(resolve => requestAnimationFrame(resolve));
      if (last > 0) intervals.push(now - last);
      last = now;
      const zooming = i % 60 < 30;
      const wheel = {
        deltaY: zooming ? (i < 60 ? -60 : 60) : 24,
        deltaX: zooming ? 0 : 16,
        ctrlKey: zooming,
        clientX: 200,
        clientY: 200,
        bubbles: true,
        cancelable: true,
      };
      canvas.dispatchEvent(new WheelEvent('wheel', wheel));
    }
    await new Promise(resolve => setTimeout(resolve, 200));
    observer.disconnect();
    return { frames: intervals, work: long };
  });
  for (const interval of frames)
    measured.add('zooming and moving a slice: from frame to frame', interval);
  measured.add('zooming and moving a slice: tasks over 50 ms (count)', work.length);
}
