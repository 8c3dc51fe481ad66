import { describe, expect, it } from 'vitest';
import { outputText, type OutputItem } from '../../../../src/host/notebooks/outputText';

function item(mime: string, text: string): OutputItem {
  return { mime, data: new TextEncoder().encode(text) };
}

describe('what a cell printed, as text', () => {
  it('has every stream and result once, in order, each on lines of its own', () => {
    const outputs = [
      [item('application/vnd.code.notebook.stdout', 'step 1\n')],
      [item('text/html', '<b>x</b>'), item('text/plain', 'tensor([1., 2.])')],
      [item('application/vnd.code.notebook.stderr', 'warning')],
    ];
    expect(outputText(outputs)).toBe('step 1\ntensor([1., 2.])\nwarning\n');
  });

  it('leaves pictures and errors out', () => {
    const outputs = [
      [item('image/png', 'x')],
      [item('application/vnd.code.notebook.error', '{"name":"E"}')],
    ];
    expect(outputText(outputs)).toBe('');
  });

  it('reads at most 4 MiB of an output', () => {
    const outputs = [[item('text/plain', 'x'.repeat(5 << 20))]];
    expect(outputText(outputs)).toHaveLength((4 << 20) + 1);
  });
});
