import { describe, expect, it } from 'vitest';
import { shownIndices } from '../../../../src/core/tensor/balancedCut';
import { cellGrid, elementAt } from '../../../../src/core/tensor/cellGrid';
import { flatIndex, sizeOf } from '../../../../src/core/tensor/shape';
import {
  axisOf,
  axisOrder,
  axisRoles,
  defaultSlice,
  drawnAxes,
  fitsShape,
  moveAxis,
  readSliceText,
  setRole,
  sliceNotes,
  sliceText,
  type SliceView,
} from '../../../../src/core/tensor/sliceView';
import { Random } from '../../../property/random';

const shape = [4, 8, 9, 3];

function read(view: SliceView, text: string, of: readonly number[] = shape): SliceView {
  const result = readSliceText(view, of, text);
  if (!result.ok) throw new Error(result.problem.message);
  return result.value;
}

const roles = (view: SliceView): string => view.axes.map(({ role }) => role).join(' ');

describe('the view of a slice', () => {
  const images = defaultSlice(shape, 3, [1, 0, 0, 2]);

  it('begins with one image of one channel', () => {
    expect(roles(images)).toBe('fixed rows columns fixed');
    expect(sliceText(images, shape)).toBe('x[1, :, :, 2]');
    expect(sliceText(defaultSlice([2, 3, 5, 7], 1), [2, 3, 5, 7])).toBe('x[0, 0, :, :]');
    expect(roles(defaultSlice([6, 4], 1))).toBe('rows columns');
    expect(roles(defaultSlice([6], 0))).toBe('columns');
    expect(sliceText(defaultSlice([], 0), [])).toBe('x[]');
  });

  it('follows its text, and the text follows it', () => {
    const strided = read(images, 'x[0, :, ::2, 1]');
    expect(roles(strided)).toBe('fixed rows columns fixed');
    expect(sliceText(strided, shape)).toBe('x[0, :, ::2, 1]');
    const facets = read(strided, 'x[:, :, :, 1]');
    expect(roles(facets)).toBe('facets rows columns fixed');
    const moved = moveAxis(setRole(facets, 3, 'facets'), 0, 2);
    expect(roles(moved)).toBe('fixed rows columns facets');
    expect(sliceText(moved, shape)).toBe('x[2, :, :, :]');
  });

  it('keeps what axes were drawn as, where the text leaves them free', () => {
    const turned = setRole(images, 1, 'columns');
    expect(roles(turned)).toBe('fixed columns rows fixed');
    expect(roles(read(turned, 'x[0, 2:6, :, 0]'))).toBe('fixed columns rows fixed');
    // One free axis is a row of columns, whatever it was.
    expect(roles(read(turned, 'x[0, 0, :, 0]'))).toBe('fixed fixed columns fixed');
  });

  it('fixes the first axes where more are free than can be drawn, and says where', () => {
    const wide = read(defaultSlice([2, 6, 3, 4, 5], 4), 'x[:, ::2]', [2, 6, 3, 4, 5]);
    expect(roles(wide)).toBe('fixed fixed facets rows columns');
    const moved = moveAxis(wide, 1, 2);
    expect(sliceText(moved, [2, 6, 3, 4, 5])).toBe('x[0, 4, :, :, :]');
    expect(sliceNotes(moved, ['N', 'D', 'H', 'W', 'C'])).toEqual([
      'Axis D shows position 4, the 3. of the 3 in its range.',
    ]);
  });

  it('is taken away in the order of the axes, however it is drawn', () => {
    const turned = setRole(setRole(images, 0, 'rows'), 2, 'columns');
    expect(roles(turned)).toBe('rows fixed columns fixed');
    const swapped = setRole(turned, 0, 'columns');
    expect(roles(swapped)).toBe('columns fixed rows fixed');
    expect(drawnAxes(swapped)).toEqual([0, 2]);
    expect(roles(axisOrder(swapped))).toBe('rows fixed columns fixed');
    expect(roles(axisOrder(read(images, 'x[:, 0, :, :]')))).toBe('facets fixed rows columns');
  });

  it('takes no position that there is none of', () => {
    expect(moveAxis(images, 0, 99).axes[0]?.at).toBe(3);
    expect(moveAxis(images, 0, -1).axes[0]?.at).toBe(0);
    expect(fitsShape(images, shape)).toBe(true);
    expect(fitsShape(images, [4, 8, 9])).toBe(false);
    expect(fitsShape(images, [1, 8, 9, 3])).toBe(false);
  });

  it('finds the same elements as walking the whole tensor, at any rank', () => {
    const random = new Random(20261126);
    for (let round = 0; round < 300; round++) {
      const of = Array.from({ length: random.integer(1, 5) }, () => random.integer(1, 6));
      let view = defaultSlice(of, random.integer(0, of.length - 1));
      for (let change = 0; change < 4; change++) view = randomChange(view, of, random);
      expect(sliceText(read(view, sliceText(view, of), of), of), `round ${round}`).toBe(
        sliceText(view, of),
      );
      const grid = cellGrid(view, of);
      for (let facet = 0; facet < grid.facets.count; facet++) {
        for (let row = 0; row < grid.rows.count; row++) {
          for (let column = 0; column < grid.columns.count; column++) {
            const flat =
              grid.offset +
              row * grid.rows.stride +
              column * grid.columns.stride +
              facet * grid.facets.stride;
            expect(flatIndex(of, elementAt(view, { row, column, facet })), `round ${round}`).toBe(
              flat,
            );
            expect(flat >= 0 && flat < sizeOf(of), `round ${round}`).toBe(true);
          }
        }
      }
    }
  });

  it('of an empty tensor has no cells', () => {
    const empty = defaultSlice([2, 0, 4], 2);
    const { rows, columns } = cellGrid(empty, [2, 0, 4]);
    expect(rows.count * columns.count).toBe(0);
  });
});

function randomChange(view: SliceView, of: readonly number[], random: Random): SliceView {
  const axis = random.integer(0, of.length - 1);
  const size = of[axis] as number;
  switch (random.integer(0, 2)) {
    case 0:
      return setRole(view, axis, axisRoles[random.integer(0, 3)] ?? 'fixed');
    case 1:
      return moveAxis(view, axis, random.integer(0, size - 1));
    default: {
      const step = [1, 2, -1, -2][random.integer(0, 3)] ?? 1;
      const items = of.map((_, i) => (i === axis ? `::${step}` : ':'));
      const changed = readSliceText(view, of, items.join(','));
      if (!changed.ok) throw new Error(changed.problem.message);
      return changed.value;
    }
  }
}

describe('balanced truncation', () => {
  it('shows the first and the last, and where others are cut out', () => {
    expect(shownIndices(4, 4)).toEqual([0, 1, 2, 3]);
    expect(shownIndices(9, 5)).toEqual([0, 1, 2, null, 7, 8]);
    expect(shownIndices(0, 5)).toEqual([]);
    expect(axisOf(defaultSlice([3], 0), 'rows')).toBe(-1);
  });
});
