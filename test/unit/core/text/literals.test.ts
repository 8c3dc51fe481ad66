import { describe, expect, it } from 'vitest';
import { languageProfile } from '../../../../src/core/text/literalLanguage';
import {
  findTensorLiteral,
  findTensorLiterals,
  literalInSelection,
  type TensorLiteral,
} from '../../../../src/core/text/literals';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

/** Finds the literal at the mark `¦`, which is not part of the text. */
function at(marked: string, languageId: string, limit?: number): TensorLiteral | undefined {
  const offset = marked.indexOf('¦');
  if (offset < 0) throw new Error(`no cursor in ${marked}`);
  const text = marked.replace('¦', '');
  const options = limit === undefined ? {} : { limit };
  return findTensorLiteral(text, offset, languageProfile(languageId), options);
}

function shapeAndData(literal: TensorLiteral | undefined): unknown {
  if (literal?.content.kind !== 'tensor') return literal?.content;
  const { shape, data } = literal.content.tensor;
  return [shape, [...data]];
}

type Case = [languageId: string, marked: string, shape: number[], data: number[]];

const found: Case[] = [
  ['json', '{"input": [[1, 2], [3,¦ 4]]}', [2, 2], [1, 2, 3, 4]],
  ['json', '{"a": [{"x": [[1.5e1, -2]¦]}]}', [1, 2], [15, -2]],
  ['json', '[[¦NaN, Infinity], [-Infinity, 0]]', [2, 2], [nan, inf, -inf, 0]],
  ['json', '¦[[1],\n // two\n [2]]', [2, 1], [1, 2]],
  ['json', '[[1], /* [9 */ [2¦]]', [2, 1], [1, 2]],
  ['json', '[[1, 2], "x", [3,¦ 4, 5]]', [3], [3, 4, 5]],
  // Unfinished outside: the row that the cursor is in.
  ['json', '[[1, 2], [3, ¦4]', [2], [3, 4]],
  ['jsonc', '[[1, 2,], [3, 4,¦],]', [2, 2], [1, 2, 3, 4]],
  ['python', 'x = np.array([[1, 2], [3, ¦4]])', [2, 2], [1, 2, 3, 4]],
  ['python', 'x = np.arr¦ay([[1, 2], [3, 4]])', [2, 2], [1, 2, 3, 4]],
  ['python', 'x = nn.Param¦eter(torch.tensor(\n    [[1., .5]]\n))', [1, 2], [1, 0.5]],
  ['python', 'x = ((1, 2), (3, 4¦))', [2, 2], [1, 2, 3, 4]],
  ['python', 'x = ((1,), (2,¦))', [2, 1], [1, 2]],
  ['python', 'x = [(1), (2¦)]', [2], [1, 2]],
  ['python', 'x = ([[1, 2],¦ [3, 4]])', [2, 2], [1, 2, 3, 4]],
  ['python', 'f(a, [[1, 2], ¦[3, 4]])', [2, 2], [1, 2, 3, 4]],
  ['python', 'x = [[1_000, 0x1F], [0b101, 0o17¦]]', [2, 2], [1000, 31, 5, 15]],
  ['python', 'x = [[1e-3, -2.5E+2¦, +1.]]', [1, 3], [Math.fround(1e-3), -250, 1]],
  ['python', 'x = [[np.nan, -np.inf], [math.inf, ¦nan]]', [2, 2], [nan, -inf, inf, nan]],
  [
    'python',
    `x = [[float('nan'), float("-inf")], [-float('inf'), ¦1]]`,
    [2, 2],
    [nan, -inf, -inf, 1],
  ],
  ['python', '[np.float64(0.5), np.float32(¦2.0)]', [2], [0.5, 2]],
  ['python', 'x = [\n  [1, 2],  # first [row\n  [3, ¦4],  # it\'s "last"\n]', [2, 2], [1, 2, 3, 4]],
  ['python', 'x = [\n  # 9, 9], [\n  [1, 2],\n  [3, ¦4]]', [2, 2], [1, 2, 3, 4]],
  ['python', 'x = [\n  [1, 2¦],  # first\n  [3, 4]]', [2, 2], [1, 2, 3, 4]],
  ['python', 'return [[1, 2], ¦[3, 4]]', [2, 2], [1, 2, 3, 4]],
  ['python', 'x = torch.tensor([1, 2, 3, ¦4]).reshape(2, -1)', [2, 2], [1, 2, 3, 4]],
  [
    'python',
    'x = np.array([1, 2, 3, ¦4]).reshape((1, 4)).astype(np.float16)',
    [1, 4],
    [1, 2, 3, 4],
  ],
  ['python', 'x = tf.constant([1, 2, 3, ¦4], shape=[4, 1])', [4, 1], [1, 2, 3, 4]],
  ['python', 'm = torch.tensor([[True, ¦False]])', [1, 2], [1, 0]],
  ['python', 'x = [[1, 2], [3, 4]]¦', [2, 2], [1, 2, 3, 4]],
  ['javascript', 'const x = [[1, 2], [3, ¦4],];', [2, 2], [1, 2, 3, 4]],
  ['javascript', 'const x = tf.tensor2d([[1, 2.5], ¦[3, 4]]);', [2, 2], [1, 2.5, 3, 4]],
  ['javascript', 'tf.tensor([1, 2, 3, ¦4], [2, 2])', [2, 2], [1, 2, 3, 4]],
  ['javascript', "tf.tens¦or4d([1, 2, 3, 4], [1, 2, 2, 1], 'int32')", [1, 2, 2, 1], [1, 2, 3, 4]],
  ['javascript', 'f({ x: [[1, 2], // 9, [\n [Infinity, ¦NaN]] })', [2, 2], [1, 2, inf, nan]],
  ['javascript', 'x = [[1, /* one */ 2], [3, ¦4]]', [2, 2], [1, 2, 3, 4]],
  ['typescript', 'const x: number[][] = [[1, 2], [-Infinity, ¦4]];', [2, 2], [1, 2, -inf, 4]],
  ['typescriptreact', '<A b={[[1, 2], [3, ¦4]]} />', [2, 2], [1, 2, 3, 4]],
  ['javascript', 'new Float32Array([1, 2¦, 3])', [3], [1, 2, 3]],
  ['markdown', 'so `x = [[1, 2], [3, ¦4]]` it is', [2, 2], [1, 2, 3, 4]],
  [
    'plaintext',
    '[[ 1.7640524  0.4001572]\n [ 2.2408931 ¦-0.9772779]]',
    [2, 2],
    [1.7640524, 0.4001572, 2.2408931, -0.9772779].map(Math.fround),
  ],
  ['plaintext', 'array([[ nan  inf -inf ¦  1.]], dtype=float32)', [1, 4], [nan, inf, -inf, 1]],
  [
    'plaintext',
    'tf.Tensor(\n[[1. 2.]\n [3. ¦4.]], shape=(2, 2), dtype=float32)',
    [2, 2],
    [1, 2, 3, 4],
  ],
  ['plaintext', 'Tensor\n    [[1, 2.5],\n     [3, 4¦  ]]', [2, 2], [1, 2.5, 3, 4]],
  [
    'log',
    "10:00:01 INFO step 3 bn1.running_mean=tensor([[0.5, ¦1]], device='cuda:0')",
    [1, 2],
    [0.5, 1],
  ],
];

