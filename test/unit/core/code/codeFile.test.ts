import { describe, expect, it } from 'vitest';
import type { TokenSpan } from '../../../../src/core/code/bindings';
import { codeFile, type CodeFile } from '../../../../src/core/code/codeFile';
import { javascriptCode, pythonCode } from '../../../../src/core/code/codeLanguage';

const python = (...lines: readonly string[]): CodeFile => codeFile(lines.join('\n'), pythonCode);
const javascript = (...lines: readonly string[]): CodeFile =>
  codeFile(lines.join('\n'), javascriptCode);

function textOf({ text, tokens }: CodeFile, { first, end }: TokenSpan): string {
  return text.slice(tokens.start(first), tokens.end(end - 1));
}

function outline(file: CodeFile): readonly string[] {
  return file.statements.all.map(
    statement => `${statement.parent} ${statement.kind} ${textOf(file, statement)}`,
  );
}

function bound(file: CodeFile, path: string): readonly string[] {
  return file.bindings
    .of(path)
    .map(({ kind, value }) => `${kind} ${value ? textOf(file, value) : '?'}`);
}

function called(file: CodeFile): readonly string[] {
  return file.calls.map(({ path, arguments: given }) => {
    const listed = given.map(
      ({ name, index, spread, value }) =>
        `${spread ? '*' : ''}${name ?? index}=${textOf(file, value)}`,
    );
    return `${path}(${listed.join('; ')})`;
  });
}

describe('statements of Python', () => {
  it('are in the blocks that indentation makes', () => {
    const file = python(
      'class M(nn.Module):',
      '    """It is."""',
      '    def f(self, a,',
      'b):',
      '        if a: x = 1; y = 2',
      '        else:',
      '            z = [',
      '1]',
      '    async def g(self): pass',
      'w = lambda a: a',
    );
    expect(outline(file)).toEqual([
      '-1 class class M(nn.Module):',
      '0 plain """It is."""',
      '0 function def f(self, a,\nb):',
      '2 branch if a:',
      '3 plain x = 1',
      '3 plain y = 2',
      '2 branch else:',
      '6 plain z = [\n1]',
      '0 function async def g(self):',
      '8 plain pass',
      '-1 plain w = lambda a: a',
    ]);
    expect(file.statements.all.map(({ scope }) => scope)).toEqual([
      -1, -1, -1, 2, 2, 2, 2, 2, -1, 8, -1,
    ]);
    expect(file.statements.all.map(({ owner }) => owner)).toEqual([
      -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1,
    ]);
  });

  it('begin again after a bracket that was not closed', () => {
    expect(outline(python('a = f(1,', 'def g():', '    b = 2'))).toEqual([
      '-1 plain a = f(1,',
      '-1 function def g():',
      '1 plain b = 2',
    ]);
  });
});

describe('statements of JavaScript', () => {
  it('are in the blocks that braces make, and end where a line does', () => {
    const file = javascript(
      'const f = async (x: T, { y }) => {',
      '  return x',
      '    .map(z => z + 1)',
      '}',
      'class M extends L {',
      '  call(x): tf.Tensor { if (x) { a = { b: 1 } } else c() }',
      '}',
      'for (let i = 0; i < 3; i++) d()',
    );
    expect(outline(file)).toEqual([
      '-1 function const f = async (x: T, { y }) =>',
      '0 plain return x\n    .map(z => z + 1)',
      '-1 class class M extends L',
      '2 function call(x): tf.Tensor',
      '3 branch if (x)',
      '4 plain a = { b: 1 }',
      '3 branch else c()',
      '-1 loop for (let i = 0; i < 3; i++) d()',
    ]);
  });
});

describe('imports', () => {
  it('of Python are followed with their other names', () => {
    const { names, modules, whole } = python(
      'import numpy as np, torch.nn',
      'from torch import nn as N, (optim)',
      'from a.b import (c,  # one',
      '    d as e)',
      'from .own import f',
      'from keras.layers import *',
    ).imports;
    expect(Object.fromEntries(names)).toEqual({
      np: 'numpy',
      torch: 'torch',
      N: 'torch.nn',
      optim: 'torch.optim',
      c: 'a.b.c',
      e: 'a.b.d',
      f: '.own.f',
    });
    expect([...modules]).toEqual(['numpy', 'torch.nn', 'torch', 'a.b', '.own', 'keras.layers']);
    expect(whole).toEqual(['keras.layers']);
  });

  it('of JavaScript are, too', () => {
    const { names } = javascript(
      "import * as tf from '@tensorflow/tfjs';",
      "import d, { type T, layers as L } from 'm'",
      "const { a: b, c } = require('n')",
      "const l = require('o').layers, e = 2;",
      "const f = await import('p')",
      "import q = require('q')",
      "import 'r'",
    ).imports;
    expect(Object.fromEntries(names)).toEqual({
      tf: '@tensorflow/tfjs',
      d: 'm',
      T: 'm.T',
      L: 'm.layers',
      b: 'n.a',
      c: 'n.c',
      l: 'o.layers',
      f: 'p',
      q: 'q',
    });
  });
});

