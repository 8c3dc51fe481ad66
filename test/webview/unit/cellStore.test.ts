import { expect, it } from 'vitest';
import { fail, ok } from '../../../src/core/problem';
import type { Cells } from '../../../src/core/tensor/cells';
import { CellStore } from '../../../webview/heatmap/cellStore';
import type { HeatmapSource } from '../../../webview/heatmap/heatmapSource';
import { fit } from '../../../webview/heatmap/viewport';

/** A slice of one row whose cells hold one number. */
function sourceOf(key: string, value: number): HeatmapSource {
  return {
    key,
    label: key,
    rows: 1,
    columns: 4,
    rowName: row => `row ${row}`,
    columnName: column => `column ${column}`,
    fetch: ({ rows, columns }) => {
      const values = new Float32Array(rows.count * columns.count).fill(value);
      const cells: Cells = { facets: 1, rows: rows.count, columns: columns.count, values };
      return Promise.resolve(ok(cells));
    },
  };
}

it('draws the cells before until there are new ones, and takes no value from them', async () => {
  let drawn: (() => void) | undefined;
  const changed = (): Promise<void> => new Promise(resolve => (drawn = resolve));
  const store = new CellStore(() => drawn?.());
  const extent = { width: 400, height: 100, rows: 1, columns: 4 };
  for (const [key, value] of [
    ['input', 1],
    ['output', 2],
  ] as const) {
    const before = store.near;
    store.use(sourceOf(key, value));
    expect(store.near).toBe(before);
    expect(store.find(0, 3)).toBeUndefined();
    const there = changed();
    store.want(fit(extent), extent);
    await there;
    expect(store.find(0, 3)?.value).toBe(value);
  }
});

it('waits for the next draw where its answer was superseded, and asks no oftener', async () => {
  let drawn = 0;
  let asked = 0;
  const store = new CellStore(() => drawn++);
  const extent = { width: 400, height: 100, rows: 1, columns: 4 };
  store.use({
    ...sourceOf('input', 1),
    fetch: () => {
      asked++;
      return Promise.resolve(fail('superseded', 'Another result takes its place.'));
    },
  });
  store.want(fit(extent), extent);
  await new Promise(resolve => setTimeout(resolve, 0));
  // The overview, which is asked for after it, is another request.
  const after = asked;
  expect([drawn, store.problem]).toEqual([0, undefined]);
  store.want(fit(extent), extent);
  expect(asked).toBe(after + 1);
});
