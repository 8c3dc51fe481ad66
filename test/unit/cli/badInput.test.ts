import { describe, expect, it } from 'vitest';
import { npyExport } from '../../../src/core/export/npy';
import { fileWith, runCli, scratch } from './terminal';

const seed = 'media/samples/seed.bn.json';
const ragged = fileWith('ragged.json', '{\n  "x": [[1, 2], [3]]\n}');
const binary = fileWith('binary.npy', Uint8Array.of(0x93, 0x4e, 0x55, 0, 0, 0, 1));
const latin = fileWith('latin.json', Uint8Array.of(0x5b, 0x31, 0xe9, 0x5d));
const axes = fileWith('axes.json', '{"x": [[1, 2], [3, 4], [5, 6]],\n "gamma": [1, 2]}');
const scalar = { shape: [], dtype: 'float32', data: Float32Array.of(3.5) } as const;
const written = npyExport.write({ tensor: scalar, text: '', what: '', axisNames: [] });
const number = fileWith('number.npy', written as Uint8Array);
const empty = fileWith('empty.json', '');
const wide = fileWith('wide.json', JSON.stringify({ x: [Array(100).fill(1), Array(100).fill(2)] }));
const single = fileWith('single.json', '{"x": [[1, 2]], "convention": "pytorch"}');
const noInput = fileWith('no-input.json', '{"gamma": [1]}');
const two = fileWith('two.txt', 'a = [[1, 2], [3, 4]]\nb = [[5, 6], [7, 8]]\n');

