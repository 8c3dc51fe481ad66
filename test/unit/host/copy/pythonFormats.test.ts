import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { Flags } from '../../../../src/core/batchnorm/flags';
import { numpyFormat } from '../../../../src/host/copy/numpyFormat';
import { pytorchFormat } from '../../../../src/host/copy/pytorchFormat';
import { pythonList, pythonTuple } from '../../../../src/host/copy/pythonText';
import { resultsOf, type ResultsRequest } from './results';

const python = '/usr/bin/python3';

function has(module: string): boolean {
  return spawnSync(python, ['-c', `import ${module}`]).status === 0;
}

/** Runs each script in a namespace of its own and returns what it raised, or an empty text. */
const driver = `
import contextlib, io, json, sys
errors = []
for script in json.load(sys.stdin):
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(script, {})
        errors.append('')
    except BaseException as error:
        errors.append(type(error).__name__ + ': ' + str(error))
print(json.dumps(errors))
`;

/** One process for all: importing torch takes seconds. */
function run(scripts: readonly string[]): readonly string[] {
  const input = JSON.stringify(scripts);
  const done = spawnSync(python, ['-c', driver], { input, encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as readonly string[];
}

const flags = (training: boolean, trainable: boolean): Flags => ({ training, trainable });
const channels = {
  gamma: Float64Array.of(2, 0.5, -1).map(Math.fround),
  beta: Float64Array.of(0, 1, 0.1).map(Math.fround),
  movingMean: Float64Array.of(0.2, 0, -3).map(Math.fround),
  movingVariance: Float64Array.of(1, 4, 0.25),
};

const cases: readonly (readonly [string, ResultsRequest])[] = [
  [
    'tf1, rank 4, last axis',
    {
      shape: [2, 2, 2, 3],
      statement: { convention: 'tf1', ...flags(true, true), parameters: channels },
    },
  ],
  [
    'tf1, frozen',
    {
      shape: [2, 2, 2, 3],
      statement: { convention: 'tf1', ...flags(true, false), parameters: channels },
    },
  ],
  [
    'tf1, evaluation',
    {
      shape: [2, 2, 2, 3],
      statement: { convention: 'tf1', ...flags(false, true), parameters: channels },
    },
  ],
  [
    'keras2, rank 5',
    {
      shape: [2, 1, 2, 2, 3],
      statement: { convention: 'keras2', ...flags(true, true), parameters: channels },
    },
  ],
  [
    'keras3, frozen: moving statistics normalise',
    {
      shape: [4, 3],
      statement: { convention: 'keras3', ...flags(true, false), parameters: channels },
    },
  ],
  [
    'pytorch, training',
    {
      shape: [4, 3, 2],
      statement: { convention: 'pytorch', ...flags(true, false), parameters: channels },
    },
  ],
  [
    'pytorch, cumulative',
    {
      shape: [4, 3, 2, 2],
      statement: {
        convention: 'pytorch',
        momentum: null,
        batchesTracked: 3,
        ...flags(true, true),
        parameters: channels,
      },
    },
  ],
  [
    'pytorch, evaluation',
    {
      shape: [4, 3, 2, 1, 2],
      statement: { convention: 'pytorch', ...flags(false, true), parameters: channels },
    },
  ],
  [
    'tfjs, first axis',
    {
      shape: [3, 4],
      statement: { convention: 'tfjs', channelAxis: 0, ...flags(true, true), parameters: channels },
    },
  ],
  [
    'the seed: whole numbers alone',
    {
      shape: [1, 2, 2, 4],
      data: Float32Array.of(4, 5, 9, 0, 7, 8, 9, 6, 2, 1, 6, 5, 0, 0, 2, 0),
      statement: {
        convention: 'tf1',
        ...flags(true, true),
        parameters: {
          gamma: new Float64Array(4).fill(2),
          beta: new Float64Array(4).fill(1),
        },
      },
    },
  ],
  [
    'whole numbers in evaluation',
    {
      shape: [2, 2],
      data: Float32Array.of(1, 2, 3, 4),
      statement: { convention: 'pytorch', epsilon: 0, ...flags(false, true) },
    },
  ],
  [
    'one value a channel in training',
    {
      shape: [1, 1, 1, 3],
      statement: { convention: 'tf1', ...flags(true, true), parameters: channels },
    },
  ],
  [
    'a single axis',
    { shape: [3], statement: { convention: 'tf1', ...flags(false, true), parameters: channels } },
  ],
  ...['pytorch', 'keras3', 'tfjs'].flatMap(convention =>
    [true, false].map((training): readonly [string, ResultsRequest] => [
      `${convention}, epsilon 0 over a constant channel, training ${training}`,
      {
        shape: [4, 3],
        data: Float32Array.of(1, 5, 2, 2, 5, 4, 3, 5, 8, 4, 5, 16),
        statement: {
          ...{ convention, channelAxis: 1, epsilon: 0, ...flags(training, true) },
          parameters: { ...channels, movingVariance: Float64Array.of(1, 0, 4) },
        },
      },
    ]),
  ),
  [
    'tf1, virtual batches',
    {
      shape: [4, 3],
      statement: {
        ...{ convention: 'tf1', virtualBatchSize: 2, ...flags(true, true) },
        parameters: channels,
      },
    },
  ],
  [
    'keras3, renormalised',
    {
      shape: [4, 3],
      statement: {
        ...{ convention: 'keras3', renorm: { clipping: {}, state: {} }, ...flags(true, true) },
        parameters: channels,
      },
    },
  ],
  [
    'NaN and infinities',
    {
      shape: [4, 3],
      data: Float32Array.of(1, 2, NaN, 4, 5, 6, 7, Infinity, 9, 10, 11, 12),
      statement: { convention: 'keras3', ...flags(false, true), parameters: channels },
    },
  ],
];

function caseOf(name: string): ResultsRequest {
  const found = cases.find(([candidate]) => candidate === name);
  if (!found) throw new Error(name);
  return found[1];
}

describe.each([
  ['NumPy', 'numpy', numpyFormat],
  ['PyTorch', 'torch', pytorchFormat],
] as const)('the %s script', (_, module, format) => {
  it.runIf(has(module))(
    'runs, and comes to the output that Normscope shows',
    () => {
      const errors = run(cases.map(([, request]) => format.write(resultsOf(request))));
      expect(Object.fromEntries(cases.map(([name], i) => [name, errors[i]]))).toEqual(
        Object.fromEntries(cases.map(([name]) => [name, ''])),
      );
    },
    120_000,
  );

  it.runIf(has(module))(
    'fails where the output is another',
    () => {
      const results = resultsOf(caseOf('pytorch, training'));
      const wrong = { ...results, output: results.output.map(x => x + 0.01) };
      expect(run([format.write(wrong)])[0]).toContain('AssertionError');
    },
    120_000,
  );
});

it.runIf(has('torch'))(
  'the PyTorch script fails where the running statistics are others',
  () => {
    const results = resultsOf(caseOf('pytorch, training'));
    const { trace } = results;
    const moved = { ...trace, movingMeanAfter: trace.movingMeanAfter.map(x => x + 0.01) };
    expect(run([pytorchFormat.write({ ...results, trace: moved })])[0]).toContain('AssertionError');
  },
  120_000,
);

it.skipIf(has('numpy') && has('torch'))(
  'says that the copied scripts were not all run: python3 lacks numpy or torch',
  () => {
    console.warn('Copied Python scripts were not run: install python3-numpy and python3-torch.');
  },
);

describe('Python text', () => {
  it('writes the shortest float32 and the special values', () => {
    expect(pythonList([0.1, Math.fround(0.1), NaN, -Infinity])).toBe('[0.1, 0.1, nan, -inf]');
  });

  it('breaks long lists into lines', () => {
    const lines = pythonList(Array.from({ length: 100 }, (_, i) => i)).split('\n');
    expect(lines.length).toBeGreaterThan(3);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100);
  });

  it('writes tuples of one', () => {
    expect(pythonTuple([3])).toBe('(3,)');
    expect(pythonTuple([1, 2])).toBe('(1, 2)');
    expect(pythonTuple([])).toBe('()');
  });
});
