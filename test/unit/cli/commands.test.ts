import { describe, expect, it } from 'vitest';
import { version } from '../../../package.json';
import { conventions } from '../../../src/core/batchnorm/conventions/registry';
import { fileWith, runCli, runJson } from './terminal';

const seed = 'media/samples/seed.bn.json';

describe('tensors', () => {
  it('lists every array, with shapes and sizes', async () => {
    const tensors = await runJson<{ name: string }[]>(['tensors', seed]);
    expect(tensors[0]).toEqual({ name: 'input', shape: [1, 2, 2, 4], dtype: 'float32', bytes: 64 });
    expect(tensors.map(({ name }) => name)).toEqual([
      'input',
      'gamma',
      'beta',
      'moving_mean',
      'moving_variance',
    ]);
    expect(await runJson(['tensors', `${seed}#gamma`])).toEqual([
      { name: 'gamma', shape: [4], dtype: 'float32', bytes: 16 },
    ]);
  });

  it('lays out a table', async () => {
    const { out } = await runCli(['tensors', seed]);
    expect(out.split('\n')[0]).toMatch(/^name +shape +dtype +bytes$/);
    expect(out).toMatch(/^input +\[1,2,2,4\] +f32 +64$/m);
  });

  it('says where there is none', async () => {
    const file = fileWith('words.json', '{"a": "b"}');
    expect((await runCli(['tensors', file])).out).toBe('no arrays of numbers\n');
    expect(await runJson(['tensors', file])).toEqual([]);
  });
});

describe('summary', () => {
  it('counts and describes, a line a tensor', async () => {
    const file = fileWith('sum.json', '{"x": [[1, NaN], [3, -Infinity]], "gamma": [0.1]}');
    expect(await runJson(['summary', file])).toEqual([
      {
        name: 'x',
        shape: [2, 2],
        dtype: 'float32',
        n: 4,
        finite: 2,
        nan: 1,
        posInf: 0,
        negInf: 1,
        min: 1,
        max: 3,
        mean: 2,
        std: 1,
      },
      expect.objectContaining({ name: 'gamma', shape: [1], min: 0.1, max: 0.1 }),
    ]);
    const { out } = await runCli(['summary', file]);
    expect(out).toMatch(/^x {6}f32\[2,2\] n=4 .*NaN:1 −Inf:1\ngamma  f32\[1\] n=1/);
  });

  it('has no range where nothing is finite', async () => {
    const [x] = await runJson<object[]>(['summary', '-'], '[NaN]');
    expect(x).toMatchObject({ min: 'NaN', max: 'NaN', mean: 'NaN', std: 'NaN', finite: 0 });
  });
});

describe('conventions', () => {
  it('prints each with its defaults, as the contract says', async () => {
    const printed = await runJson<Record<string, unknown>[]>(['conventions']);
    expect(printed.map(({ id }) => id)).toEqual(conventions.map(({ id }) => id));
    expect(Object.keys(printed[0] ?? {})).toEqual([
      'id',
      'name',
      'epsilon',
      'momentum',
      'momentumWeighs',
      'movingVariance',
      'channelAxis',
      'training',
      'trainable',
      'verifiedByRunning',
      'source',
    ]);
    expect(printed.find(({ id }) => id === 'pytorch')).toMatchObject({
      epsilon: 1e-5,
      momentum: 0.1,
      momentumWeighs: 'new',
      channelAxis: 1,
      training: true,
    });
  });
});

describe('help', () => {
  it.each([['--help'], ['-h'], ['help']])('%s lists the commands', async flag => {
    const { status, out, complaints } = await runCli([flag]);
    expect(status).toBe(0);
    expect(complaints).toEqual([]);
    for (const name of [
      'run',
      'tensors',
      'summary',
      'conventions',
      'layers',
      'doctor',
      'compare',
    ]) {
      expect(out).toMatch(new RegExp(`^  normscope ${name}\\b`, 'm'));
    }
  });

  it('describes the options of a command', async () => {
    const { out } = await runCli(['run', '--help']);
    expect(out).toMatch(/^normscope run FILE \[options\] \[--json\]$/m);
    expect(out).toMatch(/^ +--momentum X\|none +in the meaning of the convention/m);
  });

  it('knows its version', async () => {
    expect((await runCli(['--version'])).out).toBe(`${version}\n`);
  });
});
