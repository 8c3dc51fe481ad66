import { describe, expect, it } from 'vitest';
import { fileWith, runCli, runJson } from './terminal';

const seed = 'media/samples/seed.bn.json';

interface Channel {
  readonly index: number;
  readonly n: number;
  readonly gamma: number;
  readonly batchMean: number;
  readonly batchVariance: number;
  readonly movingMeanBefore: number;
  readonly movingMeanAfter: number;
  readonly movingVarianceBefore: number;
  readonly movingVarianceAfter: number;
  readonly normalizedWith: string;
  readonly output: { readonly min: number; readonly mean: number; readonly nan: number };
}

interface Run {
  readonly convention: string;
  readonly flags: { readonly training: boolean; readonly trainable: boolean };
  readonly shape: readonly number[];
  readonly channelAxis: number;
  readonly epsilon: number;
  readonly momentum: number | null;
  readonly steps: number;
  readonly verdict: string;
  readonly channels: readonly Channel[];
  readonly output?: { readonly shape: readonly number[]; readonly data: readonly unknown[] };
  readonly history?: readonly {
    readonly step: number;
    readonly movingMean: readonly number[];
    readonly movingVariance: readonly number[];
  }[];
  readonly findings: readonly Record<string, unknown>[];
}

const run = (...args: string[]): Promise<Run> => runJson<Run>(['run', ...args]);
const after = ({ channels }: Run): number[][] => [
  channels.map(({ movingMeanAfter }) => movingMeanAfter),
  channels.map(({ movingVarianceAfter }) => movingVarianceAfter),
];
const firstPixel = ({ output }: Run): unknown[] => output?.data.slice(0, 4) ?? [];