describe('findTensorLiteral finds', () => {
  it.each(found)('%s: %s', (languageId, marked, shape, data) => {
    expect(shapeAndData(at(marked, languageId))).toEqual([shape, data]);
  });
});

const silent: [languageId: string, marked: string][] = [
  ['json', '{"a": "[[1, 2], ¦[3, 4]]"}'],
  ['json', '{"a": tr¦ue}'],
  ['json', '[[1, 2,¦], [3, 4]]'],
  ['json', '[1, "a¦", 2]'],
  ['json', '[[1, 2], ¦3'],
  ['python', 'x[0, ¦1]'],
  ['python', 'x [0¦]'],
  ['python', 'f()[0, ¦1]'],
  ['python', 'x[0][1, ¦2]'],
  ['python', 'f(1, ¦2)'],
  ['python', '[5-¦3]'],
  ['python', '[[1, 2 * ¦3]]'],
  ['python', '[[1, ¦2j]]'],
  ['python', '# x = [[1, 2], ¦[3, 4]]'],
  ['python', 's = "[[1, 2], ¦[3, 4]]"'],
  ['python', "s = 'a' + '[[1, 2], ¦[3, 4]]'"],
  ['python', 'torch.Size([2, ¦3])'],
  ['python', 'x = [[1,, ¦2]]'],
  ['python', 'x = [True, ¦False]'],
  ['python', 'x = [a, b¦]'],
  ['python', 'x = [[1, 2], ¦...]'],
  ['python', 'def fo¦o(): pass'],
  ['javascript', 'const n = x[0¦];'],
  ['javascript', '// [[1, 2], ¦[3, 4]]'],
  ['javascript', 'const s = `[[1, 2], ¦[3, 4]]`'],
  ['javascript', '[[1n, ¦2n]]'],
  ['javascript', '[[1,,¦2]]'],
  ['javascript', '((1, 2), (3, ¦4))'],
  ['plaintext', 'see [link](http://a.b/¦1)'],
  ['plaintext', 'masked_array(data=[1.0, ¦--],'],
  ['plaintext', '             mask=[False,  ¦True],'],
  ['plaintext', 'torch.Size([2, ¦3])'],
  ['plaintext', '[2026-11-22 10:00:¦01]'],
  ['plaintext', '1, 2, ¦3\n4, 5, 6'],
  ['json', '[x, ¦]'],
];

