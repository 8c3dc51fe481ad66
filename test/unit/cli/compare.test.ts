import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { safetensorsFile } from '../../vscode/suite/safetensors';
import { fileWith, runCli, type Outcome } from './terminal';

interface Compared {
  readonly equal: boolean;
  readonly close: boolean;
  readonly maxAbs: number;
  readonly cosine: number | string;
  readonly worst: readonly object[];
  readonly layers: readonly { readonly a: string; readonly b: string | null }[];
  readonly tensors: readonly { readonly name: string; readonly close: boolean }[];
  readonly findings: readonly { readonly id: string; readonly message: string }[];
}

async function compareJson(...args: string[]): Promise<{ status: number; json: Compared }> {
  const { status, out, complaints } = await runCli(['compare', ...args, '--json']);
  if (status === 2) throw new Error(complaints.join('\n'));
  return { status, json: JSON.parse(out) as Compared };
}

const compareText = (...args: string[]): Promise<Outcome> => runCli(['compare', ...args]);

const arrayFile = (name: string, text: string): string => fileWith(`${name}.json`, text);

/** Two batch norms and another tensor. */
function checkpoint(name: string, prefix: string, mean = 0.5, extra = 3): string {
  const layer = (path: string, channels: number): [string, number[], number[]][] =>
    ['weight', 'bias', 'running_mean', 'running_var'].map(role => [
      `${prefix}${path}.${role}`,
      [channels],
      Array.from({ length: channels }, (_, c) => (role === 'running_mean' ? mean + c : c + 1)),
    ]);
  const tensors: [string, number[], number[]][] = [
    ...layer('bn1', 4),
    ...layer('bn2', 8),
    ['fc.weight', [2, 2], [1, 2, extra, 4]],
  ];
  return fileWith(`${name}.safetensors`, safetensorsFile(tensors));
}

