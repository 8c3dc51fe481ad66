import { spawn, type ChildProcess } from 'node:child_process';
import { build } from 'esbuild';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { engineParts } from '../../../scripts/engineParts.js';
import { hdf5Beside, hdf5Bundle } from '../../../scripts/hdf5Bundle.js';
import { fileWith, scratch } from './terminal';

const bundle = join(scratch, 'cli.cjs');

beforeAll(async () => {
  await build({
    ...hdf5Bundle,
    format: 'esm',
    charset: 'utf8',
    outfile: join(scratch, 'hdf5.mjs'),
    bundle: true,
    platform: 'node',
    logLevel: 'error',
  });
  await build({
    ...engineParts,
    plugins: [...engineParts.plugins, hdf5Beside],
    entryPoints: ['src/cli.ts'],
    outfile: bundle,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'error',
  });
}, 60_000);

interface Exit {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [bundle, ...args], { stdio: 'pipe' });
}

function finish(child: ChildProcess): Promise<Exit> {
  let out = '';
  let error = '';
  child.stdout?.on('data', (data: Buffer) => (out += data.toString()));
  child.stderr?.on('data', (data: Buffer) => (error += data.toString()));
  return new Promise(resolve => {
    child.on('close', code => {
      resolve({ code, out, error });
    });
  });
}

describe('the program itself', () => {
  it('steps, and exits with 0', async () => {
    const { code, out, error } = await finish(
      start(['run', 'media/samples/seed.bn.json', '--json']),
    );
    expect([code, error]).toEqual([0, '']);
    expect(out).toContain('"movingMeanAfter": 0.03249997');
  });

  it('exits with 2, one line on standard error and nothing on standard output', async () => {
    const { code, out, error } = await finish(start(['run', 'nowhere.json']));
    expect([code, out, error]).toEqual([
      2,
      '',
      'normscope: There is no file nowhere.json: check the path.\n',
    ]);
  });

  it.each([
    ['keras/k3.keras', 'bn_conv1'],
    ['torch/sd_legacy.pth', 'bn1'],
    ['tensorflow/tfckpt/ckpt-1.data-00000-of-00001', 'bn_conv1'],
  ])('lists the layers of %s, and ends', async (name, layer) => {
    const file = join('test/fixtures/formats', name);
    const { code, out, error } = await finish(start(['layers', file, '--json']));
    expect([code, error]).toEqual([0, '']);
    expect(JSON.parse(out)).toContainEqual(expect.objectContaining({ name: layer }));
  });

  it('reads standard input', async () => {
    const child = start(['summary', '-']);
    child.stdin?.end('[[1, 2], [3, 4]]');
    const { code, out } = await finish(child);
    expect([code, out]).toEqual([0, expect.stringMatching(/^input {2}f32\[2,2\] n=4 /)]);
  });

  it.each([
    ['as FILE', ['summary', '-#b']],
    [
      'as the value of an option',
      ['run', 'media/samples/seed.bn.json', '--axis', '-1', '--input', '-#b'],
    ],
    ['after what takes no value', ['run', '--training', '-#b', '--no-trainable']],
  ])('takes a tensor of standard input, %s', async (_, args) => {
    const child = start([...args, '--json']);
    child.stdin?.end('{"a": [[7]], "b": [[1, 2, 3, 4], [3, 4, 5, 6]]}');
    const { code, out, error } = await finish(child);
    expect([code, error]).toEqual([0, expect.not.stringContaining('Unknown option')]);
    expect(out).toMatch(/"shape": \[2, 4\]/);
  });

  it('goes quietly where its reader has gone', async () => {
    const numbers = Array.from({ length: 300_000 }, (_, i) => i / 7);
    const file = fileWith('long.json', `[[${numbers.join()}]]`);
    const child = start(['run', file, '--full', '--json']);
    child.stdout?.once('data', () => child.stdout?.destroy());
    const { code, error } = await finish(child);
    expect([code, error]).toEqual([0, '']);
  });
});
