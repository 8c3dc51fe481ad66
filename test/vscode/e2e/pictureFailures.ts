import { afterEach } from 'vitest';
import { openWorkbenches } from './workbench';

/** Leaves a picture of every open window in out/failures when a test fails. */
afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  const name = task.name.replaceAll(/[^\w-]+/g, '-').slice(0, 60);
  for (const workbench of openWorkbenches) {
    const file = await workbench.screenshot(name, 'failures');
    console.log(`the window when “${task.name}” failed: ${file}`);
  }
});
