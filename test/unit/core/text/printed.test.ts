import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { textLanguage } from '../../../../src/core/text/literalLanguage';
import { findTensorLiteral, findTensorLiterals } from '../../../../src/core/text/literals';
import type { TensorLiteral } from '../../../../src/core/text/literal';

/** What NumPy, PyTorch, pandas, TensorFlow, Keras and JAX printed, each under a line with its name. */
const prints = new Map(
  ['numpy-and-pytorch', 'tensorflow-and-jax'].flatMap(name =>
    readFileSync(join(__dirname, `../../../fixtures/printed/${name}.txt`), 'utf8')
      .split(/^### /m)
      .slice(1)
      .map(part => {
        const end = part.indexOf('\n');
        return [part.slice(0, end), part.slice(end + 1)] as const;
      }),
  ),
);

function told({ content, name, declaredDType }: TensorLiteral): string {
  const said = [name, declaredDType].filter(Boolean).join(' ');
  switch (content.kind) {
    case 'tensor':
      return `${said} (${content.tensor.shape.join(', ')})`.trim();
    case 'elided':
      return `${said} cut ${content.shape ? `(${content.shape.join(', ')})` : 'of unknown shape'}`.trim();
    case 'malformed':
    case 'tooLarge':
      return content.problem.message;
  }
}

/** What is found where the text of a print begins, and then in all of it. */
function read(name: string): string {
  const text = prints.get(name);
  if (text === undefined) throw new Error(`there is no print ${name}`);
  for (const { index } of text.matchAll(/\w\(|<\w/g)) {
    const refused = findTensorLiteral(text, index + 2, textLanguage);
    if (refused?.content.kind === 'malformed') return told(refused);
  }
  const range = { start: 0, end: text.length };
  return findTensorLiterals(text, range, textLanguage).map(told).join('; ');
}

describe('a printed tensor is read', () => {
  it.each([
    ['np str 2d', '(2, 3)'],
    ['np repr f4', 'float32 (2, 3)'],
    ['np repr i8 on lists', 'int32 (2)'],
    ['np list of scalars', '(2)'],
    ['np nan inf', '(4)'],
    ['np wrap 1d', '(20)'],
    ['np f16', 'float16 (2)'],
    ['np empty', 'float64 (0, 3)'],
    ['np 3d', '(2, 2, 2)'],
    ['np neg zero', '(2)'],
    ['torch print', '(2, 3)'],
    ['torch grad', '(2, 3)'],
    ['torch Parameter', '(2)'],
    ['torch dtype', 'float16 (2)'],
    ['torch empty', '(0, 3)'],
    ['torch quant', 'qint8 (2)'],
    ['torch bf16 sci', 'bfloat16 (2)'],
    ['state_dict print', 'weight (3); bias (3); running_mean (3); running_var (3)'],
    ['named list', 'weight (3); bias (3)'],
    ['list of tensors', '(2); (2)'],
    ['tf print', 'float32 (2, 2)'],
    ['tf repr', 'float32 (2, 2)'],
    ['tf bf16', 'bfloat16 (2, 2)'],
    ['tf variable', 'gamma:0 float32 (2, 2)'],
    ['keras var', 'moving_mean (3)'],
    ['jax repr', 'float32 (2, 2)'],
  ])('%s', (name, expected) => {
    expect(read(name)).toBe(expected);
  });
});

describe('a printed tensor of which a part was left out is said to be one', () => {
  it.each([
    ['np ellipsis repr', 'float32 cut (1200, 3)'],
    ['np str ellipsis', 'cut of unknown shape'],
    ['torch ellipsis wide', 'cut of unknown shape'],
    ['tf big', 'float32 cut (100, 100)'],
    ['jax big 2d', 'float32 cut of unknown shape'],
  ])('%s', (name, expected) => {
    expect(read(name)).toBe(expected);
  });
});

describe('what is no whole tensor of numbers is refused with the reason', () => {
  it.each([
    ['np complex', 'complex tensor cannot be read: batch norm runs over real numbers'],
    ['np structured', 'structured array cannot be read: its elements are records'],
    ['np masked', 'masked array cannot be read: its masked elements ("--") have no values'],
    ['torch sparse', 'sparse tensor cannot be read: only its non-zero elements'],
    ['torch complex', 'complex tensor cannot be read'],
    ['torch meta', 'meta tensor cannot be read: it has a shape and no values'],
    ['tf string', 'array of objects cannot be read'],
    ['symbolic', 'graph tensor cannot be read: it is symbolic'],
    ['tf sparse', 'sparse tensor cannot be read: only its non-zero elements'],
    ['tf ragged', 'ragged tensor cannot be read: its rows have different lengths'],
    ['keras tensor', 'Keras tensor cannot be read: it is symbolic'],
    ['jax tracer', 'traced value cannot be read: JAX only knows its shape'],
  ])('%s', (name, expected) => {
    expect(read(name)).toContain(expected);
  });
});

describe('what is no tensor at all is passed over', () => {
  it.each(['torch size', 'module repr', 'pandas', 'pandas series', 'traceback ctx'])('%s', name => {
    expect(read(name)).toBe('');
  });
});

it('is said to be rounded by its print, where that cut it', () => {
  const digits = (name: string): number | undefined => {
    const text = prints.get(name) ?? '';
    const [found] = findTensorLiterals(text, { start: 0, end: text.length }, textLanguage);
    return found?.content.kind === 'tensor' ? found.content.printedDigits : undefined;
  };
  expect(['torch print', 'np repr f8', 'torch ints', 'np str 2d'].map(digits)).toEqual([
    4,
    8,
    undefined,
    undefined,
  ]);
});

it('is found around any of its characters, a sparse one as a whole', () => {
  const text = prints.get('torch sparse') ?? '';
  for (let at = 0; at < text.trimEnd().length; at++) {
    expect(findTensorLiteral(text, at, textLanguage)?.content).toMatchObject({
      problem: { code: 'tensor-unreadable' },
    });
  }
});

describe('a printed tensor of one number has rank 0', () => {
  it.each([
    ['np 0d', 3.5, undefined],
    ['np scalar repr', 0.5, 'float32'],
    ['torch scalar', 3.5, undefined],
    ['torch scalar grad', Math.fround(-2.8459), undefined],
    ['tf scalar', 3.5, 'float32'],
  ])('%s', (name, value, dtype) => {
    const text = prints.get(name) ?? '';
    const at = text.search(/\d\.\d/);
    const found = findTensorLiteral(text, at, textLanguage);
    expect(found?.content).toMatchObject({ kind: 'tensor', tensor: { shape: [] } });
    expect(found?.content.kind === 'tensor' && found.content.tensor.data[0]).toBe(value);
    expect(found?.declaredDType).toBe(dtype);
  });

  it('has the name before it, and ends with its call', () => {
    const text =
      "step 3: loss=tensor(0.6931, device='cuda:0', grad_fn=<NllLossBackward0>), x=tensor([1., 2.])";
    expect(findTensorLiteral(text, text.indexOf('0.69'), textLanguage)).toMatchObject({
      name: 'loss',
      range: { start: text.indexOf('tensor'), end: text.indexOf(', x=') },
      content: { printedDigits: 4 },
    });
    expect(findTensorLiteral(text, text.indexOf('1., 2'), textLanguage)).toMatchObject({
      name: 'x',
      content: { tensor: { shape: [2] } },
    });
  });

  it('is none of a call, nor of what is no number', () => {
    for (const text of [
      'Array(3) [ 1, 2, 3 ]',
      'tensor(1.2.3)',
      'arraysize(3)',
      'tensor(x)',
      'array(3, 4',
      'f_tensor(3.5)',
    ]) {
      expect(findTensorLiteral(text, text.indexOf('(') + 1, textLanguage)).toBeUndefined();
    }
  });
});

it('of an integer beyond float32 is said to be rounded, and an error is no name', () => {
  const text = 'TypeError: tensor(16777217)';
  const found = findTensorLiteral(text, text.indexOf('167'), textLanguage);
  expect(found).toMatchObject({ name: '', content: { rounded: 1 } });
  expect(found?.content.kind === 'tensor' && found.content.tensor.data[0]).toBe(16777216);
});

it('is read with the factor that PyTorch 0.4 printed before it', () => {
  const text = 'tensor(1.00000e-05 *\n       [ 1.0000,  2.0000])';
  const found = findTensorLiteral(text, text.indexOf('2.0'), textLanguage);
  expect(found).toMatchObject({ call: 'tensor', outerRange: { start: 0, end: text.length } });
  expect(found?.content.kind === 'tensor' && [...found.content.tensor.data]).toEqual(
    [1e-5, 2e-5].map(Math.fround),
  );
});