describe('run --json', () => {
  it('prints the seed to its last digit, in the order of the contract', async () => {
    const { out, complaints } = await runCli(['run', seed, '--json']);
    expect(complaints).toEqual([]);
    const result = JSON.parse(out) as Run;
    expect(Object.keys(result)).toEqual([
      'convention',
      'flags',
      'shape',
      'channelAxis',
      'epsilon',
      'momentum',
      'steps',
      'verdict',
      'channels',
      'findings',
    ]);
    expect(result).toMatchObject({
      convention: 'tf1',
      flags: { training: true, trainable: true },
      shape: [1, 2, 2, 4],
      channelAxis: 3,
      epsilon: 0.001,
      momentum: 0.99,
      steps: 1,
    });
    expect(Object.keys(result.channels[0] ?? {})).toEqual([
      'index',
      'n',
      'gamma',
      'beta',
      'batchMean',
      'batchVariance',
      'movingMeanBefore',
      'movingMeanAfter',
      'movingVarianceBefore',
      'movingVarianceAfter',
      'normalizedWith',
      'output',
    ]);
    expect(result.channels[0]).toMatchObject({ n: 4, batchMean: 3.25, batchVariance: 6.6875 });
    expect(out).toContain('"movingMeanAfter": 0.03249997, "movingVarianceBefore": 1');
    expect(out).toContain('"movingVarianceAfter": 1.0791667,');
    expect(after(result)[0]).toEqual([0.03249997, 0.034999967, 0.06499994, 0.027499974]);
    expect(after(result)[1]).toEqual([1.0791667, 1.1266665, 1.0999999, 1.0925]);
    expect(result.verdict).toMatch(/^The batch's own mean and variance normalise.*[.]$/);
  });

  it.each([
    [['--training', '--trainable'], [1.58, 1.937, 2.741, -0.984], 'batch', true],
    [['--training', '--no-trainable'], [1.58, 1.937, 2.741, -0.984], 'batch', false],
    [['--no-training', '--trainable'], [8.996, 10.995, 18.991, 1], 'moving', false],
    [['--no-training', '--no-trainable'], [8.996, 10.995, 18.991, 1], 'moving', false],
  ])('tells the flags apart: %j', async (flags, pixel, normalizedWith, updated) => {
    const result = await run(seed, '--full', ...flags);
    expect(firstPixel(result).map(y => Math.round(Number(y) * 1000) / 1000)).toEqual(pixel);
    for (const channel of result.channels) {
      expect(channel.normalizedWith).toBe(normalizedWith);
      const { movingMeanBefore, movingMeanAfter, movingVarianceBefore, movingVarianceAfter } =
        channel;
      expect([movingMeanAfter, movingVarianceAfter]).not.toContain(NaN);
      const stayed =
        movingMeanAfter === movingMeanBefore && movingVarianceAfter === movingVarianceBefore;
      expect(stayed).toBe(!updated);
    }
  });

  it('takes a number in the meaning of the convention it is run under', async () => {
    const options = ['--convention', 'pytorch', '--axis', '3', '--momentum', '0.01'];
    const training = await run(seed, '--full', ...options, '--no-trainable');
    expect(after(training)[0]?.[0]).toBeCloseTo(0.0325, 6);
    expect(after(training)[1]?.[0]).toBeCloseTo(1.0791667, 6);
    expect(Number(firstPixel(training)[0])).toBeCloseTo(1.58, 3);
    const evaluation = await run(seed, '--full', ...options, '--no-training');
    expect(Number(firstPixel(evaluation)[0])).toBeCloseTo(8.996, 3);
    expect(after(evaluation)).toEqual([
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ]);
  });

  it('repeats the batch, and keeps the history of it', async () => {
    const { channels, history, steps } = await run(seed, '--steps', '3', '--full');
    expect(steps).toBe(3);
    expect(history?.map(({ step }) => step)).toEqual([1, 2, 3]);
    expect(history?.[0]?.movingMean[0]).toBe(0.03249997);
    expect(channels.map(channel => channel.movingMeanAfter)).toEqual(history?.[2]?.movingMean);
    expect(channels.map(channel => channel.movingVarianceAfter)).toEqual(
      history?.[2]?.movingVariance,
    );
    expect(channels[0]?.movingMeanBefore).toBe(0);
  });

  it('prints non-finite numbers as strings, and float32 so that it reads back', async () => {
    const file = fileWith('odd.json', '{"x": [[0.1, NaN], [0, 1]], "training": false, "eps": 0}');
    const { out } = await runCli(['run', file, '--full', '--json']);
    expect(out).toContain('"data": [0.1, "NaN", 0, 1]');
    expect(out).toContain('"batchMean": "NaN"');
    const { channels } = JSON.parse(out) as Run;
    expect(channels.map(({ output }) => output.nan)).toEqual([0, 1]);
  });

  it('gives findings with the layer they are about', async () => {
    const { findings } = await run(seed);
    for (const finding of findings) {
      expect(Object.keys(finding)).toEqual([
        'id',
        'severity',
        'layer',
        'channels',
        'message',
        'evidence',
        'fix',
        'source',
      ]);
      expect(finding.layer).toBe('seed');
    }
    expect(findings.map(({ id }) => id)).toContain('never-updated');
  });

  it('has momentum null where it is cumulative', async () => {
    const file = fileWith('cumulative.json', '{"x": [[1, 2], [3, 4]], "running_mean": 0}');
    expect((await run(file, '--momentum', 'none')).momentum).toBeNull();
    expect((await run(file)).convention).toBe('pytorch');
  });
});

describe('where the input and the layer come from', () => {
  const both = fileWith(
    'both.json',
    `{"x": [[1, 2], [3, 4]], "other": [[5, 6, 7]], "gamma": 3, "training": true,
      "bn1": {"weight": [7, 8], "running_mean": [1, 1]}}`,
  );
  const layerFile = fileWith('layer.bn.json', '{"gamma": [4, 5], "convention": "keras3"}');
  const bare = fileWith('bare#1.json', '[[9, 8], [7, 6]]');

  it.each([
    [[both], [2, 2], 'tf1', [3, 3]],
    [[`${both}#other`], [1, 3], 'tf1', [3, 3, 3]],
    [[both, '--input', 'other'], [1, 3], 'tf1', [3, 3, 3]],
    [[both, '--input', bare], [2, 2], 'tf1', [3, 3]],
    [[both, '--input', `${both}#x`], [2, 2], 'tf1', [3, 3]],
    [[`${both}#bn1`], [2, 2], 'pytorch', [7, 8]],
    [[both, '--layer', 'bn1'], [2, 2], 'pytorch', [7, 8]],
    [[bare, '--layer', layerFile], [2, 2], 'keras3', [4, 5]],
    [[bare, '--layer', `${both}#bn1`], [2, 2], 'pytorch', [7, 8]],
    [[layerFile, '--input', bare], [2, 2], 'keras3', [4, 5]],
    [[layerFile, '--input', bare, '--convention', 'TFJS'], [2, 2], 'tfjs', [4, 5]],
  ])('%j', async (args, shape, convention, gamma) => {
    const result = await run(...args);
    expect(result.shape).toEqual(shape);
    expect(result.convention).toBe(convention);
    expect(result.channels.map(channel => channel.gamma)).toEqual(gamma);
  });

  it('reads standard input: JSON, or a tensor as it is printed', async () => {
    for (const text of [
      '[[1, 2], [3, 4]]',
      'tensor([[1., 2.],\n        [3., 4.]])',
      '[[1 2]\n [3 4]]',
    ]) {
      const { shape, channels } = await runJson<Run>(['run', '-', '--training'], text);
      expect([shape, channels.map(({ batchMean }) => batchMean)]).toEqual([
        [2, 2],
        [2, 3],
      ]);
    }
  });

  it('lets an option put right what the file has wrong', async () => {
    const file = fileWith('wrong.json', '{"x": [[1, 2]], "momentum": 7, "convention": "caffe2"}');
    expect((await runCli(['run', file])).status).toBe(2);
    const fixed = await run(file, '--momentum', '0.5', '--convention', 'tf1');
    expect(fixed.momentum).toBe(0.5);
  });

  it('says what it ignored on standard error', async () => {
    const file = fileWith('gama.json', '{"x": [[1, 2]],\n "gama": 3}');
    const { status, complaints } = await runCli(['run', file, '--json']);
    expect(status).toBe(0);
    expect(complaints).toEqual([
      `normscope: ${file}:2:2: "gama" means nothing in a run file and is ignored: did you mean "gamma"?`,
    ]);
  });

  it('says where the kernel raises epsilon', async () => {
    const { complaints } = await runCli(['run', seed, '--epsilon', '1e-6']);
    expect(complaints.join()).toContain('epsilon 0.000001 is below what TensorFlow 1, fused');
  });
});

describe('run for a person', () => {
  it('shows the layer, the verdict and a line a channel', async () => {
    const { status, out } = await runCli(['run', seed]);
    expect(status).toBe(0);
    expect(out).toContain(`f32[1,2,2,4]  N H W C  ${seed}#input`);
    expect(out).toMatch(/^channel +gamma +beta +batch mean +batch variance +moving mean +after/m);
    expect(out).toMatch(/^ +0 +2 +1 +3\.25 +6\.6875 +0 +0\.03249997 +1 +1\.0791667/m);
    expect(out).toContain("The batch's own mean and variance normalise");
    expect(out).not.toMatch(/ $/m);
  });

  it('says how many channels it leaves out, and shows them with --full', async () => {
    const file = fileWith('wide.json', `[[${Array.from({ length: 100 }, (_, i) => i).join()}]]`);
    const short = await runCli(['run', file]);
    expect(short.out).toContain('… and 36 more channels');
    const full = await runCli(['run', file, '--full']);
    expect(full.out).not.toContain('more channels');
    expect(full.out).toMatch(/^ +99 +1 +0 +99 /m);
    expect(full.out).toContain('output [1,100], a line for each row of the last axis');
  });
});

describe('options that change the statistics', () => {
  const x = '"x": [[1, 10], [2, 20], [3, 30], [8, 80]], "training": true';

  it('leaves masked positions out under a convention with masks', async () => {
    const file = fileWith('mask.bn.json', `{${x}, "convention": "keras3", "mask": [1, 1, 1, 0]}`);
    const { channels } = await run(file);
    expect(channels.map(({ n }) => n)).toEqual([3, 3]);
    expect(channels[0]?.batchMean).toBeCloseTo(2, 6);
    const { complaints } = await runCli(['run', file, '--convention', 'tf1']);
    expect(complaints.join('\n')).toContain('"mask" has no effect in TensorFlow 1, fused');
    const uneven = fileWith(
      'uneven.bn.json',
      '{"convention": "keras3", "axis": 1, "x": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "mask": [[1, 1], [1, 0]]}',
    );
    expect((await runCli(['run', uneven])).out).toContain('2 on axis 1, 2 to 4 values each');
    const short = fileWith('short.bn.json', `{${x}, "convention": "keras3", "mask": [1, 0]}`);
    const refused = await runCli(['run', short]);
    expect(refused.status).toBe(2);
    expect(refused.complaints[0]).toMatch(/The mask has 2 values: it needs 4/);
  });

  it('normalises virtual batches by themselves', async () => {
    const file = fileWith('ghost.bn.json', `{${x}, "virtual_batch_size": 2}`);
    // Samples 0 and 2, and 1 and 3: variances 1 and 9, of which the moving one takes in the mean.
    const { channels } = await run(file);
    expect(channels[0]).toMatchObject({ n: 4, batchMean: 3.5, batchVariance: 5 });
    const refused = await runCli([
      'run',
      fileWith('three.bn.json', `{${x}, "virtual_batch_size": 3}`),
    ]);
    expect(refused.status).toBe(2);
    expect(refused.complaints[0]).toMatch(/batch of 4 does not divide into virtual batches of 3/);
  });

  it('renormalises, over several steps too', async () => {
    const renorm = '"renorm": true, "renorm_mean": 1, "renorm_stddev": 2, "renorm_momentum": 0.5';
    const file = fileWith('renorm.bn.json', `{${x}, ${renorm}}`);
    const once = await run(file, '--full');
    const twice = await run(file, '--steps', '2', '--full');
    expect(twice.history?.[0]?.movingVariance).toEqual(once.history?.[0]?.movingVariance);
    const last = twice.history?.at(-1)?.movingVariance ?? [];
    expect(twice.channels.map(c => c.movingVarianceAfter)).toEqual(last);
    // r and d of the second step follow from the averages that the first one left.
    expect(twice.output?.data).not.toEqual(once.output?.data);
    const refused = await runCli(['run', file, '--convention', 'pytorch']);
    expect(refused.complaints[0]).toMatch(/PyTorch has no batch renormalisation/);
  });
});
