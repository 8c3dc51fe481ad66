import { describe, expect, it } from 'vitest';
import { findTensorLiterals } from '../../../../src/core/text/literals';
import { readableText } from '../../../../src/core/text/readableText';

const escape = '\u001b';

function tensorsIn(text: string, languageId: string, path: string): readonly string[] {
  const { text: readable, language } = readableText(text, languageId, path);
  expect(readable).toHaveLength(text.length);
  return findTensorLiterals(readable, { start: 0, end: text.length }, language).map(
    ({ content, range, name }) =>
      content.kind === 'tensor'
        ? `${name}(${content.tensor.shape.join(', ')}) ${content.tensor.data.join(' ')} at ${text.slice(range.start, range.start + 4)}`
        : content.kind,
  );
}

describe('readable text', () => {
  it('has spaces for the colours of a terminal', () => {
    const log = `${escape}[32mINFO${escape}[0m x=[${escape}[36m1.5${escape}[0m, ${escape}[1;36m2${escape}[0m]`;
    expect(tensorsIn(log, 'log', '/train.log')).toEqual([`x(2) 1.5 2 at [${escape}[3`]);
  });

  it('is of a notebook what its outputs say, where they stand', () => {
    const notebook = JSON.stringify(
      {
        cells: [
          {
            cell_type: 'code',
            execution_count: 3,
            source: ['x = np.array([[1, 2],\n', '              [3, 4]])\n', 'print("[5, 6]")'],
            outputs: [
              { output_type: 'stream', text: ['[[1. 2.]\n', ' [3. 4.]]\n'] },
              { data: { 'text/plain': ['tensor([[0.5, 1.5]],\n', "       device='cuda:0')"] } },
            ],
          },
        ],
        nbformat: 4,
      },
      null,
      1,
    );
    expect(tensorsIn(notebook, 'json', '/a.ipynb')).toEqual([
      'x(2, 2) 1 2 3 4 at [[1,',
      '(2) 5 6 at [5, ',
      '(2, 2) 1 2 3 4 at [[1.',
      '(1, 2) 0.5 1.5 at [[0.',
    ]);
  });

  it('is any other text itself', () => {
    expect(readableText('{"a": [1, 2]}', 'json', '/a.json').text).toBe('{"a": [1, 2]}');
    expect(readableText(`"${escape}[0m"`, 'python', '/a.py').text).toBe(`"${escape}[0m"`);
  });

  it('is made of a notebook of megabytes at once', () => {
    const notebook = `{"cells": [${'"[[1. 2.]\\n",\n '.repeat(300_000)}""]}`;
    const begin = performance.now();
    expect(readableText(notebook, 'json', '/a.ipynb').text).toHaveLength(notebook.length);
    expect(performance.now() - begin).toBeLessThan(15_000);
  });
});