describe('findTensorLiteral stays silent on', () => {
  it.each(silent)('%s: %s', (languageId, marked) => {
    expect(at(marked, languageId)).toBeUndefined();
  });
});

describe('findTensorLiteral describes', () => {
  it.each<[string, string, string, string, string | undefined, string]>([
    // language, text, name, call, dtype, assigned by
    [
      'python',
      'bn.gamma = np.array([1, ¦2], dtype=np.float32)',
      'bn.gamma',
      'np.array',
      'float32',
      '=',
    ],
    [
      'python',
      'x: list = torch.tensor([[¦1]], dtype=torch.float16)',
      'x',
      'torch.tensor',
      'float16',
      '=',
    ],
    ['python', "d = {'x': [[1, ¦2]]}", 'x', '', undefined, ':'],
    ['python', 'x = torch.tensor([1, ¦2]).half()', 'x', 'torch.tensor', 'float16', '='],
    [
      'python',
      'f(weight=torch.DoubleTensor([1, ¦2]))',
      'weight',
      'torch.DoubleTensor',
      'float64',
      '=',
    ],
    ['python', 'if x == [[1, ¦2]]: pass', '', '', undefined, ''],
    ['json', '{"my input": [[1, ¦2]]}', 'my input', '', undefined, ':'],
    ['javascript', "let y = tf.tensor([1, ¦2], [2], 'int32')", 'y', 'tf.tensor', 'int32', '='],
    ['typescript', 'const x: number[][] = [[1, ¦2]]', 'x', '', undefined, '='],
    [
      'javascript',
      'const o = { gamma: new Float64Array([1, ¦2]) }',
      'gamma',
      'Float64Array',
      'float64',
      ':',
    ],
    [
      'plaintext',
      "OrderedDict([('weight', tensor([1., ¦1.]))])",
      'weight',
      'tensor',
      undefined,
      '',
    ],
    [
      'plaintext',
      "[('bias', Parameter containing:\ntensor([1., ¦1.], requires_grad=True))]",
      'bias',
      'tensor',
      undefined,
      '',
    ],
    [
      'plaintext',
      '<Variable path=bn/gamma, shape=(2,), dtype=float32, value=[1. ¦1.]>',
      'bn/gamma',
      '',
      undefined,
      '',
    ],
    [
      'plaintext',
      "<tf.Variable 'gamma:0' shape=(2,) dtype=float32, numpy=\narray([1., ¦1.], dtype=float32)>",
      'gamma:0',
      'array',
      'float32',
      '',
    ],
    ['plaintext', 'tf.Tensor([2 ¦2], shape=(2,), dtype=int64)', '', 'tf.Tensor', 'int64', ''],
  ])('%s: %s', (languageId, marked, name, call, dtype, assignedBy) => {
    const literal = at(marked, languageId);
    expect(literal).toMatchObject({ name, call, assignedBy });
    expect(literal?.declaredDType).toBe(dtype);
  });

  it('the brackets and the whole constructor apart', () => {
    const text = 'x = new Float32Array([1, 2]) // end';
    const literal = findTensorLiteral(text, 23, languageProfile('javascript'));
    expect(text.slice(literal?.range.start, literal?.range.end)).toBe('[1, 2]');
    expect(text.slice(literal?.outerRange.start, literal?.outerRange.end)).toBe(
      'new Float32Array([1, 2])',
    );
  });

  it('integers that float32 rounds and numbers beyond it', () => {
    expect(at('[[16777217, 1e39¦, 0.1, Infinity]]', 'json')?.content).toMatchObject({
      kind: 'tensor',
      rounded: 1,
      overflowed: 1,
    });
  });
});

