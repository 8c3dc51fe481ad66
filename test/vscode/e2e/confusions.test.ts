import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { evidenceLabel } from '../../../src/core/batchnorm/diagnose/evidenceLabel';
import { root } from '../../hosts/places.mjs';
import { FilePage } from './filePage';
import { inspectFile } from './openSample';
import { numbersIn } from './panelPage';
import { Workbench } from './workbench';

const patience = { timeout: 20_000 };
const fixtures = join(root, 'test/fixtures/confusions');

/** What the frameworks themselves have, by the name of the fixture: `make.py` beside it wrote both. */
const expected = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as Readonly<
  Record<string, Readonly<Record<string, number | string>>>
>;

/** A confusion of SEMANTICS.md, section 7, the finding that settles it, and where it is on screen. */
interface Confusion {
  readonly about: string;
  /** A key of `expected`, and the name of a run file unless `files` says others. */
  readonly fixture: string;
  readonly id: string;
  /** How the fix is said. */
  readonly fix: RegExp;
  /** What "Fix it here" sets; absent where the fix is for the code alone, or there is no inspection. */
  readonly here?: RegExp;
  /** A checkpoint and its layer, or two checkpoints that are compared. */
  readonly files?: readonly [string] | readonly [string, string];
  readonly layer?: string;
}

