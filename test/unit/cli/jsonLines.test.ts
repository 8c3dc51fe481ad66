import { describe, expect, it } from 'vitest';
import { fileWith, runCli } from './terminal';

interface Ran {
  readonly shape: readonly number[];
  readonly channels: readonly { readonly gamma: number; readonly batchMean: number }[];
}

describe('JSON Lines', () => {
  it('of arrays are one tensor', async () => {
    const file = fileWith('rows.jsonl', '[[1, 2]]\n[[3, 4]]\r\n\n[[5, 6]]');
    const { status, out } = await runCli(['tensors', file, '--json']);
    expect(status).toBe(0);
    expect(JSON.parse(out)).toEqual([
      { name: 'input', shape: [3, 1, 2], dtype: 'float32', bytes: 24 },
    ]);
  });

  it('of objects have their tensors listed by line, and run from one', async () => {
    const line = (x: number): string =>
      JSON.stringify({ step: x, input: [[x], [x + 2]], gamma: [x] });
    const file = fileWith('log.ndjson', [1, 2, 3].map(line).join('\n'));
    const { out } = await runCli(['tensors', file, '--json']);
    const names = (JSON.parse(out) as { name: string }[]).map(({ name }) => name);
    expect(names).toEqual(['1/input', '1/gamma', '2/input', '2/gamma', '3/input', '3/gamma']);
    const args = ['run', file, '--input', '2/input', '--layer', '2', '--training', '--json'];
    const ran = JSON.parse((await runCli(args)).out) as Ran;
    expect(ran.shape).toEqual([2, 1]);
    expect(ran.channels).toMatchObject([{ gamma: 2, batchMean: 3 }]);
    const { status, complaints } = await runCli(['run', file]);
    expect(status).toBe(2);
    expect(complaints[0]).toContain('log.ndjson:1:1: Each line is an object of its own: name one');
  });

  it('of one object are that object', async () => {
    const file = fileWith('one.jsonl', '{"input": [[1], [2]], "gamma": 3}\n');
    const { out } = await runCli(['run', file, '--json']);
    expect((JSON.parse(out) as Ran).channels).toMatchObject([{ gamma: 3 }]);
  });

  it.each([
    ['[1, 2]\n[3]', '2:1: Row [1] has 1 value, but row [0] has 2'],
    ['[1, 2]\n{"x": 1}', '2:1: This line is an object, and those before it are arrays'],
    ['[1, 2],\n[3, 4]', '1:7: JSON Lines has no comma between its lines'],
    ['[1, 2]]\n[3, 4]', '1:7: This "]" closes nothing that is open'],
    ['[1, 2]\n[3, 4', '2:1: This "[" is never closed'],
  ])('are refused with the line that is wrong: %j', async (text, complaint) => {
    const { status, complaints } = await runCli(['run', fileWith('bad.jsonl', text)]);
    expect(status).toBe(2);
    expect(complaints[0]).toContain(`bad.jsonl:${complaint}`);
  });
});
