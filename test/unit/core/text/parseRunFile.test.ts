import { describe, expect, it } from 'vitest';
import { runningNames } from '../../../../src/core/batchnorm/statement';
import { conventions } from '../../../../src/core/batchnorm/conventions/registry';
import type { Problem } from '../../../../src/core/problem';
import { parseRunFile, readRunFile } from '../../../../src/core/text/parseRunFile';
import type { RunFile } from '../../../../src/core/text/runFile';

function parse(text: string): RunFile {
  const parsed = parseRunFile(text);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

function problemsOf(text: string): readonly Problem[] {
  const parsed = parseRunFile(text);
  return parsed.ok ? parsed.value.problems : parsed.problems;
}

/** Each problem as `severity code: the text it marks`. */
function marks(text: string): string[] {
  return problemsOf(text).map(({ severity, code, range }) => {
    if (!range) throw new Error(`${code} has no place`);
    return `${severity} ${code}: ${text.slice(range.start, range.end)}`;
  });
}

const withInput = (rest: string): string => `{"x": [[1, 2], [3, 4], [5, 6]], ${rest}}`;

describe('a bare array', () => {
  it.each([
    ['[1]', [1], [1]],
    ['[[1, 2], [3, 4]]', [2, 2], [1, 2, 3, 4]],
    ['[[[[[[[[7]]]]]]]]', [1, 1, 1, 1, 1, 1, 1, 1], [7]],
    ['\ufeff [1,\r\n\t2]\n', [2], [1, 2]],
    ['// c\n[1, /* d */ 2] // e', [2], [1, 2]],
    ['[-0.5e-1, 1E2, 0, -0]', [4], [Math.fround(-0.05), 100, 0, -0]],
    ['[NaN, Infinity, -Infinity]', [3], [NaN, Infinity, -Infinity]],
    ['["NaN", "Infinity", "-Infinity"]', [3], [NaN, Infinity, -Infinity]],
  ])('%s', (text, shape, data) => {
    const { input, inputName, statement, keys } = parse(text);
    expect(input.shape).toEqual(shape);
    expect(input.dtype).toBe('float32');
    expect(input.data).toBeInstanceOf(Float32Array);
    expect(Array.from(input.data)).toEqual(data);
    expect(inputName).toBe('input');
    expect(statement).toEqual({ parameters: {} });
    expect(text.slice(keys.input.valueRange.start, keys.input.valueRange.end)).toMatch(/^\[.*\]$/s);
  });

  it('rounds as float32 does', () => {
    expect(parse('[0.1, 16777217, 1e-46, 3.4028235e38]').input.data).toEqual(
      Float32Array.of(0.1, 16777217, 1e-46, 3.4028235e38),
    );
  });
});

describe('the names of a run file', () => {
  it.each(['input', 'x', 'img', 'image', 'data', 'tensor', 'activations', 'X', 'Activations'])(
    'input as %s',
    name => {
      const file = parse(`{"${name}": [[1, 2]]}`);
      expect(file.inputName).toBe(name);
      expect(file.input.shape).toEqual([1, 2]);
    },
  );

  it.each([
    ['gamma', ['gamma', 'weight', 'scale', 'GAMMA']],
    ['beta', ['beta', 'bias', 'offset']],
    [
      'movingMean',
      [
        'moving_mean',
        'running_mean',
        'moving_avg',
        'mean',
        'movingMean',
        'Moving-Mean',
        'MOVINGMEAN',
      ],
    ],
    [
      'movingVariance',
      ['moving_variance', 'moving_var', 'running_var', 'variance', 'var', 'movingVariance'],
    ],
  ] as const)('%s', (parameter, names) => {
    for (const name of names) {
      const { statement, keys } = parse(withInput(`"${name}": [0.5, 0.1], "training": false`));
      expect(statement.parameters).toEqual({
        [parameter]: Float64Array.of(0.5, Math.fround(0.1)),
      });
      expect(keys[parameter]?.name).toBe(name);
    }
  });

  it.each([
    ['"training": false', { training: false }],
    ['"is_training": true', { training: true }],
    ['"training_mode": 1', { training: true }],
    ['"trainable": 0', { trainable: false }],
    ['"eps": 1e-5', { epsilon: 1e-5 }],
    ['"epsilon": 0', { epsilon: 0 }],
    ['"decay": 0.9', { momentum: 0.9 }],
    ['"momentum": null, "convention": "pytorch"', { momentum: null, convention: 'pytorch' }],
    ['"axis": -2', { channelAxis: -2 }],
    ['"channel_axis": 0', { channelAxis: 0 }],
    ['"data_format": "NHWC"', { channelAxis: -1 }],
    ['"data_format": "channels_first"', { channelAxis: 1 }],
    ['"framework": "PyTorch"', { convention: 'pytorch' }],
    ['"num_batches_tracked": 12', { batchesTracked: 12 }],
  ])('%s', (rest, statement) => {
    expect(parse(withInput(rest)).statement).toEqual({ parameters: {}, ...statement });
  });

  it('takes running names for PyTorch, and says so in the statement', () => {
    for (const name of ['running_mean', 'running_var', 'runningMean']) {
      expect(parse(withInput(`"${name}": 1`)).statement.implied).toBe(runningNames);
    }
    expect(parse(withInput('"weight": 1, "mean": 1')).statement.implied).toBeUndefined();
  });

  it('lets one number stand for all channels, and drops dimensions of size 1', () => {
    const { parameters } = parse(withInput('"gamma": 2, "beta": [[[0.5]], [[1]]]')).statement;
    expect(parameters).toEqual({ gamma: Float64Array.of(2), beta: Float64Array.of(0.5, 1) });
  });

  it('reads center and scale as switches', () => {
    const { statement, problems } = parse(withInput('"center": false, "scale": false, "beta": 3'));
    expect(statement.parameters).toEqual({ beta: Float64Array.of(0), gamma: Float64Array.of(1) });
    expect(problems.map(({ code }) => code)).toEqual(['parameter-switched-off']);
    expect(
      parse(withInput('"center": true, "scale": true, "beta": 3')).statement.parameters,
    ).toEqual({ beta: Float64Array.of(3) });
  });

  it('lists what it does not know, and says nothing of annotations', () => {
    const text = withInput('"gama": 1, "note": "n", "$schema": "s", "nested": {"x": [[1]]}');
    const { unknownKeys } = parse(text);
    expect(unknownKeys.map(({ name }) => name)).toEqual(['gama', 'note', '$schema', 'nested']);
    expect(marks(text)).toEqual(['note key-unknown: "gama"', 'note key-unknown: "nested"']);
    expect(problemsOf(text)[0]?.message).toContain('did you mean "gamma"?');
  });

  it('reads a mask, and says where the convention has none', () => {
    const file = parse(withInput('"mask": [true, false, 1]'));
    expect(file.mask).toEqual({ shape: [3], dtype: 'bool', data: Uint8Array.of(1, 0, 1) });
    expect(file.problems.map(({ code }) => code)).toEqual(['mask-ignored']);
    expect(marks('{"x": [[1, 2], [3, 4]], "convention": "keras3", "mask": [1, 0]}')).toEqual([]);
    expect(marks('{"x": [[1, 2], [3, 4]], "convention": "keras3", "mask": [1, 0, 1]}')).toEqual([
      'error mask-shape: [1, 0, 1]',
    ]);
  });

  it('reads renormalisation under the names of the frameworks', () => {
    const options = `"convention": "tf1", "renorm": true, "renorm_clipping": {"rmin": 0.5, "rmax": 2, "dmax": 1},
      "renorm_momentum": 0.9, "renorm_mean": [1, 2], "renorm_stddev": 3, "moving_stddev": [NaN, 1]`;
    const text = `{"x": [[1, 2], [3, 4]], ${options}}`;
    expect(marks(text)).toEqual([]);
    expect(parse(text).statement.renorm).toEqual({
      momentum: 0.9,
      clipping: { rmin: 0.5, rmax: 2, dmax: 1 },
      state: { mean: [1, 2], stddev: [3], movingStddev: [NaN, 1] },
    });
  });

  it('says what is wrong with renormalisation and virtual batches, and where', () => {
    const two = (keys: string): string[] => marks(`{"x": [[1, 2], [3, 4]], ${keys}}`);
    expect(two('"renorm_mean": [1, 2]')).toEqual(['warning renorm-off: "renorm_mean"']);
    expect(two('"renorm": true, "convention": "pytorch"')).toEqual(['error option-refused: true']);
    expect(two('"renorm": true, "renorm_clipping": {"rmin": 3, "rmax": 2}')).toEqual([
      'error renorm-invalid: true',
    ]);
    expect(two('"renorm": true, "renorm_mean": [1, 2, 3]')).toEqual(['error renorm-invalid: true']);
    expect(two('"renorm": true, "renorm_clipping": {"rmix": 3}')).toEqual([
      'note key-unknown: "rmix"',
    ]);
    expect(two('"virtual_batch_size": 2')).toEqual([]);
    expect(two('"virtual_batch_size": 3')).toEqual(['error virtual-batch: 3']);
    expect(two('"virtual_batch_size": 0')).toEqual(['error value-unexpected: 0']);
    expect(two('"virtual_batch_size": 2, "convention": "keras3"')).toEqual([
      'error option-refused: 2',
    ]);
  });
});

describe('which array is the input', () => {
  it.each([
    ['{"frames": [[1, 2]], "gamma": [1, 2]}', 'frames', [1, 2]],
    ['{"frames": [[1, 2]], "labels": [0]}', 'frames', [1, 2]],
    ['{"data": [1, 2, 3, 4, 5, 6], "shape": [1, 3, 2]}', 'data', [1, 3, 2]],
    ['{"data": [[1, 2]], "shape": [1, 2]}', 'data', [1, 2]],
    ['{"x": [1, 2]}', 'x', [2]],
  ])('%s', (text, name, shape) => {
    const file = parse(text);
    expect([file.inputName, file.input.shape]).toEqual([name, shape]);
    expect(file.unknownKeys.map(key => key.name)).not.toContain(name);
  });

  it('keeps a dimension that float32 would round', () => {
    const text = '{"x": [1], "shape": [16777217]}';
    expect(problemsOf(text)[0]?.message).toContain('[16777217] holds 16777217 values');
  });
});

describe('problems, each with its place', () => {
  it.each([
    ['', ['error content-empty: ']],
    [' \n ', ['error content-empty:  ']],
    ['// x', ['error content-empty: /']],
    ['\0\0PK', ['error content-binary: \0']],
    ['\ufffdPNG\r\n', ['error content-binary: \ufffd']],
    ['5', ['error input-not-array: 5']],
    ['"a"', ['error input-not-array: "a"']],
    ['[]', ['error array-empty: []']],
    ['[[], []]', ['error array-empty: []']],
    ['{}', ['error input-missing: {']],
    ['{"x": []}', ['error array-empty: []']],
    ['{"a": 1}', ['error input-missing: {', 'note key-unknown: "a"']],
    [
      '{"a": [[1]], "b": [[2]]}',
      ['error input-ambiguous: "b"', 'note key-unknown: "a"', 'note key-unknown: "b"'],
    ],
    ['[{"x": 1}]', ['error input-not-array: [{"x": 1}]']],
    ['{"x": "img.png"}', ['error input-not-array: "img.png"']],
    ['[[1, 2], [3]]', ['error row-ragged: [3]']],
    ['[[1, 2], [3], [4, 5], []]', ['error row-ragged: [3]', 'error row-ragged: []']],
    ['[[1], [2, 3], [4, 5]]', ['error row-ragged: [1]']],
    ['[[[1], [2]], [[3]]]', ['error row-ragged: [[3]]']],
    ['[[1], 2]', ['error array-mixed: 2']],
    ['[1, [2]]', ['error array-mixed: [']],
    ['[[[[[[[[[1]]]]]]]]]', ['error array-too-deep: [']],
    ['[1, null]', ['error not-a-number: null']],
    ['[1, "2.5"]', ['error not-a-number: "2.5"']],
    ['[true, 1]', ['error not-a-number: true']],
    ['[nan, -inf]', ['error not-a-number: nan', 'error not-a-number: -inf']],
    [
      '[01, .5, 1., +1, 1e, 0x1F, 1_000, 2.5f]',
      ['01', '.5', '1.', '+1', '1e', '0x1F', '1_000', '2.5f'].map(
        word => `error number-malformed: ${word}`,
      ),
    ],
    ['[1, 2, ...]', ['error not-a-number: ...']],
    ['[1, 2,]', ['error trailing-comma: ,']],
    ['[1,, 2]', ['error value-missing: ,']],
    ['[, 1]', ['error value-missing: ,']],
    ['[1 2]', ['error comma-missing: 2']],
    ['[[1] [2]]', ['error comma-missing: [']],
    ['[[1, 2], [3, 4]', ['error bracket-unclosed: [']],
    ['{"x": [[1, 2], [3, 4]', ['error bracket-unclosed: [']],
    ['{"x": [[1, 2]]', ['error bracket-unclosed: {']],
    ['{"x": [[1, 2]', ['error bracket-unclosed: [']],
    ['{"x": [[1, 2]}', ['error bracket-unclosed: [']],
    ['{"x": [[1, 2]]]', ['error bracket-mismatched: ]']],
    ['[1] 2', ['error text-after-end: 2']],
    ['[1]\n[2]', ['error text-after-end: [']],
    ['[1] /* a', ['error comment-unclosed: /*']],
    ['[1, # one\n 2]', ['error comment-malformed: # one']],
    ['[1] # end', ['error comment-malformed: # end']],
    ['tensor([1])', ['error word-unknown: tensor(']],
    ['{"x": [[1]], }', ['error trailing-comma: ,']],
    ['{"x" [[1]]}', ['error colon-missing: "x"']],
    ['{"x": }', ['error value-missing: "x"']],
    ['{x: [[1]]}', ['error key-unquoted: x']],
    ["{'x': [[1]]}", ["error single-quotes: 'x'"]],
    ['{"x: [[1]]}', ['error string-unclosed: "x: [[1]]}']],
    ['{"x": [[1]], "a": "\\x"}', ['error string-malformed: "\\x"', 'note key-unknown: "a"']],
    ['{"x": [[1]], "a": None}', ['error word-unknown: None', 'note key-unknown: "a"']],
    ['{[1]}', ['error key-expected: [']],
    ['{"x": [[1]], "x": [[2]]}', ['error key-repeated: "x"']],
    ['{"x": [[1]], "img": [[2]]}', ['error key-twice: "img"']],
    ['{"x": [[1, 2]], "axis": 1, "data_format": "NHWC"}', ['error key-twice: "data_format"']],
    ['{"x": [[1]], "a": 1, "a": 2}', ['error key-repeated: "a"', 'note key-unknown: "a"']],
    ['{"x": [1, 2, 3], "shape": [2, 2]}', ['error shape-mismatch: [2, 2]']],
    ['{"x": [[1, 2]], "shape": [2, 1]}', ['error shape-mismatch: [2, 1]']],
    ...['4', '"4"', '[]', '[[2]]', '[2, 1.5]', '[-1, 2]', '[0]', '[true]', 'null'].map(
      (shape): [string, string[]] => [
        `{"x": [1, 2], "shape": ${shape}}`,
        [`error shape-invalid: ${shape}`],
      ],
    ),
    ['[1e39, -1e400]', ['warning float32-overflow: 1e39', 'warning float32-overflow: -1e400']],
  ])('%j', (text, expected) => {
    expect(marks(text)).toEqual(expected);
  });

  it.each([
    ['"epsilon": -1', ['error epsilon-invalid: -1']],
    ['"epsilon": NaN', ['error epsilon-invalid: NaN']],
    ['"epsilon": "Infinity"', ['error epsilon-invalid: "Infinity"']],
    ['"epsilon": "0.1"', ['error value-unexpected: "0.1"']],
    ['"epsilon": null', ['error value-unexpected: null']],
    ['"epsilon": [1]', ['error value-unexpected: [1]']],
    ['"momentum": 1.5', ['error momentum-invalid: 1.5']],
    ['"momentum": NaN', ['error momentum-invalid: NaN']],
    ['"momentum": null', ['error momentum-invalid: null']],
    ['"momentum": true', ['error value-unexpected: true']],
    ['"training": "yes"', ['error value-unexpected: "yes"']],
    ['"training": 2', ['error value-unexpected: 2']],
    ['"convention": "caffe2"', ['error unknown-convention: "caffe2"']],
    ['"convention": 1', ['error value-unexpected: 1']],
    ['"axis": 2', ['error axis-out-of-range: 2']],
    ['"axis": 0.5', ['error value-unexpected: 0.5']],
    ['"data_format": "NCWH"', ['error value-unexpected: "NCWH"']],
    ['"data_format": 1', ['error value-unexpected: 1']],
    ['"num_batches_tracked": -1', ['error value-unexpected: -1']],
    ['"num_batches_tracked": 1.5', ['error value-unexpected: 1.5']],
    ['"gamma": [1, 2, 3]', ['error length-mismatch: [1, 2, 3]']],
    ['"gamma": [1, 2, 3], "beta": [], "var": [1, 2, 3]', ['error array-empty: []']],
    [
      '"gamma": [1, 2, 3], "var": [1, 2, 3]',
      ['error length-mismatch: [1, 2, 3]', 'error length-mismatch: [1, 2, 3]'],
    ],
    ['"gamma": [[1, 2], [3, 4]]', ['error parameter-rank: [[1, 2], [3, 4]]']],
    ['"gamma": "1"', ['error value-unexpected: "1"']],
    ['"gamma": null', ['error value-unexpected: null']],
    ['"gamma": {"a": 1}', ['error value-unexpected: {"a": 1}']],
    ['"gamma": [1, true]', ['error not-a-number: true']],
    ['"gamma": nan', ['error word-unknown: nan']],
    ['"var": [0.5, -2]', ['warning variance-negative: -2']],
    ['"var": [-0.5, -2]', ['warning variance-negative: -0.5']],
    ['"var": -1', ['warning variance-negative: -1']],
    ['"mask": "a"', ['error value-unexpected: "a"']],
    ['"center": 3', ['error value-unexpected: 3']],
  ])('%s', (rest, expected) => {
    expect(marks(withInput(rest))).toEqual(expected);
  });

  it('lists several at once, errors before warnings before notes', () => {
    const text = withInput('"var": [-1, 1], "gama": 1, "momentum": 7, "eps": -1');
    expect(marks(text)).toEqual([
      'error momentum-invalid: 7',
      'error epsilon-invalid: -1',
      'warning variance-negative: -1',
      'note key-unknown: "gama"',
    ]);
  });

  it('keeps the layer where only the step is refused', () => {
    const text = '{"x": [[1, 2]], "convention": "pytorch", "training": true}';
    expect(parse(text).input.shape).toEqual([1, 2]);
    expect(marks(text)).toEqual(['error single-value: true']);
    expect(marks(text.replace('true', 'false'))).toEqual([]);
    expect(marks('{"x": [1, 2], "convention": "pytorch"}')).toEqual(['error rank-refused: "x"']);
  });

  it('says nothing about the convention where it is only read', () => {
    const read = readRunFile(withInput('"convention": "caffe2", "momentum": 7'));
    expect(read.ok && read.value.statement.momentum).toBe(7);
  });

  it('uses the fallback convention where the file names none', () => {
    const pytorch = conventions.find(({ id }) => id === 'pytorch');
    const text = '{"x": [[1, 2]]}';
    const parsed = parseRunFile(text, pytorch && { fallback: pytorch });
    expect(parsed.ok && parsed.value.problems.map(({ code }) => code)).toEqual(['single-value']);
  });
});

describe('messages', () => {
  it.each([
    ['[[1, 2], [3]]', 'Row [1] has 1 value, but row [0] has 2: give it 2 values too.'],
    ['[[1], [2, 3], [4, 5]]', 'Row [0] has 1 value, but the others have 2: give it 2 values too.'],
    ['[[[1], [2]], [[3]]]', 'Row [1] has 1 row, but row [0] has 2: give it 2 rows too.'],
    ['[.5]', '.5 is not how JSON writes a number: write 0.5.'],
    ['[nan]', 'nan is not how JSON writes a number: write NaN.'],
    ['["1e3"]', '"1e3" is a string: write 1000, without quotes.'],
    ['[@]', '"@" stands where a number is expected: write a number, such as 0.5.'],
    ['[\u00a01]', 'U+00A0 stands where a number is expected: write a number, such as 0.5.'],
    ['[[[1', '3 brackets are never closed, this one the last of them: add "]]]".'],
    [
      '{"x": [1, 2]}]',
      'The JSON value has ended before this: a run file holds one object or array, and nothing after it.',
    ],
    [
      withInput('"gamma": [1, 2, 3]'),
      'gamma has 3 values, but axis 1 of [3,2] has 2 channels: axis 0 has 3.',
    ],
    [withInput('"a": True'), 'True is not JSON: write true.'],
  ])('%s', (text, message) => {
    expect(problemsOf(text)[0]?.message).toBe(message);
  });

  it('counts what it does not list', () => {
    const text = `[${Array.from({ length: 1000 }, () => 'null').join()}]`;
    const problems = problemsOf(text);
    expect(problems.length).toBeLessThan(30);
    expect(problems.at(-1)?.message).toBe('And 980 more problems after this one.');
    const ragged = `[[1, 2], ${Array.from({ length: 500 }, (_, i) => (i % 2 ? '[1]' : '[1, 2]')).join()}]`;
    expect(problemsOf(ragged).at(-1)?.message).toBe('And 230 more problems after this one.');
  });
});

describe('size and depth', () => {
  it('never recurses', () => {
    for (const deep of ['['.repeat(1e6), '{"a":'.repeat(1e6), `{"a":${'[{"b":'.repeat(1e5)}`]) {
      expect(parseRunFile(deep).ok).toBe(false);
    }
    expect(problemsOf('['.repeat(1e6) + ']'.repeat(1e6)).map(({ code }) => code)).toEqual([
      'array-too-deep',
    ]);
  });

  it('reads an array of objects of arrays in linear time', () => {
    const text = `{"a": ${'['.repeat(60)}{}${']'.repeat(60)}, "x": [[1]]}`;
    expect(parse(text).input.shape).toEqual([1, 1]);
  });

  it('reads a million numbers exactly', () => {
    const numbers = Float32Array.from(
      { length: 1 << 20 },
      (_, i) => Math.sin(i) * 10 ** ((i % 30) - 15),
    );
    const { input } = parse(`[[${Array.from(numbers).join(', ')}]]`);
    expect(input.shape).toEqual([1, 1 << 20]);
    // Comparing a million numbers one by one takes seconds.
    const { buffer, byteOffset, byteLength } = input.data;
    expect(Buffer.from(buffer, byteOffset, byteLength).equals(Buffer.from(numbers.buffer))).toBe(
      true,
    );
  });
});