const confusions: readonly Confusion[] = [
  {
    about: '1: eval() gives other results',
    fixture: '01-eval-differs',
    id: 'drift',
    fix: /input is prepared as in training.*run more training steps/,
    here: /moving mean and moving variance of channel 2/,
  },
  {
    about: '2: UPDATE_OPS never run',
    fixture: '02-update-ops-never-run',
    id: 'never-updated',
    fix: /run the UPDATE_OPS collection/,
    here: /moving mean and moving variance of 4 channels/,
  },
  {
    about: '3: too few steps at momentum 0.99',
    fixture: '03-too-few-steps',
    id: 'few-updates',
    fix: /69 steps halve what is left, 459 leave 1 % of it/,
    here: /moving mean and moving variance of 4 channels/,
  },
  {
    about: '4: momentum carried over without 1 − m',
    fixture: '04-momentum-turned',
    id: 'momentum-meaning',
    fix: /take 1 − momentum: 0\.01/,
    here: /momentum 0\.01/,
  },
  {
    about: '5: another epsilon after conversion',
    fixture: '05-epsilon',
    id: 'epsilon-matters',
    fix: /epsilon that it was trained with/,
    here: /epsilon 1e-5/,
  },
  {
    about: '6: what trainable=False means',
    fixture: '06-training-and-trainable',
    id: 'flags-meaning',
    fix: /call it with training=False/,
    here: /training off, trainable off/,
  },
  {
    about: '7: a frozen layer still moves',
    fixture: '07-frozen',
    id: 'frozen-moved',
    fix: /call its eval\(\) after each model\.train\(\)/,
    files: ['07-frozen-epoch1.pt', '07-frozen-epoch2.pt'],
  },
  {
    about: '8: a batch of one',
    fixture: '08-batch-of-one',
    id: 'single-value',
    fix: /at least two values a channel/,
    here: /training off, trainable on/,
  },
  {
    about: '9: statistics poisoned by a NaN',
    fixture: '09-poisoned',
    id: 'non-finite-statistics',
    fix: /from before the poisoned batch/,
    here: /moving mean and moving variance of channel 2/,
  },
  {
    about: '10: a negative variance',
    fixture: '10-negative-variance',
    id: 'negative-variance',
    fix: /about −epsilon \(1e-5\).*Add it back/,
    here: /moving variance of channel 1/,
  },
  {
    about: '11: biased or Bessel',
    fixture: '11-bessel',
    id: 'variance-rule',
    fix: /Stand-alone Keras 2/,
    here: /the rules of Stand-alone Keras 2/,
  },
  {
    about: '12: the wrong channel axis',
    fixture: '12-wrong-axis',
    id: 'wrong-axis',
    fix: /State the axis \(axis=1/,
  },
  {
    about: '14: ranks with statistics of their own',
    fixture: '14-ranks',
    id: 'ranks-differ',
    fix: /Use SyncBatchNorm/,
    files: ['14-rank0.pt', '14-rank1.pt'],
  },
  {
    about: '15: names that a checkpoint lacks',
    fixture: '15-count-missing',
    id: 'count-missing',
    fix: /Add num_batches_tracked/,
    files: ['15-count-missing.pt'],
    layer: 'bn2',
  },
];

describe('the confusions of users, each on its own file', () => {
  let workbench: Workbench;

  beforeAll(async () => {
    workbench = await Workbench.open({ width: 1500, height: 1100 });
    cpSync(fixtures, join(workbench.folder, 'confusions'), { recursive: true });
  });
  afterAll(() => workbench.close());
  afterEach(() => workbench.runCommand('View: Close All Editors'));

  it.each(confusions)('$about', async confusion => {
    const page = await opened(workbench, confusion);
    const finding = page.getByRole('listitem').filter({
      has: page.getByText(`Evidence of ${confusion.id}`, { exact: true }),
    });
    await finding.waitFor();
    await finding.getByText(`Evidence of ${confusion.id}`).click();
    expect(await finding.innerText()).toMatch(confusion.fix);
    await checkEvidence(finding, expected[confusion.fixture] ?? {});
    const button = finding.getByRole('button', { name: /^Fix .* here/ });
    if (confusion.here === undefined) expect(await button.count()).toBe(0);
    else expect(await button.getAttribute('aria-label')).toMatch(confusion.here);
    await workbench.screenshot(`confusion-${confusion.fixture}`);
  });

  it('a fix from the palette: the finding is gone, its numbers before and after are there', async () => {
    const { frame } = await inspectFile(workbench, '01-eval-differs.bn.json');
    await workbench.runCommand('Normscope: Fix Finding Here…');
    await workbench.pick('drift');
    const findings = frame.getByRole('region', { name: 'Findings' });
    await expect.poll(() => findings.innerText(), patience).toContain('drift is gone');
    const row = findings.getByRole('table', { name: 'Before and after the fix' }).getByRole('row');
    const [channel, before, after] = numbersIn(await row.nth(1).innerText());
    expect(channel).toBe(2);
    // By its own statistics a channel's outputs have the mean beta, −0.5.
    expect(after).toBeCloseTo(-0.5, 4);
    // gamma·drift away from it.
    expect(before).toBeCloseTo(-0.5 + 0.5 * Number(expected['01-eval-differs']?.drift), 3);
    await workbench.screenshot('fixed-from-palette');
    await workbench.runCommand('Normscope: Undo Step or Edit');
    await frame.getByText('Evidence of drift').waitFor();
  });

  it('15: training_mode left on by an export is in the tree and in the panel, with the fix', async () => {
    const page = await openTensorFile(workbench, '15-training-mode.onnx');
    await expect.poll(() => page.facts(), patience).toMatch(/2 warnings/);
    const row = await page.find('layer', 'bn1');
    const mark = row.locator('.kind');
    await expect.poll(() => mark.getAttribute('title'), patience).toMatch(/training_mode is on/);
    await row.click();
    await page.button('Inspect layer').click();
    const panel = await workbench.pageWith('.inspection');
    const finding = panel.getByRole('listitem').filter({
      has: panel.getByText('Evidence of training-mode-export', { exact: true }),
    });
    await finding.waitFor();
    expect(await finding.innerText()).toMatch(/Export it again in inference mode/);
    await workbench.screenshot('confusion-15-training-mode');
  });

  it('an exported layer whose vectors do not fit is in the tree of its file, with the reason', async () => {
    const page = await openTensorFile(workbench, '15-incomplete.onnx');
    await expect.poll(() => page.facts(), patience).toMatch(/1 error/);
    const row = await page.find('layer', 'bn2');
    expect(await row.locator('.kind').getAttribute('title')).toContain(
      'running_var has 3 entries, running_mean 4',
    );
    await workbench.screenshot('file-incomplete-onnx');
  });

  it('a layer that cannot be made is in the tree of its file, with the reason', async () => {
    await workbench.openFile('layer-incomplete.safetensors');
    const page = new FilePage(await workbench.pageWith('.tensor-file'));
    await expect.poll(() => page.facts(), patience).toMatch(/2 errors/);
    const row = await page.find('layer', 'bn1');
    expect(await row.locator('.kind').getAttribute('title')).toContain(
      'running_var has 3 entries, running_mean 4',
    );
    await row.click();
    expect(await page.button('Inspect layer').count()).toBe(0);
    await workbench.screenshot('file-incomplete');
  });
});

/** Opens what the confusion is about, as a person does: the page that shows its finding. */
async function opened(
  workbench: Workbench,
  { fixture, files, layer, id }: Confusion,
): Promise<FrameLocator> {
  if (!files) return (await inspectFile(workbench, `${fixture}.bn.json`)).frame;
  const [first, second] = files;
  if (second === undefined) {
    const page = await openTensorFile(workbench, first);
    const row = await page.find('layer', layer ?? '');
    const mark = row.locator('.kind');
    await expect.poll(() => mark.getAttribute('title'), patience).toMatch(/num_batches_tracked/);
    await row.click();
    await page.button('Inspect layer').click();
    return workbench.pageWith('.inspection');
  }
  await (await (await openTensorFile(workbench, first)).find('layer', 'bn1')).click();
  await workbench.runCommand('Normscope: Select Tensor for Compare');
  await workbench.runCommand('View: Close All Editors');
  await (await (await openTensorFile(workbench, second)).find('layer', 'bn1')).click();
  await workbench.runCommand('Normscope: Compare Tensor with Selected');
  const page = await workbench.pageWith('.compare');
  await page.getByText(`Evidence of ${id}`).waitFor();
  return page;
}

async function openTensorFile(workbench: Workbench, name: string): Promise<FilePage> {
  await workbench.openFile(name);
  await workbench.reopenWith('Normscope Tensor File');
  return new FilePage(await workbench.pageWith('.tensor-file'));
}

/** Each number that the framework has, under its name; the worst channel is the first of the table. */
async function checkEvidence(
  finding: Locator,
  numbers: Readonly<Record<string, number | string>>,
): Promise<void> {
  for (const [name, value] of Object.entries(numbers)) {
    const label = finding.locator('dt').filter({ hasText: new RegExp(`^${evidenceLabel(name)}$`) });
    const shown = await label.locator('xpath=following-sibling::dd[1]').innerText();
    const number = numbersIn(shown)[0] ?? NaN;
    // What is printed has six digits, and torch's numbers are float32.
    const tolerance = 2e-5 * Math.abs(Number(value));
    if (value === 'NaN') expect(number, name).toBeNaN();
    else
      expect(Math.abs(number - Number(value)), `${name}: ${shown}`).toBeLessThanOrEqual(tolerance);
  }
  if (!('channel' in numbers) || (await finding.getByRole('table').count()) === 0) return;
  const first = finding.getByRole('table').getByRole('row').nth(1).getByRole('rowheader');
  expect(Number(await first.innerText())).toBe(numbers.channel);
}