describe('bad usage and bad input', () => {
  it.each([
    [[], 'Name a command: run, tensors, layers, doctor, compare, summary, conventions'],
    [['train'], 'There is no command "train": use one of run,'],
    [['run'], 'FILE is missing. Usage: normscope run FILE [options] [--json]'],
    [['run', seed, seed], 'one argument too many. Usage:'],
    [
      ['conventions', seed],
      'one argument too many. Usage: normscope conventions [options] [--json]',
    ],
    [['run', seed, '--speed', '3'], "Unknown option '--speed'. Usage:"],
    [['run', seed, '--axis'], "'--axis' argument missing. Usage:"],
    [['run', seed, '--json=yes'], "'--json' does not take an argument. Usage:"],
    [['run', seed, '--axis', '1.5'], '--axis is "1.5": give a whole number'],
    [['run', seed, '--axis', ''], '--axis is ""'],
    [['run', seed, '--epsilon', 'small'], '--epsilon is "small": give a number'],
    [['run', seed, '--epsilon', '0x10'], '--epsilon is "0x10": give a number'],
    [['run', seed, '--epsilon', ' 1'], '--epsilon is " 1": give a number'],
    [['run', seed, '--epsilon', ''], '--epsilon is "": give a number'],
    [['run', seed, '--momentum', '0b1'], '--momentum is "0b1": give a number'],
    [['run', seed, '--steps', '2.5'], '--steps is "2.5": give a whole number'],
    [['run', seed, '--steps', '1e1'], '--steps is "1e1": give a whole number'],
    [['run', seed, '--steps', '0x2'], '--steps is "0x2": give a whole number'],
    [['run', seed, '--axis', '1.0'], '--axis is "1.0": give a whole number'],
    [
      ['run', seed, '--momentum', 'null'],
      '--momentum is "null": give a number, such as 0.99, or none',
    ],
    [['run', seed, '--steps', '0'], '--steps is "0": give a whole number from 1'],
    [['run', seed, '--steps', '1e9'], '--steps is "1e9"'],
    [['run', seed, '--training', '--no-training'], '--training and --no-training are both given'],
    [
      ['run', seed, '--axis', '-5'],
      'normscope: Axis -5 does not exist in shape [1,2,2,4]: use -4 to 3.',
    ],
    [['run', number], 'number.npy: The tensor is a single number, of shape []: it has no axis'],
    [['run', axes, '--axis', '0'], 'axes.json:2:11: gamma has 2 values, but axis 0 of [3,2] has 3'],
    [['run', seed, '--epsilon', '-1'], 'normscope: Epsilon is -1'],
    [['run', seed, '--epsilon', 'NaN'], 'normscope: Epsilon is NaN'],
    [['run', seed, '--momentum', '1.5'], 'normscope: Momentum is 1.5'],
    [['run', seed, '--momentum', 'none'], 'normscope: Momentum is null (a cumulative average)'],
    [
      ['run', seed, '--convention', 'torch'],
      'normscope: Unknown convention "torch": use one of tf1,',
    ],
    [['run', seed, '--layer', 'bn9'], '--layer is "bn9", which is no file and no name in'],
    [['run', seed, '--layer', ''], '--layer is "", which is no file and no name in'],
    [['run', seed, '--input', ''], '--input is "", which is no file and no name in'],
    [
      ['run', wide, '--full', '--steps', '100000'],
      'give --steps 41943 or less, or leave out --full',
    ],
    [['run', `${seed}#bn9`], 'seed.bn.json has nothing called "bn9": it holds input, gamma'],
    [['tensors', `${seed}#bn9`], 'seed.bn.json has no tensor "bn9": it holds input, gamma'],
    [['run', 'nowhere.json'], 'There is no file nowhere.json: check the path.'],
    [['run', scratch], 'is a folder'],
    [['run', binary], 'binary.npy: it does not begin as a .npy file does'],
    [['run', latin], 'latin.json is not text'],
    [['run', empty], 'empty.json:1:1: The file is empty'],
    [['summary', empty], 'empty.json:1:1: The file is empty'],
    [['run', ragged], 'ragged.json:2:17: Row [1] has 1 value, but row [0] has 2'],
    [['tensors', ragged], 'ragged.json:2:17: Row [1] has 1 value'],
    [['run', noInput], 'no-input.json:1:1: There is no input'],
    [['run', single], 'single.json:1:2: PyTorch refuses one value a channel in training'],
    [['run', single, '--training'], 'PyTorch refuses one value a channel in training'],
    [['run', two], 'two.txt holds a, b: name one of them with --input.'],
    [['layers', `${seed}#bn9`], 'seed.bn.json has no layer "bn9": it holds seed.'],
    [['doctor'], 'FILE... is missing.'],
    [['doctor', seed, 'nowhere.json'], 'There is no file nowhere.json: check the path.'],
    [['doctor', `${seed}#bn9`], 'seed.bn.json has no layer "bn9": it holds seed.'],
    [['doctor', ragged], 'ragged.json:2:17: Row [1] has 1 value'],
    [['doctor', binary], 'binary.npy: it does not begin as a .npy file does'],
    [['compare', seed], 'B is missing.'],
    [
      ['compare', seed, `${seed}#bn9`],
      'seed.bn.json has nothing called "bn9": it holds the layers',
    ],
  ])('%j', async (args, complaint) => {
    for (const more of args[0] === undefined || args.includes('--json=yes')
      ? [[]]
      : [[], ['--json']]) {
      const { status, out, complaints } = await runCli([...args, ...more]);
      expect(status).toBe(2);
      expect(out).toBe('');
      expect(complaints).toHaveLength(1);
      expect(complaints[0]).toContain(complaint);
      expect(complaints[0]).toMatch(/^normscope: [^\n]+$/);
    }
  });

  it.each(['[[1, 2], [3]]', 'no tensor here'])('on standard input: %j', async text => {
    const { status, complaints } = await runCli(['run', '-'], text);
    expect(status).toBe(2);
    expect(complaints[0]).toMatch(/^normscope: standard input:1:\d+: /);
  });

  it.each(['\u0000', '[1, \u0000]'])('binary on standard input: %j', async text => {
    const { status, complaints } = await runCli(['run', '-'], text);
    expect(status).toBe(2);
    expect(complaints).toEqual([expect.stringContaining('Standard input is not text: give JSON')]);
  });

  it.each([
    ['[[1,2],[3,4]', '1:1: This "[" is never closed'],
    ['[[1 2]\n [3 4]', '1:1: This "[" is never closed'],
    ['[[1,2],[3,4]],', '1:14: The JSON value has ended before this'],
    ['[1, 2]\n[3, 4]', '2:1: The JSON value has ended before this'],
    ['[[1, 2], [3, x]]', '1:14: x stands where a number is expected'],
    ['['.repeat(1_000_000), '1:9: This bracket opens a dimension beyond'],
    ['{"x": [[1 2]]}', '1:11: A comma is missing'],
  ])(
    'says what is wrong with JSON on standard input, not with a part of it',
    async (text, wrong) => {
      const { status, out, complaints } = await runCli(['summary', '-'], text);
      expect([status, out, complaints.length]).toEqual([2, '', 1]);
      expect(complaints[0]).toContain(`normscope: standard input:${wrong}`);
    },
  );

  it.each([
    ['[[1 2]\n [3 4]]', ['input  f32[2,2]']],
    ['[[1., 2.], [3., nan]]', ['input  f32[2,2]']],
    ['[inf -inf]', ['input  f32[2]']],
    ['[INFO] x = [[1, 2]]', ['x  f32[1,2]']],
    ['[12:00:01] loss = [[1, 2]]', ['loss  f32[1,2]']],
  ])('reads what is printed, although it starts as JSON does: %j', async (text, lines) => {
    const { status, out } = await runCli(['summary', '-'], text);
    expect(status).toBe(0);
    for (const line of lines) expect(out).toContain(line);
  });

  it('keeps to one line whatever a file is called', async () => {
    const { complaints } = await runCli(['run', 'a\nb\u001b[31m.json']);
    expect(complaints).toEqual(['normscope: There is no file a b [31m.json: check the path.']);
  });
});