describe('findTensorLiteral says what is wrong', () => {
  it.each<[string, string, string]>([
    ['[[1, 2], [3¦]]', 'ragged', 'at index [1]: it has 1 value where the first of its kind has 2'],
    ['[[[1], [2]], [[3¦]]]', 'ragged', 'at index [1]: it has 1 row where'],
    ['[[1, 2], 3¦]', 'ragged', 'at index [1]: a number stands among rows'],
    ['[1, [2, 3¦]]', 'ragged', 'at index [1]: a row stands among numbers'],
    ['np.array([1, 2, 3¦]).reshape(2, 2)', 'shape-mismatch', '3 values in shape [3]'],
    ['np.array([1, 2, 3¦]).reshape(2, -1)', 'shape-mismatch', 'the shape [2,-1]'],
  ])('%s', (marked, code, message) => {
    const content = at(marked, 'python')?.content;
    expect(content).toMatchObject({ kind: 'malformed', problem: { code } });
    expect(content?.kind === 'malformed' && content.problem.message).toContain(message);
  });

  it('where a row does not fit', () => {
    const content = at('x = [[1, 2], [3¦]]', 'python')?.content;
    expect(content?.kind === 'malformed' && content.problem.range?.start).toBe(13);
  });

  it('that a printed tensor is cut', () => {
    const literal = at(
      'array([[0., 0., ..., ¦1.],\n ...,\n [1., 1., ..., 2.]], shape=(1200, 30))',
      'log',
    );
    expect(literal?.content).toEqual({ kind: 'elided', shown: 6, shape: [1200, 30] });
    expect(at('[0. 1. ... 8. ¦9.]', 'plaintext')?.content).toEqual({ kind: 'elided', shown: 4 });
  });

  it('that a literal is nested too deeply, where it is surely a tensor', () => {
    const deep = '['.repeat(40) + '1¦' + ']'.repeat(40);
    expect(at(`torch.tensor(${deep})`, 'python')?.content).toMatchObject({
      problem: { code: 'too-deep' },
    });
    expect(at(deep, 'python')).toBeUndefined();
    expect(at('['.repeat(100_000) + '1¦', 'python')).toBeUndefined();
  });

  it('that a literal is larger than it looks at, from inside and from its start', () => {
    const rows = '[1, 2],\n'.repeat(2000);
    const problem = { kind: 'tooLarge', problem: { code: 'literal-too-large' } };
    expect(at(`[¦${rows}]`, 'json', 1000)).toMatchObject({ content: problem });
    expect(at(`x = np.array([¦${rows}])`, 'python', 1000)).toMatchObject({
      name: 'x',
      content: problem,
    });
    expect(at(`[${rows}¦${rows}]`, 'json', 1000)).toMatchObject({ content: problem });
    // Numbers without a bracket in reach may be any table.
    expect(at(`${'1, 2\n'.repeat(2000)}¦`, 'plaintext', 1000)).toBeUndefined();
  });
});

describe('findTensorLiterals', () => {
  const python = languageProfile('python');
  const text = [
    'a = [[1, 2]]',
    'b = "[[3]]"  # [[4]]',
    'c = a[[5, 6]]',
    "d = {'e': np.array([7, 8]), 'f': [g, [9]]}",
  ].join('\n');

  it('lists the literals of a range in order, past strings, comments and subscripts', () => {
    const all = findTensorLiterals(text, { start: 0, end: text.length }, python);
    expect(all.map(({ name, range }) => [name, text.slice(range.start, range.end)])).toEqual([
      ['a', '[[1, 2]]'],
      ['', '[5, 6]'],
      ['e', '[7, 8]'],
      ['', '[9]'],
    ]);
  });

  it('takes from a selection its only literal, or the one around it', () => {
    const select = (part: string): unknown => {
      const start = text.indexOf(part);
      const result = literalInSelection(text, { start, end: start + part.length }, python);
      return result.ok ? shapeAndData(result.value) : result.problem.code;
    };
    expect(select('a = [[1, 2]]')).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(select('[[1, 2]]')).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(select('1, 2')).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(select("'e': np.array([7, 8])")).toEqual([[2], [7, 8]]);
    expect(select("{'e': np.array([7, 8]), 'f': [g, [9]]}")).toBe('several-literals');
    expect(select('b = ')).toBe('no-literal');
    expect(select('a')).toEqual([
      [1, 2],
      [1, 2],
    ]);
    expect(select('d')).toBe('no-literal');
  });
});
