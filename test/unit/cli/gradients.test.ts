import { describe, expect, it } from 'vitest';
import { findConvention } from '../../../src/core/batchnorm/conventions/registry';
import { gradients } from '../../../src/core/batchnorm/gradients';
import { makeLayer, valueOf } from '../engine/support';
import { fileWith, runCli, runJson } from './terminal';

interface Run {
  readonly findings: unknown;
  readonly gradients: {
    readonly upstream: string;
    readonly explanation: string;
    readonly normalizedWith: string;
    readonly parametersLearn: boolean;
    readonly channels: readonly {
      readonly n: number;
      readonly gamma: number;
      readonly beta: number;
      readonly movingMean: number | null;
      readonly movingVariance: number | null;
      readonly input: { readonly min: number; readonly mean: number; readonly nan: number };
    }[];
    readonly input?: { readonly shape: readonly number[]; readonly data: readonly number[] };
  };
}

const x = [1, 10, 2, 20, 3, 30, 8, 80];
const dy = [1, 0, 0, 1, 2, -1, 0, 0.5];
const rows = (values: readonly number[]): number[][] =>
  [0, 2, 4, 6].map(start => values.slice(start, start + 2));
const fields = `"x": ${JSON.stringify(rows(x))}, "dy": ${JSON.stringify(rows(dy))}, "training": true`;
const file = fileWith('gradients.bn.json', `{${fields}, "convention": "keras3"}`);
const masked = fileWith(
  'maskedGradients.bn.json',
  `{${fields}, "convention": "keras3", "mask": [1, 1, 1, 0]}`,
);

const run = (...args: string[]): Promise<Run> => runJson<Run>(['run', ...args]);

function reference(trainable: boolean, mask?: Uint8Array): ReturnType<typeof gradients> {
  const layer = makeLayer(valueOf(findConvention('keras3')), [4, 2], 1);
  const input = { shape: [4, 2], dtype: 'float32', data: Float32Array.from(x) } as const;
  return gradients(layer, input, Float32Array.from(dy), { training: true, trainable }, mask);
}

describe('run --gradients', () => {
  it.each([
    [file, true, undefined],
    [file, false, undefined],
    [masked, true, Uint8Array.of(1, 1, 1, 0)],
  ])('prints what the closed form gives: %s, trainable %s', async (path, trainable, mask) => {
    const flag = trainable ? '--trainable' : '--no-trainable';
    const { gradients: got } = await run(path, '--gradients', 'dy', '--full', flag);
    const wanted = valueOf(reference(trainable, mask));
    expect(got).toMatchObject({ upstream: `${path}#dy`, parametersLearn: trainable });
    expect(got.normalizedWith).toBe(trainable ? 'batch' : 'moving');
    got.channels.forEach((channel, c) => {
      expect(channel.n).toBe(mask ? 3 : 4);
      expect(channel.gamma).toBeCloseTo(wanted.gamma[c] as number, 9);
      expect(channel.beta).toBeCloseTo(wanted.beta[c] as number, 9);
      const moving = wanted.movingVariance?.[c];
      if (moving === undefined) expect(channel.movingVariance).toBeNull();
      else expect(channel.movingVariance).toBeCloseTo(moving, 9);
    });
    expect(got.input?.shape).toEqual([4, 2]);
    got.input?.data.forEach((value, i) => expect(value).toBeCloseTo(wanted.x[i] as number, 6));
  });

  it('has the input summarised alone without --full, and nothing of it where it is not asked for', async () => {
    const { gradients: got } = await run(file, '--gradients', 'ones');
    expect(got.input).toBeUndefined();
    // A constant gradient of the outputs reaches nothing through the batch's own statistics.
    expect(got.channels[0]?.input.mean).toBeCloseTo(0, 6);
    expect(await run(file)).not.toHaveProperty('gradients');
  });

  it('repeats a seed, and says which it was', async () => {
    const first = await run(file, '--gradients', 'random:7', '--full');
    expect(await run(file, '--gradients', 'random:7', '--full')).toEqual(first);
    expect(first.gradients.upstream).toBe('random:7');
    const zero = await run(file, '--gradients', 'random', '--full');
    expect(zero.gradients.upstream).toBe('random:0');
    expect(zero.gradients.input).not.toEqual(first.gradients.input);
  });

  it('differentiates the last of several steps of a layer that renormalises', async () => {
    const renorm = '"renorm": true, "renorm_mean": 1, "renorm_stddev": 2, "renorm_momentum": 0.5';
    const path = fileWith('renormGradients.bn.json', `{${fields}, ${renorm}}`);
    const [once, twice] = await Promise.all(
      ['1', '2'].map(steps => run(path, '--gradients', 'dy', '--steps', steps)),
    );
    // r and d of the second step follow from the averages that the first one left.
    expect(twice?.gradients.channels[0]?.gamma).not.toBe(once?.gradients.channels[0]?.gamma);
  });

  it('is readable, and says what is frozen', async () => {
    const { out, complaints } = await runCli(['run', file, '--gradients', 'dy', '--no-trainable']);
    expect(complaints).toEqual([]);
    expect(out).toMatch(
      /^channel +d gamma +d beta +d moving mean +d moving variance +d input min/m,
    );
    expect(out).toContain('by no optimiser, because trainable is off');
  });

  it.each([
    ['no', /--gradients is "no", which is no file and no name in .*: give ones, random/],
    ['random:x', /"x" is no seed/],
    ['random:4294967296', /4294967296 is not a seed/],
    ['x#y', /is no file and no name/],
  ])('refuses %s', async (option, message) => {
    const { status, out, complaints } = await runCli(['run', file, '--gradients', option]);
    expect([status, out]).toEqual([2, '']);
    expect(complaints[0]).toMatch(message);
  });

  it('refuses a gradient of another shape', async () => {
    const other = fileWith('dy.json', '[[1, 2, 3]]');
    const { status, complaints } = await runCli(['run', file, '--gradients', other]);
    expect(status).toBe(2);
    expect(complaints[0]).toMatch(/has shape \[1,3\]: it needs the output's, \[4,2\]/);
  });
});

describe('a mask beside an input that is named', () => {
  const n = async (...args: string[]): Promise<number | undefined> =>
    (await run(...args, '--gradients', 'ones')).gradients.channels[0]?.n;

  it('counts for the input that it is about', async () => {
    expect(await n(masked, '--input', 'x')).toBe(3);
    expect(await n(`${masked}#x`)).toBe(3);
  });

  it('counts for the one that is named where the file has several', async () => {
    const path = fileWith(
      'twoInputs.json',
      '{"convention": "keras3", "training": true, "a": [[1], [2], [4]], "b": [[1], [2], [3]], "mask": [1, 1, 0]}',
    );
    expect(await n(path, '--input', 'b')).toBe(2);
  });

  it('is said to have no part in another', async () => {
    const { complaints } = await runCli(['run', masked, '--input', 'dy']);
    expect(complaints.join('\n')).toMatch(/"mask" is about "x", and not about the input/);
    const other = fileWith('otherInput.json', '[[1, 2], [3, 4]]');
    const elsewhere = await runCli(['run', masked, '--input', other]);
    expect(elsewhere.complaints.join('\n')).toMatch(/"mask" is about an input in .*masked/);
  });
});