describe('bindings', () => {
  it.each([
    ['x', ['x = 1', 'x: int = f(', ' 2)', 'x += 3'], ['set 1', 'set f(\n 2)', 'changed ?']],
    ['self.bn', ['self.bn = a = g(b=1)'], ['set g(b=1)']],
    ['w.data', ['w.data[0] = 1'], ['changed ?']],
    ['b', ['a, b = 1, 2', 'for a, b in c:', '  d'], ['set ?', 'set ?']],
    ['f', ["with open('f') as f:", '  pass', 'def f(): pass'], ['set ?', 'set ?']],
    ['y', ['f(y=1)', 'x == y', 'y <= 2', 'if (y := 3): pass'], ['set ?']],
  ])('of %s in Python', (path, lines, expected) => {
    expect(bound(python(...lines), path)).toEqual(expected);
  });

  it.each([
    ['b', ['const a = 1, b = f(2, 3);'], ['set f(2, 3)']],
    ['this.bn', ['class M { constructor() { this.bn = g({ a: 1 }) } }'], ['set g({ a: 1 })']],
    ['c', ['const { c, d: e } = m'], ['set ?']],
    ['d', ['const { c, d: e } = m'], []],
    ['t', ['let t: tf.Tensor = u'], ['set u']],
    ['f', ['const f = x => x === 1'], ['set x => x === 1']],
  ])('of %s in JavaScript', (path, lines, expected) => {
    expect(bound(javascript(...lines), path)).toEqual(expected);
  });
});

describe('calls', () => {
  it('of Python have their arguments by place and by name', () => {
    expect(
      called(python('y = nn.BatchNorm2d(4, eps=f(1, 2),', '  *rest, **more)(x)[0](z)')),
    ).toEqual(['nn.BatchNorm2d(0=4; eps=f(1, 2); *1=rest; *2=more)', 'f(0=1; 1=2)', '(0=x)']);
  });

  it('are none where something is defined, and none of a keyword', () => {
    expect(called(python('def f(a): return (a)', 'class B(C): pass', 'if (a): not (b)'))).toEqual(
      [],
    );
  });

  it('of JavaScript have the keys of an object as names', () => {
    expect(called(javascript('tf.layers.bn({ axis: 1, momentum, ...rest }).apply(x)'))).toEqual([
      'tf.layers.bn(0={ axis: 1, momentum, ...rest }; axis=1; momentum=momentum; *-1=rest)',
      '.apply(0=x)',
    ]);
  });

  it('are known by what they are called on, are given and give', () => {
    const file = python('bn = B()', 'bn.eval()', 'init.ones_(bn.weight)', 'B()(x)');
    const paths = (calls: readonly { readonly path: string }[]): readonly string[] =>
      calls.map(({ path }) => path);
    expect(paths(file.callIndex.on('bn'))).toEqual(['bn.eval']);
    expect(paths(file.callIndex.about('bn'))).toEqual(['init.ones_']);
    const last = file.calls.at(-2);
    expect(last && file.callIndex.ofResult(last.close)?.arguments.length).toBe(1);
  });
});

describe('a long text', () => {
  it('is read in many steps, which find the same', () => {
    const text = 'class M:\n  def f(self):\n    self.a = b(1, c=2)\n'.repeat(3000);
    const [whole, stepped] = [codeFile(text, pythonCode), codeFile(text, pythonCode)];
    expect([...stepped.steps()].length).toBeGreaterThan(60);
    expect(outline(stepped)).toEqual(outline(whole));
    expect(called(stepped)).toEqual(called(whole));
    expect(bound(stepped, 'self.a')).toEqual(bound(whole, 'self.a'));
  });
});

describe('any text', () => {
  it('is read without an error', () => {
    let seed = 7;
    const next = (below: number): number => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return seed % below;
    };
    const parts =
      '( ) [ ] { } = , : ; . \n \t " \' ` """ # // /* */ => ${ \\ a bn def if class import from const function 1 + nn.BatchNorm2d( self.x'.split(
        ' ',
      );
    for (let round = 0; round < 400; round++) {
      const text = Array.from({ length: 60 }, () => parts[next(parts.length)]).join(' ');
      for (const language of [pythonCode, javascriptCode]) {
        const file = codeFile(text, language);
        expect(() => [file.calls, file.bindings, file.imports, file.callIndex], text).not.toThrow();
        for (const { first, end } of file.statements.all) expect(end).toBeGreaterThan(first);
      }
    }
  });
});
