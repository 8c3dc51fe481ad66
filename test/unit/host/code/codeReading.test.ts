import { describe, expect, it } from 'vitest';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import { createCodeReading } from '../../../../src/host/code/codeReading';
import type { CodeText } from '../../../../src/host/code/codeText';

function code(text: string, start = 0, version = '1'): CodeText {
  const uri = 'file:///train.py';
  return { uri, key: uri, version, languageId: 'python', text, start, end: text.length };
}

const before = 'import torch.nn as nn\n';
const text = `${before}bn = nn.BatchNorm2d(c, momentum=m)\n`;

describe('CodeReading', () => {
  it('has a lens for each call, at the place in its document', async () => {
    const reading = createCodeReading();
    const [lens, another] = await reading.lenses(code(text), tf1);
    expect(another).toBeUndefined();
    expect(lens?.offset).toBe(text.indexOf('nn.BatchNorm2d'));
    expect(lens?.title).toMatch(/^training: batch statistics.* · momentum m · epsilon 0.00001/);
    const [inCell] = await reading.lenses(code(text, before.length, '2'), tf1);
    expect(inCell?.offset).toBe('bn = '.length);
  });

  it('has none for other cells, nor for arguments that make no layer', async () => {
    const reading = createCodeReading();
    expect(await reading.lenses(code(text, text.length), tf1)).toEqual([]);
    expect(await reading.lenses({ ...code(text), end: before.length }, tf1)).toEqual([]);
    expect(await reading.lenses(code('nn.BatchNorm2d(3, momentum=7)', 0, '2'), tf1)).toEqual([]);
  });

  it('explains in a hover over what is called, and over nothing else', async () => {
    const reading = createCodeReading();
    const at = text.indexOf('BatchNorm2d');
    const hover = await reading.hover(code(text), at, tf1);
    expect(hover?.start).toBe(at - 3);
    expect(hover?.end).toBe(at + 'BatchNorm2d'.length);
    expect(hover?.markdown).toContain('In train\\(\\) the batch');
    expect(hover?.markdown).toContain('command:normscope.inspectCall');
    expect(hover?.markdown).toContain('`momentum=m` (m is not known here)');
    expect(await reading.hover(code(text), text.indexOf('momentum'), tf1)).toBeUndefined();
  });

  it('escapes what comes from the file', async () => {
    const hostile = 'nn.BatchNorm2d(x, momentum=f("](command:evil) <b>`"))';
    const hover = await createCodeReading().hover(code(hostile), 4, tf1);
    // What stands between backticks is shown as it is; a backtick of the file's own is not among it.
    const outside = hover?.markdown.replace(/\\./g, '').replace(/`[^`]*`/g, '') ?? '';
    expect(outside.match(/\]\(/g)).toHaveLength(1);
    expect(outside).not.toContain('<');
  });

  it('finds the innermost call around the cursor, by its layer’s name', async () => {
    const reading = createCodeReading();
    const at = text.indexOf('momentum');
    expect(await reading.callAt(code(text), at, tf1)).toEqual({
      start: text.indexOf('nn.Batch'),
      end: text.indexOf('(c'),
      name: 'bn',
    });
    expect(await reading.callAt(code(text), 3, tf1)).toBeUndefined();
  });

  it('reads another text anew', async () => {
    const reading = createCodeReading();
    await reading.lenses(code(text), tf1);
    expect(await reading.lenses(code('x = 1', 0, '2'), tf1)).toEqual([]);
  });

  it('gives way while it reads a long text', async () => {
    const long = 'bn = nn.BatchNorm2d(64)\nx = bn(x)\n'.repeat(20_000);
    let turns = 0;
    const ticking = setInterval(() => turns++, 1);
    const lenses = await createCodeReading().lenses(code(long), tf1);
    clearInterval(ticking);
    expect(lenses).toHaveLength(500);
    expect(turns).toBeGreaterThan(3);
  });
});

/** The longest time that the processor worked for a task without giving way, in milliseconds. */
async function longestSlice(task: Promise<unknown>): Promise<number> {
  let [isDone, longest] = [false, 0];
  const end = (): void => {
    isDone = true;
  };
  task.then(end, end);
  // Not the clock, which runs on while other programs have the processor.
  for (let before = process.cpuUsage(); !isDone; before = process.cpuUsage()) {
    await new Promise(resolve => setImmediate(resolve));
    const { user, system } = process.cpuUsage(before);
    longest = Math.max(longest, (user + system) / 1000);
  }
  return longest;
}

describe('a file made to be slow', () => {
  const calls = (line: (i: number) => string): CodeText =>
    code(Array.from({ length: 400 }, (_, i) => line(i)).join('\n'));
  const sum = Array.from({ length: 8 }, () => 'np.ones(1000000)').join(' + ');

  it.each([
    ['sums of large tensors', (i: number) => `nn.BatchNorm2d(64, momentum=${sum} + ${i})`],
    ['large inputs', (i: number) => `nn.BatchNorm2d(64)(np.ones(1000000) * ${i} + 1)`],
    [
      'large parameters',
      (i: number) => `b${i} = nn.BatchNorm1d(9)\nb${i}.weight = torch.ones(1000000) * ${i}`,
    ],
  ])(
    'of %s is read, and holds nobody up',
    async (_, line) => {
      const lenses = createCodeReading().lenses(calls(line), tf1);
      expect(await longestSlice(lenses)).toBeLessThan(400);
      expect(await lenses).not.toHaveLength(0);
    },
    30_000,
  );

  it('says what it is too long for, and goes on', async () => {
    const reading = createCodeReading();
    const text = calls(i => `nn.BatchNorm2d(64, momentum=${sum} + ${i})`);
    const last = await reading.hover(text, text.text.lastIndexOf('BatchNorm2d'), tf1);
    expect(last?.markdown).toContain('it takes too long to evaluate');
  });
});

describe('the layer of a call', () => {
  const layer = async (
    source: string,
  ): Promise<Awaited<ReturnType<ReturnType<typeof createCodeReading>['layer']>>> =>
    createCodeReading().layer(code(source), source.lastIndexOf('atch'), tf1);

  it('comes with its input where the code has it', async () => {
    const read = await layer('x = np.ones((2, 3)) * 4\ny = tf.layers.batch_normalization(x)');
    expect(read).toMatchObject({
      ok: true,
      value: {
        channels: 3,
        statement: { convention: 'tf1' },
        own: { kind: 'tensor', name: 'x', tensor: { shape: [2, 3] } },
      },
    });
  });

  it('says what its input is where only a run has it', async () => {
    const read = await layer('x = torch.randn(4, 3)\nnn.BatchNorm1d(3)(x)');
    const note =
      'The values of the input x are not in the code (it is drawn at random, which only a run does): normal numbers with the moving statistics are drawn in shape [4,3].';
    expect(read).toMatchObject({
      ok: true,
      value: { own: { kind: 'shape', shape: [4, 3], note } },
    });
  });

  it('says what stands in for what is not known', async () => {
    const read = await layer('nn.BatchNorm2d(3, momentum=m)');
    expect(read.ok && read.value.notes).toEqual([
      'nn.BatchNorm2d is not imported here: torch.nn.BatchNorm2d is assumed.',
      'Whether training is on, the call does not decide: the switch does.',
      'momentum (m) cannot be told from the code (m is not known here): the default is taken.',
    ]);
  });

  it('is a problem where the call makes none, and where there is no call', async () => {
    expect(await layer('nn.BatchNorm2d(3, momentum=7)')).toMatchObject({
      ok: false,
      problem: { code: 'momentum-invalid' },
    });
    expect(await layer('catch = 1')).toMatchObject({
      ok: false,
      problem: { code: 'call-missing' },
    });
  });
});
