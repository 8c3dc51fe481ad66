import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  decodeAnswer,
  parseDescription,
  parseListing,
  type Description,
  type ListedValue,
} from '../../../../src/core/debug/answers';
import { python } from '../../../../src/core/debug/python';

/** Debian's, which has python3-numpy and python3-torch. */
const program = '/usr/bin/python3';
const installed = spawnSync(program, ['-c', 'import numpy, torch']).status === 0;
if (!installed) {
  console.warn('Skipped: what is evaluated in Python needs python3-numpy and python3-torch.');
}

const limits = { inlineBytes: 1 << 16, healthElements: 1000 };

/** Evaluates as a debugger does: with the frame's names, after `setup` ran. */
function evaluated(setup: string, expressions: readonly string[]): string[] {
  const code = `
import sys, json
frame = {}
exec(${JSON.stringify(setup)}, frame)
before = set(sys.modules), set(frame)
answers = [eval(e.strip(), frame, frame) for e in json.load(sys.stdin)]
assert set(sys.modules) == before[0], set(sys.modules) - before[0]
assert set(frame) == before[1], set(frame) - before[1]
json.dump(answers, sys.stdout)
`;
  const done = spawnSync(program, ['-c', code], {
    input: JSON.stringify(expressions),
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (done.status !== 0) throw new Error(done.stderr);
  return JSON.parse(done.stdout) as string[];
}

function bytesIn(answer: string | undefined): Buffer {
  const encoded = decodeAnswer(answer ?? '');
  if (!encoded) throw new Error(`no answer: ${answer?.slice(0, 200)}`);
  return Buffer.from(encoded.text, encoded.encoding);
}

function describedAll(setup: string, expressions: readonly string[]): Description[] {
  const answers = evaluated(
    setup,
    expressions.map(expression => python.describe(expression, limits)),
  );
  return answers.map((answer, i) => {
    const parsed = parseDescription(bytesIn(answer).toString('utf8'), expressions[i] ?? '');
    if (!parsed.ok) throw new Error(parsed.problem.message);
    return parsed.value;
  });
}

function described(setup: string, expression: string): Description {
  return describedAll(setup, [expression])[0] as Description;
}

function listed(setup: string): readonly ListedValue[] {
  const [answer] = evaluated(setup, [python.list([], limits)]);
  const parsed = parseListing(bytesIn(answer).toString('utf8'));
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

/** The numbers of a tensor that came with its description. */
function floats(description: Description): number[] {
  if (description.kind !== 'tensor' || !description.data) throw new Error(description.kind);
  const bytes = Uint8Array.from(
    Buffer.from(description.data.text, description.data.encoding),
  ).buffer;
  return [...new Float32Array(bytes)];
}

/**
 * Not Keras, which Debian does not have: classes of its names, in modules of its names, with the attributes that its
 * source gives them (`BatchNormalization.__init__` and `build` of 3.15.1; `Variable` has `numpy` and `__array__`).
 */
function kerasLike(module: string, version: string): string {
  const root = module.split('.')[0] ?? '';
  return `import sys, types, numpy
keras = sys.modules.setdefault('keras', types.ModuleType('keras'))
keras.__version__ = '${version}'
class Variable:
    __module__ = '${root}.src.backend.common.variables'
    def __init__(self, values): self._value = numpy.array(values, 'float32')
    shape = property(lambda self: self._value.shape)
    def numpy(self): return self._value
    def __array__(self, dtype=None): return self._value
    def __repr__(self): raise RuntimeError('never')
class BatchNormalization:
    __module__ = '${module}'
    def __init__(self):
        self.axis, self.momentum, self.epsilon, self.synchronized = -1, 0.75, 0.001, False
        self.center, self.scale, self.trainable, self.built = False, True, False, False
        self.renorm, self.renorm_clipping, self.renorm_momentum = False, None, 0.9
        self.gamma = self.beta = self.moving_mean = self.moving_variance = None
    def build(self):
        self.gamma, self.moving_mean = Variable([2, 3]), Variable([0, 1])
        self.moving_variance, self.built = Variable([1, 4]), True
        return self
class Derived(BatchNormalization): __module__ = '__main__'
bn, derived, fresh = BatchNormalization().build(), Derived().build(), BatchNormalization()
renorm = BatchNormalization().build()
renorm.renorm, renorm.renorm_clipping = True, {'rmax': 3.0, 'dmax': 5.0}
renorm.moving_stddev, renorm.renorm_stddev = Variable([1, 2]), Variable([1, 1])
renorm.renorm_mean = Variable([0, float('nan')])`;
}

const torch = 'import torch, numpy\nfrom torch import nn\n';

describe.runIf(installed)('what is evaluated in a Python program', () => {
  it('describes arrays of NumPy of any order of axes and bytes, row-major', () => {
    const setup = `import numpy
a = numpy.arange(6, dtype='f4').reshape(2, 3)
t = a.T
big = a.astype('>f4')
part = a[:, ::-2]
n = numpy.float32(3)`;
    const [a, t, big, part, scalar] = describedAll(setup, ['a', 't', 'big', 'part', 'n']);
    expect(a).toMatchObject({ shape: [2, 3], dtype: 'float32', framework: 'NumPy', bytes: 24 });
    expect(floats(a as Description)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(floats(t as Description)).toEqual([0, 3, 1, 4, 2, 5]);
    expect(floats(big as Description)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(floats(part as Description)).toEqual([2, 0, 5, 3]);
    expect(scalar).toMatchObject({ shape: [], elements: 1 });
  });

  it('describes tensors of PyTorch: strides, gradients, views', () => {
    const setup = `${torch}
w = torch.arange(6.).reshape(2, 3).requires_grad_()
t = w.t()
y = (w * 2).expand(2, 2, 3)
c = torch.tensor([1 + 2j]).conj()`;
    const [w, t, y, c] = describedAll(setup, ['w', 't', 'y', 'c']);
    expect(w).toMatchObject({ requiresGrad: true, device: 'cpu', framework: 'PyTorch' });
    expect(floats(t as Description)).toEqual([0, 3, 1, 4, 2, 5]);
    expect(y).toMatchObject({ shape: [2, 2, 3] });
    expect(floats(y as Description)).toEqual([0, 2, 4, 6, 8, 10, 0, 2, 4, 6, 8, 10]);
    expect(floats(c as Description)).toEqual([1, -2]);
  });

  it('hands over bfloat16 as its bits, and measures its values', () => {
    const b = described(`${torch}b = torch.tensor([1.5, float('nan'), -2]).bfloat16()`, 'b');
    expect(b).toMatchObject({
      dtype: 'bfloat16',
      bytes: 6,
      health: { of: 3, nan: 1, infinite: 0, minimum: -2, maximum: 1.5 },
    });
    if (b.kind !== 'tensor' || !b.data) throw new Error('no data');
    const bits = Uint8Array.from(Buffer.from(b.data.text, b.data.encoding)).buffer;
    expect(new Uint16Array(bits)[0]).toBe(0x3fc0);
  });

  it('reads a range of elements', () => {
    const [answer] = evaluated(`${torch}t = torch.arange(12.).reshape(3, 4).t()`, [
      python.read('t', 3, 6),
    ]);
    expect([...new Float32Array(Uint8Array.from(bytesIn(answer)).buffer)]).toEqual([1, 5, 9]);
  });

  it('takes nested lists, and says where they are ragged', () => {
    const [x, whole, ragged, texts] = describedAll(
      'x = [[1, 2.5], [3, True]]; n = [1, 2]; r = [[1, 2], [3]]; s = ["a"]',
      ['x', 'n', 'r', 's'],
    );
    expect(x).toMatchObject({ shape: [2, 2], dtype: 'float64' });
    expect(whole).toMatchObject({ dtype: 'int64' });
    expect(ragged).toMatchObject({ kind: 'refused', reason: 'ragged' });
    expect(texts).toMatchObject({ kind: 'refused', reason: 'not-a-tensor' });
  });

  it('refuses what has no values, with the reason', () => {
    const setup = `${torch}
class Bad:
    def __repr__(self): raise ValueError('no')
    __str__ = __repr__
    def __array__(self): raise ValueError('never')
import time
class Slow:
    def __repr__(self): time.sleep(10)
meta = torch.empty(2, 3, device='meta')
sparse = torch.eye(2).to_sparse()
masked = numpy.ma.array([1., 2.], mask=[0, 1])
bad, slow, lazy = Bad(), Slow(), nn.LazyBatchNorm1d().weight`;
    const begin = Date.now();
    const found = describedAll(setup, ['meta', 'sparse', 'masked', 'bad', 'slow', 'lazy', 'None']);
    expect(Date.now() - begin).toBeLessThan(9_000);
    const reasons = found.map(one => one.kind === 'refused' && one.reason);
    expect(reasons).toEqual([
      'symbolic',
      'sparse',
      'masked',
      'raised',
      'not-a-tensor',
      'symbolic',
      'not-a-tensor',
    ]);
  });

  it('describes batch norms with parameters, flags and counts', () => {
    const setup = `${torch}
bn = nn.BatchNorm2d(2, eps=1e-3, momentum=0.2)
bn(torch.arange(16.).reshape(2, 2, 2, 2))
bn.weight.requires_grad_(False)
bn.eval()
plain = nn.BatchNorm1d(3, affine=False, track_running_stats=False, momentum=None)
inst = nn.InstanceNorm2d(2)`;
    const [bn, plain, inst] = describedAll(setup, ['bn', 'plain', 'inst']);
    expect(bn).toMatchObject({
      kind: 'layer',
      channels: 2,
      statement: {
        convention: 'pytorch',
        epsilon: 1e-3,
        momentum: 0.2,
        channelAxis: 1,
        training: false,
        trainable: false,
        batchesTracked: 1,
      },
    });
    if (bn?.kind !== 'layer') throw new Error('no layer');
    expect(Object.keys(bn.parameters)).toEqual(['gamma', 'beta', 'movingMean', 'movingVariance']);
    expect(plain).toMatchObject({
      statement: { momentum: null, tracking: 'none', training: true },
      parameters: {},
      channels: 3,
    });
    expect(inst).toMatchObject({ kind: 'refused' });
  });

  it('says of a SyncBatchNorm that its batch may be larger than what is here', () => {
    const bn = described(`${torch}bn = nn.SyncBatchNorm(2, momentum=0.3)`, 'bn');
    expect(bn).toMatchObject({
      kind: 'layer',
      type: 'SyncBatchNorm',
      channels: 2,
      statement: { convention: 'pytorch', momentum: 0.3, training: true, trainable: true },
      notes: [
        'It is a SyncBatchNorm: where several processes train, the batch is that of all of them, and this is the part of one.',
      ],
    });
  });

  it.each([
    ['keras.src.layers.normalization.batch_normalization', '3.15.1', 'keras3'],
    ['keras.src.layers.normalization.batch_normalization', '2.15.0', 'keras2'],
    ['keras.layers.normalization', '2.3.1', 'keras-standalone'],
    ['tf_keras.src.layers.normalization.batch_normalization', '3.15.1', 'keras2'],
    ['tensorflow.python.keras.layers.normalization_v2', '2.4.0', 'keras2'],
  ])('describes the batch norm of %s, Keras %s', (module, version, convention) => {
    const [bn, derived, fresh, renorm] = describedAll(kerasLike(module, version), [
      'bn',
      'derived',
      'fresh',
      'renorm',
    ]);
    const parameters = ['gamma', 'movingMean', 'movingVariance'];
    const statement = { convention, epsilon: 1e-3, momentum: 0.75, channelAxis: -1 };
    for (const layer of [bn, derived]) {
      expect(layer).toMatchObject({
        kind: 'layer',
        channels: 2,
        statement: { ...statement, trainable: false },
      });
      // Made with center=False.
      expect(layer?.kind === 'layer' && Object.keys(layer.parameters)).toEqual(parameters);
    }
    expect(fresh).toMatchObject({
      kind: 'refused',
      message: 'it is not built before the first batch: there are no parameters to read',
    });
    expect(renorm).toMatchObject({
      statement: {
        renorm: {
          momentum: 0.9,
          clipping: { rmax: 3, dmax: 5 },
          state: { movingStddev: [1, 2], mean: [0, NaN], stddev: [1, 1] },
        },
      },
    });
  });

  it('refuses a layer with several axes for its channels', () => {
    const setup = `${kerasLike('keras.src.layers.normalization.batch_normalization', '2.15.0')}
bn.axis = [1, 2]`;
    expect(described(setup, 'bn')).toMatchObject({
      reason: 'not-a-layer',
      message: 'it has the axes [1, 2] for channels, and Normscope takes one',
    });
  });

  it('lists what a frame holds: tensors, those in dictionaries, layers of models', () => {
    const setup = `${torch}
import types
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.stem = nn.Sequential(nn.Conv2d(1, 2, 1), nn.BatchNorm2d(2))
        self.by_name = nn.ModuleDict({'last': nn.BatchNorm1d(4)})
self = Net()
x = torch.tensor([1., float('inf')])
batch = {'image': numpy.ones((2, 2))}
short, count, text = [1, 2], 3, 'hello'
m = torch.empty(2, device='meta')`;
    const entries = listed(setup);
    expect(entries.map(({ name }) => name)).toEqual([
      'self.stem[1]',
      'self.by_name.last',
      'x',
      "batch['image']",
      'm',
    ]);
    expect(entries.find(({ name }) => name === 'x')?.value).toMatchObject({
      health: { infinite: 1, nan: 0, minimum: 1, maximum: 1 },
    });
    // Every expression names the very value that was listed.
    const again = describedAll(
      setup,
      entries.map(({ expression }) => expression),
    );
    expect(again.map(({ kind }) => kind)).toEqual([
      'layer',
      'layer',
      'tensor',
      'tensor',
      'refused',
    ]);
  });

  it('works where the program has names of its own for what the helpers use', () => {
    const setup = 'type = len = exec = list = None; x = [[1.0, 2.0]]';
    expect(described(setup, 'x')).toMatchObject({ shape: [1, 2] });
  });

  it('takes a comment at the end of what is selected', () => {
    expect(described('x = [1.0, 2.0]', 'x  # the input')).toMatchObject({ shape: [2] });
  });
});

describe('expressions of Python', () => {
  it.each(['x', 'self.bn.weight', 'x[0]', "batch['image']", 'a[:, -1].b', ' naïve '])(
    'walks a path: %s',
    expression => expect(python.isPath(expression)).toBe(true),
  );

  it.each(['f(x)', 'x.mean()', 'x + y', '[x for x in y]', 'x[f(1)]'])(
    'evaluates once: %s',
    expression => expect(python.isPath(expression)).toBe(false),
  );

  it('refuses assignments', () => {
    expect(python.refusal('(y := 3)')?.code).toBe('debug-assigns');
    expect(python.refusal("x[':=']")).toBeUndefined();
    expect(python.refusal('f(a=1) == 2')).toBeUndefined();
  });
});
