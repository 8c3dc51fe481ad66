import { describe, expect, it } from 'vitest';
import { gridParts, type CellGrid } from '../../../../src/core/tensor/cellGrid';
import { printedSeed, Random } from '../../../property/random';

/** Flat indices of a grid's cells: facet after facet, row after row. */
function cellsOf({ offset, facets, rows, columns }: CellGrid): number[] {
  const found: number[] = [];
  for (let facet = 0; facet < facets.count; facet++) {
    for (let row = 0; row < rows.count; row++) {
      for (let column = 0; column < columns.count; column++) {
        found.push(offset + facet * facets.stride + row * rows.stride + column * columns.stride);
      }
    }
  }
  return found;
}

describe('the parts of a grid', () => {
  it('have its cells in order, and no more than they may', () => {
    const seed = printedSeed('grid parts');
    const random = new Random(seed);
    const walk = (): CellGrid['rows'] => ({
      count: random.integer(0, 9),
      stride: random.integer(-9, 10),
    });
    for (let run = 0; run < 300; run++) {
      const grid = { offset: 50, rows: walk(), columns: walk(), facets: walk() };
      const most = random.integer(1, 40);
      const parts = [...gridParts(grid, most)].map(cellsOf);
      expect(parts.flat(), `seed ${seed}`).toEqual(cellsOf(grid));
      for (const { length } of parts) {
        expect(length).toBeLessThanOrEqual(most);
        expect(length).toBeGreaterThan(0);
      }
    }
  });

  it('are few: whole rows where they fit, else long pieces', () => {
    const one = { count: 1, stride: 0 };
    const count = (rows: number, columns: number): number => {
      const grid = {
        offset: 0,
        rows: { count: rows, stride: columns },
        columns: { count: columns, stride: 1 },
        facets: one,
      };
      return [...gridParts(grid, 100)].length;
    };
    expect([count(10, 30), count(1000, 1), count(2, 250)]).toEqual([4, 10, 6]);
  });
});
