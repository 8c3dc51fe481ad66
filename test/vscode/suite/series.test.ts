import * as assert from 'node:assert';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { SeriesState } from '../../../src/protocol/series';
import { closeAll, eventually, panels, sample } from './results';
import { checkpointAt, writeDated, writeRun } from './trainingRun';

/** Shows a series, and says what it shows once it is read. */
async function open(...args: readonly unknown[]): Promise<SeriesState> {
  return vscode.commands.executeCommand<SeriesState>('normscope.openSeries', ...args);
}

describe('a series of checkpoints', () => {
  const folder = mkdtempSync(join(tmpdir(), 'normscope-series-'));
  const run = vscode.Uri.file(join(folder, 'run'));
  before(() => writeRun(run.fsPath));
  afterEach(closeAll);
  after(() => rmSync(folder, { recursive: true }));

  it('of a folder says which layer went bad first, when and of what', async () => {
    const state = await open(run);
    await eventually(() => assert.deepEqual(panels(), ['Series: run']));
    assert.deepEqual(state.x, [100, 200, 300, 400, 500, 600, 700, 800]);
    assert.equal(state.xLabel, 'step');
    assert.equal(state.notes[0], 'Ordered by the step in their names.');
    assert.ok(state.verdict);
    assert.equal(state.verdict.severity, 'error');
    assert.match(
      state.verdict.text,
      /^layer2\.0\.bn1 went bad first, from step 400 on: non-finite-statistics\./,
    );
    assert.deepEqual(state.layers.map(({ name, worst }) => [name, worst]).slice(0, 2), [
      ['layer2.0.bn1', 'error'],
      ['layer2.0.bn2', 'error'],
    ]);
    // What was wrong and is not any more comes after what still is.
    const dead = state.layers.find(({ name }) => name === 'bn1');
    assert.match(
      dead?.onsets[0]?.when ?? '',
      /^from the first checkpoint .* until before step 200$/,
    );
    assert.equal(state.layers.indexOf(dead as (typeof state.layers)[0]), 2);
  });

  it('finds what the command line finds in the same files', async () => {
    const { layers } = await open(run);
    const steps = [100, 200, 300, 400, 500, 600, 700, 800];
    const files = steps.map(step => join(run.fsPath, `step-${step}.safetensors`));
    const extension = vscode.extensions.getExtension('normscope.normscope');
    const program = join(extension?.extensionPath ?? '', 'dist/cli.js');
    const args = [program, 'doctor', '--json', ...files];
    // Its status is 1, as it finds errors.
    const { stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    const found = JSON.parse(stdout) as { id: string; layer: string; severity: string }[];
    const kinds = (all: readonly string[]): string[] => [...new Set(all)].sort();
    assert.deepEqual(
      kinds(layers.flatMap(({ name, onsets }) => onsets.map(({ id }) => `${name} ${id}`))),
      kinds(
        found
          .filter(({ severity }) => severity !== 'note')
          .map(({ layer, id }) => `${layer} ${id}`),
      ),
    );
  });

  it('lists what cannot be drawn, with the reason', async () => {
    const { members } = await open(run);
    const problems = new Map(members.map(({ name, problem }) => [name, problem]));
    assert.equal(problems.get('step-400.safetensors'), '');
    assert.match(
      problems.get('step-450.safetensors') ?? '',
      /step-450\.safetensors: its header says .* cut short/,
    );
    assert.match(
      problems.get('step-650.safetensors') ?? '',
      /bn1 has 16 channels in it, and 8 in the others/,
    );
    assert.match(problems.get('best.safetensors') ?? '', /its name has no step/);
  });

  it('of files without a step is in the order of their dates, and says so', async () => {
    const dated = join(folder, 'dated');
    writeDated(dated, ['newborn.safetensors', 'grown.safetensors', 'aged.safetensors']);
    const uris = ['aged', 'grown', 'newborn'].map(name =>
      vscode.Uri.file(join(dated, `${name}.safetensors`)),
    );
    const state = await open(uris[0], uris);
    assert.deepEqual(
      state.members.map(({ name }) => name),
      ['newborn.safetensors', 'grown.safetensors', 'aged.safetensors'],
    );
    assert.match(state.notes[0] ?? '', /^Ordered by when they were written/);
    assert.equal(state.xLabel, 'checkpoint');
  });

  it('of a pattern is what the open folders have of it', async () => {
    writeRun(sample('runs').fsPath);
    const state = await open('runs/step-[12]00.safetensors');
    assert.deepEqual(state.x, [100, 200]);
    assert.match(
      state.verdict?.text ?? '',
      /^Nothing wrong is left in the last checkpoint; bn1 had/,
    );
    rmSync(sample('runs').fsPath, { recursive: true });
  });

  it('follows what a run goes on to write, which may be half there at first', async () => {
    const growing = sample('growing');
    mkdirSync(growing.fsPath);
    const write = (step: number, bytes: Buffer): void =>
      writeFileSync(join(growing.fsPath, `step-${step}.safetensors`), bytes);
    write(100, checkpointAt(100));
    write(200, checkpointAt(200));
    assert.deepEqual((await open(growing)).x, [100, 200]);
    const half = checkpointAt(400);
    write(400, half.subarray(0, 300));
    // What is open already is shown as it is.
    await eventually(async () => {
      const { members } = await open(growing);
      assert.match(members.find(({ name }) => name.includes('400'))?.problem ?? '', /cut short/);
    });
    write(400, half);
    await eventually(async () => {
      const { x, verdict } = await open(growing);
      assert.deepEqual(x, [100, 200, 400]);
      assert.match(verdict?.text ?? '', /^layer2\.0\.bn1 went bad first, from step 400 on/);
    });
    rmSync(join(growing.fsPath, 'step-400.safetensors'));
    await eventually(async () => assert.deepEqual((await open(growing)).x, [100, 200]));
    assert.deepEqual(panels(), ['Series: growing']);
    rmSync(growing.fsPath, { recursive: true });
  });

  it('says where there is no checkpoint', async () => {
    const state = await open('nothing/**/*.pt');
    assert.match(state.notes[0] ?? '', /^No file of the open folders is named like nothing/);
    assert.equal(state.reading, null);
  });
});