describe('two tensors', () => {
  it('are equal, with status 0', async () => {
    const a = arrayFile('same-a', '[[1, 2], [3, 4]]');
    const { status, json } = await compareJson(a, arrayFile('same-b', '[[1, 2], [3, 4]]'));
    expect(status).toBe(0);
    expect(json).toMatchObject({ equal: true, maxAbs: 0, meanAbs: 0, rmse: 0, maxUlp: 0 });
    expect(json).toMatchObject({ cosine: 1, worst: [], layers: [], findings: [] });
  });

  it('differ, with status 1, the worst elements first', async () => {
    const [a, b] = [arrayFile('d-a', '[[1, 2], [3, 4]]'), arrayFile('d-b', '[[1, 2.5], [3, 5]]')];
    const { status, json } = await compareJson(a, b);
    expect(status).toBe(1);
    expect(json).toMatchObject({ equal: false, close: false, maxAbs: 1, meanAbs: 0.375 });
    expect(json.worst).toEqual([
      { index: 3, at: [1, 1], a: 4, b: 5 },
      { index: 1, at: [0, 1], a: 2, b: 2.5 },
    ]);
    const { out } = await compareText(a, b);
    expect(out).toContain(
      'Out of tolerance: of 4 pairs, 2 do not have |a − b| ≤ 1e-8 + 1e-5·|b|.\n',
    );
    expect(out).toMatch(/^max \|a − b\| +1 at \[1,1\]$/m);
  });

  it('are within a tolerance that is given', async () => {
    const [a, b] = [arrayFile('t-a', '[1, 2]'), arrayFile('t-b', '[1, 2.01]')];
    expect((await compareJson(a, b)).status).toBe(1);
    const { status, json } = await compareJson(a, b, '--rtol', '1e-2');
    expect([status, json.equal, json.close]).toEqual([0, false, true]);
    expect((await compareJson(a, b, '--rtol', '0', '--atol', '0.1')).status).toBe(0);
  });

  it('with NaN are equal only where that is asked for', async () => {
    const file = arrayFile('nan', '[NaN, NaN]');
    const { status, json } = await compareJson(file, file);
    expect([status, json.equal, json.maxAbs]).toEqual([1, false, 'NaN']);
    expect((await compareText(file, file)).out).toContain('2 pairs of NaN do not count as equal.');
    expect((await compareJson(file, file, '--equal-nan')).json.equal).toBe(true);
  });

  it('of integers and of complex numbers have places and digits of their own', async () => {
    const npy = (descr: string, bytes: Uint8Array): Uint8Array => {
      const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (1,), }`.padEnd(117);
      return Buffer.concat([Buffer.from(`\x93NUMPY\x01\0\x76\0${header}\n`, 'latin1'), bytes]);
    };
    const integer = (value: bigint): string =>
      fileWith(`i${value}.npy`, npy('<i8', new Uint8Array(BigInt64Array.of(value).buffer)));
    const integers = await compareJson(integer(16_777_217n), integer(16_777_219n));
    expect(integers.json.worst).toEqual([{ index: 0, at: [0], a: 16_777_217, b: 16_777_219 }]);
    const complex = (re: number, im: number): string =>
      fileWith(`c${im}.npy`, npy('<c8', new Uint8Array(Float32Array.of(re, im).buffer)));
    const { json } = await compareJson(complex(1, 2), complex(1, 3));
    expect(json.worst).toEqual([{ index: 1, at: [0, 1], a: 2, b: 3 }]);
  });

  it('of other shapes are refused: nothing is broadcast', async () => {
    const { status, complaints, out } = await compareText(
      arrayFile('s-a', '[[1, 2]]'),
      arrayFile('s-b', '[1, 2]'),
    );
    expect([status, out]).toEqual([2, '']);
    expect(complaints[0]).toBe(
      'normscope: "input" is [1,2], and "input" is [2]: only tensors of one shape are compared, element by element, and nothing is broadcast.',
    );
  });

  it('are found by name, and by the other one’s', async () => {
    const [a, b] = [checkpoint('n-a', ''), checkpoint('n-b', '', 0.5, 9)];
    const { json } = await compareJson(`${a}#fc.weight`, b);
    expect(json.worst).toEqual([{ index: 2, at: [1, 0], a: 3, b: 9 }]);
    const { complaints } = await compareText(`${a}#fc.weight`, `${b}#bn1`);
    expect(complaints[0]).toMatch(/#fc.weight is a tensor, and .*#bn1 is a batch-norm layer/);
    expect((await compareText(`${a}#nope`, b)).complaints[0]).toMatch(
      /has nothing called "nope": it holds the layers bn1, bn2; as tensors bn1.weight/,
    );
  });
});

describe('two layers', () => {
  it('are compared parameter by parameter', async () => {
    const [a, b] = [checkpoint('l-a', ''), checkpoint('l-b', 'model.', 1)];
    const { status, json } = await compareJson(`${a}#bn1`, `${b}#model.bn1`);
    expect(status).toBe(1);
    expect(json.layers).toMatchObject([
      { a: 'bn1', b: 'model.bn1', pairedBy: 'name', equal: false },
    ]);
    expect(json.layers[0]).toMatchObject({
      parameters: { gamma: { maxAbs: 0 }, movingMean: { maxAbs: 0.5 } },
    });
    expect(json.worst[0]).toMatchObject({ layer: 'bn1', parameter: 'movingMean' });
  });

  it('of other numbers of channels are refused', async () => {
    const file = checkpoint('c', '');
    const { status, complaints } = await compareText(`${file}#bn1`, `${file}#bn2`);
    expect(status).toBe(2);
    expect(complaints[0]).toMatch(/"bn1" has 4 channels, and "bn2" has 8/);
  });
});

describe('two checkpoints', () => {
  it('have their layers paired and their tensors of one name compared', async () => {
    const [a, b] = [checkpoint('k-a', ''), checkpoint('k-b', '', 0.5, 9)];
    const { status, json } = await compareJson(a, b);
    expect(status).toBe(1);
    expect(json.layers.map(({ a: name }) => name)).toEqual(['bn1', 'bn2']);
    // Parameters of the layers are not said again.
    expect(json.tensors).toMatchObject([{ name: 'fc.weight', close: false, maxAbs: 6 }]);
    expect(json.worst).toEqual([{ tensor: 'fc.weight', index: 2, at: [1, 0], a: 3, b: 9 }]);
    expect((await compareJson(a, b, '--layers-only')).status).toBe(0);
    expect((await compareJson(a, a)).json).toMatchObject({ equal: true, maxAbs: 0 });
    const { out } = await compareText(a, b);
    expect(out).toMatch(/^bn1 +bn1 +name +0 +0 +0 +0 +0 +equal$/m);
  });

  it('say which layers have no partner, with status 1', async () => {
    const a = checkpoint('u-a', '');
    const one = ['weight', 'bias', 'running_mean', 'running_var'];
    const b = fileWith(
      'u-b.safetensors',
      safetensorsFile(one.map(role => [`bn1.${role}`, [4], [9, 9, 9, 9]])),
    );
    const { status, json } = await compareJson(a, b);
    expect(status).toBe(1);
    expect(json.layers).toMatchObject([{ b: 'bn1' }, { a: 'bn2', b: null, pairedBy: null }]);
    expect(json.findings[0]).toMatchObject({
      id: 'layer-unpaired',
      message: 'A layer of A has no partner in B: bn2.',
    });
  });

  it('say how sure a pair is, and what differs most in its output', async () => {
    const roles = ['weight', 'bias', 'running_mean', 'running_var'];
    const layers = (file: string, names: readonly string[], value: number): string =>
      fileWith(
        file,
        safetensorsFile(
          names.flatMap(name => roles.map(role => [`${name}.${role}`, [4], [1, 2, 3, value]])),
        ),
      );
    const a = layers('s-a.safetensors', ['p', 'q'], 4);
    const b = layers('s-b.safetensors', ['x', 'y', 'z'], 5);
    const { json } = await compareJson(a, b);
    expect(json.layers).toMatchObject([
      { a: 'p', b: 'x', pairedBy: 'structure', effect: { channel: 3 } },
      { a: 'q', b: 'y', pairedBy: 'structure', effect: { channel: 3 } },
    ]);
    expect(json.layers[0]).toHaveProperty(
      'doubt',
      'Their order alone pairs them: of 4 channels A has 2 and B has 3 such layers, and no number of the two is the same.',
    );
    expect(json.findings.map(({ id }) => id)).toEqual(['layer-unpaired', 'pairing-unsure']);
    const { out } = await compareText(a, b);
    expect(out).toMatch(/^p +x +structure, not sure .* \(channel 3\) +out of tolerance$/m);
    expect(out).toMatch(/^— +z +not compared$/m);
  });

  it('find weights that were loaded into other layers', async () => {
    const layers = (file: string, first: number, second: number): string =>
      fileWith(
        file,
        safetensorsFile([
          ['bn1.running_mean', [4], [first, 1, 2, 3]],
          ['bn1.running_var', [4], [first, 1, 2, 4]],
          ['bn2.running_mean', [4], [second, 4, 5, 6]],
          ['bn2.running_var', [4], [second, 4, 5, 7]],
        ]),
      );
    const sound = layers('x-a.safetensors', 1, 2);
    const swapped = fileWith(
      'x-b.safetensors',
      safetensorsFile([
        ['bn1.running_mean', [4], [2, 4, 5, 6]],
        ['bn1.running_var', [4], [2, 4, 5, 7]],
        ['bn2.running_mean', [4], [1, 1, 2, 3]],
        ['bn2.running_var', [4], [1, 1, 2, 4]],
      ]),
    );
    const { status, json } = await compareJson(sound, swapped);
    expect(status).toBe(1);
    expect(json.findings[0]).toMatchObject({
      id: 'layers-exchanged',
      severity: 'error',
      layers: ['bn1', 'bn2'],
      evidence: { bn1: 'bn2', bn2: 'bn1' },
    });
    const trainedOn = await compareJson(sound, layers('x-c.safetensors', 3, 4));
    expect(trainedOn.json.findings.map(({ id }) => id)).toEqual([]);
  });

  it('name the layers without a partner once, however many they are', async () => {
    const file = (name: string, count: number): string =>
      fileWith(
        name,
        safetensorsFile(
          Array.from({ length: count }, (_, i) => i).flatMap(i =>
            ['running_mean', 'running_var'].map((role): [string, number[], number[]] => [
              `bn${i}.${role}`,
              [4 + i],
              [],
            ]),
          ),
        ),
      );
    const { out } = await compareText(
      file('many-a.safetensors', 12),
      file('many-b.safetensors', 1),
    );
    expect(out).toMatch(/^error: 11 layers of A have no partner in B: bn1, .*bn8 and 3 more\.$/m);
  });

  it('with nothing in common are refused', async () => {
    const b = fileWith(
      'z.safetensors',
      safetensorsFile([
        ['p', [1], [1]],
        ['q', [1], [1]],
      ]),
    );
    const a = fileWith(
      'y.safetensors',
      safetensorsFile([
        ['r', [1], [1]],
        ['s', [1], [1]],
      ]),
    );
    const { status, complaints } = await compareText(a, b);
    expect(status).toBe(2);
    expect(complaints[0]).toMatch(/no batch-norm layers and no tensor of one name: name what/);
  });

  it('go on beside a tensor that has another shape', async () => {
    const a = checkpoint('o-a', '');
    const b = fileWith('o-b.safetensors', safetensorsFile([['fc.weight', [4], [1, 2, 3, 4]]]));
    const { status, json } = await compareJson(a, b);
    expect(status).toBe(1);
    expect(json.findings.map(({ id }) => id)).toEqual(['layer-unpaired', 'shapes-differ']);
  });
});

describe('a checkpoint of Keras and its port to PyTorch', () => {
  const ported = (name: string): string =>
    join(import.meta.dirname, '../../fixtures/porting', name);
  const original = ported('original.keras');
  const expected = JSON.parse(readFileSync(ported('expected.json'), 'utf8')) as readonly {
    readonly a: string;
    readonly b: string;
    readonly effect: { readonly channel: number; readonly output: number };
  }[];

  it('are paired by their numbers, and the epsilon that was not carried over is named', async () => {
    const { json, status } = await compareJson(original, ported('ported.pt'), '--layers-only');
    expect(status).toBe(0);
    expect(json.layers).toMatchObject(
      expected.map(({ a, b, effect }) => ({
        a,
        b,
        pairedBy: 'value',
        doubt: null,
        equal: true,
        effect: { channel: effect.channel, output: expect.closeTo(effect.output, 6) as number },
      })),
    );
    const most = Math.max(...expected.map(({ effect }) => effect.output));
    expect(json.findings).toMatchObject([
      {
        id: 'epsilon-differs',
        severity: 'warning',
        layers: expected.map(({ a }) => a),
        evidence: {
          epsilonA: 0.001,
          epsilonB: 0.00001,
          outputChange: expect.closeTo(most, 6) as number,
        },
      },
      { id: 'axis-differs', severity: 'note', evidence: { channelAxisA: -1, channelAxisB: 1 } },
      { id: 'momentum-differs', severity: 'note' },
      { id: 'variance-rule-differs', severity: 'note' },
      { id: 'convention-differs', severity: 'note' },
    ]);
  });

  it('are paired where the moving statistics were swapped, which is an error', async () => {
    const { json, status } = await compareJson(original, ported('swapped.pt'), '--layers-only');
    expect(status).toBe(1);
    expect(json.layers).toMatchObject(expected.map(({ a, b }) => ({ a, b, pairedBy: 'value' })));
    expect(json.findings[0]).toMatchObject({
      id: 'statistics-swapped',
      severity: 'error',
      layers: expected.map(({ a }) => a),
    });
  });
});

describe('a batch norm that is folded in the other file', () => {
  const file = (name: string): string =>
    join(import.meta.dirname, '../../fixtures/confusions', `13-${name}.pt`);
  const all = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../fixtures/confusions/expected.json'), 'utf8'),
  ) as Record<string, Record<string, number>>;
  const { channel, biasFound, biasExact, outputChange } = all['13-folding'] ?? {};

  it('as PyTorch folds it is no error', async () => {
    const { status, json } = await compareJson(file('original'), file('folded'), '--layers-only');
    expect(status).toBe(0);
    expect(json.layers).toMatchObject([{ a: 'bn1', b: null, foldedInto: 'conv1.weight' }]);
    expect(json.findings).toMatchObject([{ id: 'folded', severity: 'note', layers: ['bn1'] }]);
    const { out } = await compareText(file('original'), file('folded'), '--layers-only');
    expect(out).toMatch(/^bn1 +— +folded into conv1\.weight .* folded$/m);
    // Nor are the weight and the bias, which are other numbers for that.
    const whole = await compareJson(file('original'), file('folded'));
    expect([whole.status, whole.json.tensors]).toEqual([0, []]);
  });

  it('without its bias going through it is an error, with the term, the channel and the fix', async () => {
    const wrong = file('bias-not-scaled');
    const { status, json } = await compareJson(file('original'), wrong, '--layers-only');
    expect(status).toBe(1);
    expect(json.findings).toMatchObject([
      {
        id: 'fold-error',
        severity: 'error',
        channels: [0, 1, 2, 3],
        evidence: {
          channel,
          biasFound: expect.closeTo(biasFound ?? NaN, 5) as number,
          biasExact: expect.closeTo(biasExact ?? NaN, 5) as number,
          // As PyTorch's own outputs are off.
          outputChange: expect.closeTo(outputChange ?? NaN, 4) as number,
        },
        fix: 'b′ = beta + (b − mean)·scale: the bias goes through the batch norm as the weight does.',
      },
    ]);
    expect(json.findings[0]?.message).toContain(
      'the bias of the layer before was not multiplied by the scale',
    );
  });

  it('is found with the sides the other way round', async () => {
    const { json } = await compareJson(file('folded'), file('original'), '--layers-only');
    expect(json.layers).toEqual([]);
    expect(json.findings).toMatchObject([{ id: 'folded', layers: ['bn1'] }]);
    expect(json.findings[0]?.message).toMatch(/^bn1 of B is folded into conv1\.weight of A/);
  });
});

it('a tolerance that is none is refused', async () => {
  const file = arrayFile('tol', '[1]');
  const { status, complaints } = await compareText(file, file, '--rtol', 'x');
  expect([status, complaints]).toEqual([
    2,
    ['normscope: --rtol is "x": give a number of at least 0, such as 0.00001.'],
  ]);
});
