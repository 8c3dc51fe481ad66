import { describe, expect, it } from 'vitest';
import { ToolInput } from '../../../../src/host/tools/toolInput';

function problemOf(fields: Record<string, unknown>, read: (input: ToolInput) => unknown): string {
  const input = new ToolInput(fields);
  const result = input.finish(read(input));
  return result.ok ? '' : result.problem.message;
}

describe('ToolInput', () => {
  it('takes what is right, and null as absent', () => {
    const input = new ToolInput({ file: 'a.pt', axis: -1, training: false, layer: null });
    const made = [input.text('file'), input.number('axis'), input.flag('training')];
    expect(input.text('layer')).toBeUndefined();
    expect(input.finish(made)).toEqual({ ok: true, value: ['a.pt', -1, false] });
  });

  it.each([
    [{ file: 7 }, '"file" is 7: give a string that is not empty.'],
    [{ file: '  ' }, '"file" is "  ": give a string that is not empty.'],
    [{ file: 'a\0b' }, '"file" is "a\\u0000b": give a string that is not empty.'],
    [{}, '"file" is missing: give the path of a checkpoint.'],
    [{ file: 'x'.repeat(5000) }, '"file" has 5000 characters: give at most 4096.'],
    [{ file: 'a', path: 'b' }, 'There is no property "path": there are file.'],
  ])('says what is wrong with %j, and what would be right', (fields, message) => {
    expect(problemOf(fields, input => input.requiredText('file', 'the path of a checkpoint'))).toBe(
      message,
    );
  });

  it.each([
    [{}, '"files" is missing: give a list of paths, such as ["runs/epoch1.pt"].'],
    [{ files: [] }, '"files" is []: give a list of paths, such as ["runs/epoch1.pt"].'],
    [{ files: ['a', 3] }, '"files" is ["a",3]: give a list of paths, such as ["runs/epoch1.pt"].'],
    [{ files: ['a', 'b', 'c'] }, '"files" names 3 files: give at most 2.'],
    [{ files: ['a', 'b'] }, ''],
  ])('wants a list of paths, and is given %j', (fields, message) => {
    expect(problemOf(fields, input => input.paths('files', 2))).toBe(message);
  });

  it('refuses numbers and flags of another type', () => {
    expect(problemOf({ axis: '1' }, input => input.number('axis'))).toBe(
      '"axis" is "1": give a number.',
    );
    expect(problemOf({ training: 'yes' }, input => input.flag('training'))).toBe(
      '"training" is "yes": give true or false.',
    );
  });
});
