import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { RecordedPoints } from '../../../../src/core/recording/series';
import { looksLikeRecording, RecordingReader } from '../../../../src/core/recording/reader';

/** Debian's, which has python3-torch; NORMSCOPE_KERAS_PYTHON is one that has Keras 3. */
const torchPython = '/usr/bin/python3';
const kerasPython = process.env.NORMSCOPE_KERAS_PYTHON ?? torchPython;

function has(python: string, module: string): boolean {
  const found = spawnSync(python, [
    '-c',
    `import importlib.util as u, sys; sys.exit(u.find_spec("${module}") is None)`,
  ]);
  return found.status === 0;
}

const hasTorch = has(torchPython, 'torch');
const hasKeras = has(kerasPython, 'keras');
if (!hasTorch) console.warn('Skipped: the PyTorch hook of docs/RECORDING.md needs python3-torch.');
if (!hasKeras) {
  console.warn('Skipped: the Keras hook of docs/RECORDING.md needs NORMSCOPE_KERAS_PYTHON.');
}

/** The program under a heading of docs/RECORDING.md. */
function hookOf(heading: string): string {
  const text = readFileSync('docs/RECORDING.md', 'utf8');
  const code = new RegExp(`## ${heading}\\n\\n\`\`\`python\\n(.*?)\`\`\``, 's').exec(text)?.[1];
  if (code === undefined) throw new Error(`no hook under ${heading}`);
  return code;
}

const folder = mkdtempSync(path.join(tmpdir(), 'hooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a hook and a training loop, and reads what was written to `run.jsonl`. */
function recorded(python: string, hook: string, training: string): RecordingReader {
  const done = spawnSync(python, ['-c', `${hook}\n${training}`], { cwd: folder, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  const bytes = readFileSync(path.join(folder, 'run.jsonl'));
  rmSync(path.join(folder, 'run.jsonl'));
  const reader = new RecordingReader();
  expect(looksLikeRecording(bytes.toString('utf8'))).toBe(true);
  reader.feed(bytes);
  reader.pause();
  return reader;
}

describe('the hooks of docs/RECORDING.md', () => {
  it.runIf(hasTorch)(
    'record every batch norm of a PyTorch model',
    () => {
      const training = `
torch.manual_seed(0)
model = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 3), torch.nn.BatchNorm2d(4), torch.nn.Flatten(),
                            torch.nn.Linear(4 * 36, 5), torch.nn.BatchNorm1d(5, track_running_stats=False))
log = record_batch_norm(model, "run.jsonl", every=2)
for _ in range(7):
    model(torch.randn(6, 3, 8, 8))
model.eval()
model(torch.randn(6, 3, 8, 8))
log.close()
`;
      const reader = recorded(torchPython, hookOf('PyTorch'), training);
      expect(reader.counts).toMatchObject({ good: 8, bad: 0, unfinished: false });
      const [tracked, other] = reader.layers;
      expect(tracked).toMatchObject({ name: '1', channels: 4, n: 6 * 36, convention: 'pytorch' });
      const points = (
        array: 'batchMean' | 'movingMean' | 'batchVariance' | 'movingVariance',
      ): RecordedPoints | undefined => tracked?.points(array, 2);
      expect([...(points('movingMean')?.steps ?? [])]).toEqual([0, 2, 4, 6]);
      // After the first step the moving statistics are a tenth of the batch's, and nine of where they began.
      const first = (array: Parameters<typeof points>[0]): number =>
        points(array)?.values[0] ?? NaN;
      expect(first('movingMean')).toBeCloseTo(0.1 * first('batchMean'), 6);
      const n = 6 * 36;
      const seen = (first('batchVariance') * n) / (n - 1);
      expect(first('movingVariance')).toBeCloseTo(0.9 + 0.1 * seen, 5);
      expect(other).toMatchObject({ name: '4', channels: 5, n: 6 });
      expect(other?.has('movingMean')).toBe(false);
    },
    120_000,
  );

  it.runIf(hasKeras)(
    'record every batch norm of a Keras model',
    () => {
      const training = `
import numpy as np
inner = keras.Sequential([keras.layers.Dense(3), keras.layers.BatchNormalization(name="within")], name="inner")
model = keras.Sequential([keras.Input((4,)), keras.layers.BatchNormalization(name="first"), inner, keras.layers.Dense(1)])
model.compile("sgd", "mse")
model.fit(np.ones((20, 4)), np.zeros((20, 1)), batch_size=4, epochs=2, verbose=0, callbacks=[RecordBatchNorm("run.jsonl", every=3)])
`;
      const reader = recorded(kerasPython, hookOf('Keras'), training);
      expect(reader.counts).toMatchObject({ good: 8, bad: 0 });
      expect(reader.layers.map(({ name }) => name)).toEqual(['first', 'inner/within']);
      const { steps, values } = reader.layers[0]?.points('movingMean', 0) ?? {};
      expect([...(steps ?? [])]).toEqual([0, 3, 6, 9]);
      // Ones at momentum 0.99, after 1, 4, 7 and 10 steps.
      [1, 4, 7, 10].forEach((k, i) => expect(values?.[i]).toBeCloseTo(1 - 0.99 ** k, 5));
    },
    120_000,
  );
});
