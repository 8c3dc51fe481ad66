import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Workbench } from './workbench';

const python = `from torch import nn

norm = nn.BatchNorm2d(64, momentum=0.99)
nn.init.zeros_(norm.weight)
block = nn.Sequential(nn.Conv2d(64, 64, 3, padding=1), norm, nn.ReLU())
`;

describe('a batch-norm call in code, as a person meets it', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1000, height: 420 });
    writeFileSync(join(workbench.folder, 'block.py'), python);
    await workbench.openFile('block.py');
  });
  afterAll(() => workbench.close());

  it('has a line above it, a mark and a hover: the picture of README.md', async () => {
    const { page } = workbench;
    const lens = page.locator('.codelens-decoration', { hasText: 'momentum 0.99 (0.01 in' });
    await lens.waitFor();
    await page.locator('.squiggly-warning').first().waitFor();
    await workbench.runCommand('View: Toggle Primary Side Bar Visibility');
    await workbench.goTo(3, 14);
    await workbench.runCommand('Show or Focus Hover');
    const hover = page.locator('.monaco-hover:visible', { hasText: 'nn.BatchNorm2d' });
    await hover.waitFor();
    const text = await hover.innerText();
    expect(text).toContain("In train() the batch's own mean and variance normalise");
    expect(text).toContain('gamma 0');
    await workbench.screenshot('readme-call');
  });
});
