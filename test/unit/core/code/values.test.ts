import { describe, expect, it } from 'vitest';
import { codeFile } from '../../../../src/core/code/codeFile';
import { javascriptCode, pythonCode } from '../../../../src/core/code/codeLanguage';
import { resolveName } from '../../../../src/core/code/names';
import { beginTurn, evaluateSpan } from '../../../../src/core/code/values';

/** The value of the first argument of the call of `show`. */
function shown(lines: readonly string[], language = pythonCode): string {
  const file = codeFile(lines.join('\n'), language);
  const call = file.calls.find(({ path }) => path.endsWith('show'));
  const argument = call?.arguments[0];
  if (!argument) throw new Error('nothing is shown');
  const value = evaluateSpan(file, argument.value);
  if (value.kind === 'unknown') return `? ${value.reason}`;
  if (value.kind === 'tensor') return [...value.values].join(' ');
  return 'value' in value ? String(value.value) : value.kind;
}

describe('evaluateSpan', () => {
  it.each([
    ['a literal', ['show(-2.5)'], '-2.5'],
    ['a variable', ['x = 2', 'show(x * 3)'], '6'],
    ['the nearest of several', ['x = 1', 'x = 2', 'show(x)', 'x = 3'], '2'],
    ['variables of variables', ['n = 2', 'x = np.ones(n) * n', 'show(x)'], '2 2'],
    ['a with block, which runs', ['with a() as b:', '  x = 1', 'show(x)'], '1'],
    ['what is around a function', ['x = 5', 'def f():', '  show(x)'], '5'],
    ['the same block', ['if a:', '  x = 1', '  show(x)'], '1'],
    [
      'an attribute',
      ['class M:', ' def a(self):', '  self.x = 4', ' def b(self):', '  show(self.x)'],
      '4',
    ],
    ['a branch', ['if a:', '  x = 1', 'show(x)'], '? x is set in a branch'],
    ['a loop', ['for x in y:', '  show(x)'], '? x is set by what is not evaluated'],
    ['a change', ['x = [1]', 'x[0] = 2', 'show(x)'], '? x is changed on the way'],
    [
      'a parameter over a variable',
      ['x = 1', 'def f(x):', '  show(x)'],
      '? x is a parameter of its function',
    ],
    [
      'a parameter',
      ['def f(a, *, x: int = 1):', '  show(x)'],
      '? x is a parameter of its function',
    ],
    [
      'two for a function',
      ['x = 1', 'x = 2', 'def f():', '  show(x)'],
      '? x is set more than once',
    ],
    ['itself', ['x = x + 1', 'show(x)'], '? x is set later'],
    ['a condition', ['show(1 if a else 2)'], '? it is part of an expression that is not evaluated'],
    ['a part', ['x = [1, 2]', 'show(x[0])'], '? parts of tensors are not evaluated'],
    [
      'another class',
      ['class A:', ' def a(self):', '  self.x = 4', 'class B:', ' def b(self):', '  show(self.x)'],
      '? self.x is set elsewhere',
    ],
    [
      'a comprehension’s own name',
      ['c = 2', 'a = [show(c) for c in (1, 2)]'],
      '? c is of the expression around it',
    ],
    ['a name beside a comprehension', ['c = 2', 'a = [b for c in d]', 'show(c)'], '2'],
    [
      'a lambda’s own name',
      ['c = 2', 'a = lambda c, d=1: show(c)'],
      '? c is of the expression around it',
    ],
    ['a name in a lambda', ['c = 2', 'a = lambda d: show(c)'], '2'],
    [
      'a name that a function sets',
      ['x = 1', 'def f():', '  global x', '  x = 2', 'show(x)'],
      '? x is also set in another function',
    ],
    [
      'a name that an inner function sets',
      ['def f():', '  x = 1', '  def g():', '    nonlocal x', '    x = 2', '  show(x)'],
      '? x is also set in another function',
    ],
    ['a name of another function', ['x = 1', 'def f():', '  x = 2', 'show(x)'], '1'],
    [
      'what the loop changes behind it',
      ['x = 1', 'for i in y:', '  show(x)', '  x = x * 2'],
      '? x is set again in the loop',
    ],
    [
      'what the loop adds to behind it',
      ['x = 1', 'while a:', '  if b:', '    show(x)', '  x += 1'],
      '? x is set again in the loop',
    ],
    ['what the loop sets before it', ['x = 1', 'for i in y:', '  x = 3', '  show(x)'], '3'],
    ['what a loop before it set', ['for i in y:', '  x = 3', 'x = 4', 'show(x)'], '4'],
    [
      'what a loop added to',
      ['x = 1', 'for i in y:', '  x += 1', 'show(x)'],
      '? x is changed on the way',
    ],
    [
      'what is set in an expression',
      ['x = 1', 'a(x := 2)', 'show(x)'],
      '? x is set by what is not evaluated',
    ],
    ['what is filled', ['x = np.ones(2)', 'x.fill_(3)', 'show(x)'], '? x is changed on the way'],
    ['what grows', ['x = [1]', 'x.append(2)', 'show(x)'], '? x is changed on the way'],
    ['what is only asked', ['x = np.ones(2)', 'a = x.sum()', 'show(x)'], '1 1'],
  ])('of %s', (_, lines, expected) => {
    expect(shown(lines)).toBe(expected);
  });

  it.each([
    ['numbers', 'v0 = 1', '10000000'],
    ['tensors', 'v0 = np.ones(1000000)', '? it takes too long to evaluate'],
  ])('evaluates a chain of sums once each, of %s', (_, first, expected) => {
    const sum = (of: string): string => Array.from({ length: 10 }, () => of).join(' + ');
    const chain = Array.from({ length: 7 }, (__, i) => `v${i + 1} = ${sum(`v${i}`)}`);
    const start = performance.now();
    expect(shown([first, ...chain, 'show(v7 / 1)'])).toBe(expected);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('evaluates for one call after the other, up to what a file may cost', () => {
    const lines = Array.from({ length: 100 }, (_, i) => `show(np.ones(1000000) * ${i})`);
    const file = codeFile(lines.join('\n'), pythonCode);
    const kinds = file.calls
      .filter(({ path }) => path === 'show')
      .map(({ arguments: [argument] }) => {
        beginTurn(file);
        return argument && evaluateSpan(file, argument.value).kind;
      });
    expect(kinds.slice(0, 10)).toEqual(Array(10).fill('tensor'));
    expect(kinds.at(-1)).toBe('unknown');
  });

  it('knows JavaScript', () => {
    expect(shown(['const a = 2, b = a * 2;', 'show(b)'], javascriptCode)).toBe('4');
    expect(shown(['const f = x => {', '  show(x)', '}'], javascriptCode)).toBe(
      '? x is a parameter of its function',
    );
    expect(shown(['let x = 2;', 'y.map(x => show(x));'], javascriptCode)).toBe(
      '? x is of the expression around it',
    );
    expect(shown(['let x = 2;', 'y.map((x, i) => show(x));'], javascriptCode)).toBe(
      '? x is of the expression around it',
    );
    const setting = ['let x = 1;', 'function f() {', '  x = 2;', '}', 'show(x);'];
    expect(shown(setting, javascriptCode)).toBe('? x is also set in another function');
    const own = ['let x = 1;', 'function f() {', '  const x = 2;', '}', 'show(x);'];
    expect(shown(own, javascriptCode)).toBe('1');
  });
});

describe('resolveName', () => {
  it.each([
    ['import torch.nn as nn', 'nn.BatchNorm2d', 'torch.nn.BatchNorm2d'],
    ['from torch import nn\nBN = nn.BatchNorm2d', 'BN', 'torch.nn.BatchNorm2d'],
    ['from torch.nn import *', 'BatchNorm2d', 'BatchNorm2d, torch.nn.BatchNorm2d'],
    ['class BatchNorm2d: pass', 'BatchNorm2d', ''],
    ['a = b\nb = a', 'a.c', ''],
    ['x = 1', 'nn.BatchNorm2d', 'nn.BatchNorm2d'],
  ])('%s: %s', (text, path, expected) => {
    expect(resolveName(codeFile(text, pythonCode), path).names.join(', ')).toBe(expected);
  });

  it('follows patterns', () => {
    const text = "import * as tf from 'm';\nconst { layers: L, data } = tf;";
    const file = codeFile(text, javascriptCode);
    expect(resolveName(file, 'L.x').names).toEqual(['m.layers.x']);
    expect(resolveName(file, 'data.y').names).toEqual(['m.data.y']);
  });
});
