import { describe, expect, it } from 'vitest';
import { layOutPairs, layOutTable } from '../../../src/cli/table';

describe('a table in plain text', () => {
  it('lines up its columns and leaves empty ones out', () => {
    expect(
      layOutTable([
        { head: 'name', align: 'left', cells: ['a', 'σ²—long'] },
        { head: 'nothing', align: 'left', cells: ['', ''] },
        { head: 'n', align: 'right', cells: ['10', '7'] },
        { head: 'note', align: 'left', cells: ['', 'x'] },
      ]),
    ).toEqual(['name      n  note', 'a        10', 'σ²—long   7  x']);
  });

  it('has a head without rows', () => {
    expect(layOutTable([{ head: 'a', align: 'left', cells: [] }])).toEqual(['']);
  });

  it('pairs labels with values, those there are', () => {
    expect(
      layOutPairs([
        ['a', '1'],
        ['longer', '2'],
        ['none', ''],
      ]),
    ).toEqual(['a       1', 'longer  2']);
    expect(layOutPairs([])).toEqual([]);
  });
});
