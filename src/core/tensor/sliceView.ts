import { ok, type Result } from '../problem';
import { formatRange, indexOfPosition, positionAt, wholeAxis, type AxisRange } from './axisRange';
import type { Shape } from './shape';
import { parseSlice, type AxisSelection } from './sliceText';

/** What is made of an axis: drawn downwards, across, as one small picture a position, or held at one position. */
export type AxisRole = 'rows' | 'columns' | 'facets' | 'fixed';

export const axisRoles: readonly AxisRole[] = ['rows', 'columns', 'facets', 'fixed'];

export interface ViewAxis {
  readonly role: AxisRole;
  /** Positions that are drawn, or that a fixed axis can be moved over. */
  readonly range: AxisRange;
  /** Which element of the range a fixed axis is held at, and which facet is the large one. */
  readonly at: number;
}

/** How a tensor of any rank is drawn on a plane. Rows, columns and facets are one axis each, at most. */
export interface SliceView {
  readonly axes: readonly ViewAxis[];
}

/**
 * The two innermost axes besides the channels', or what there is: images of one channel, [N,C] as it is.
 * @param position where the other axes are held; the first of each if left out
 */
export function defaultSlice(
  shape: Shape,
  channelAxis: number,
  position: readonly number[] = [],
): SliceView {
  const others = shape.flatMap((_, axis) => (axis === channelAxis ? [] : [axis]));
  const drawn = others.slice(-2);
  // One axis besides the channels' is drawn against them.
  const [rows, columns] =
    drawn.length === 2 ? drawn : shape.length === 2 ? [drawn[0], channelAxis] : [undefined, 0];
  return {
    axes: shape.map((size, axis) => ({
      role: axis === rows ? 'rows' : axis === columns ? 'columns' : 'fixed',
      range: wholeAxis(size),
      at: Math.min(position[axis] ?? 0, Math.max(size - 1, 0)),
    })),
  };
}

/** Whether a view is one of this shape: one that was saved may be of another. */
export function fitsShape({ axes }: SliceView, shape: Shape): boolean {
  return (
    axes.length === shape.length &&
    axes.every(({ range, at }, axis) => {
      const size = shape[axis] as number;
      const { start, count } = range;
      const last = positionAt(range, Math.max(count - 1, 0));
      const inside = (position: number): boolean => position >= 0 && position < size;
      return count === 0 ? size === 0 || start === 0 : inside(start) && inside(last) && at < count;
    })
  );
}

/** The slice in NumPy's words: `x[0, :, ::2, 3]`. A fixed axis is the index that it is held at. */
export function sliceText({ axes }: SliceView, shape: Shape): string {
  const items = axes.map(({ role, range, at }, axis) =>
    role === 'fixed' && range.count > 0
      ? String(positionAt(range, at))
      : formatRange(range, shape[axis] as number),
  );
  return `x[${items.join(', ')}]`;
}

/**
 * The view that a text asks for. Axes with an index are fixed there; the others keep what they were drawn as where
 * they can, else the last become columns, rows and facets, and any before those are fixed at their first position.
 */
export function readSliceText(view: SliceView, shape: Shape, text: string): Result<SliceView> {
  const parsed = parseSlice(text, shape);
  if (!parsed.ok) return parsed;
  const selections = parsed.value;
  const free = selections.flatMap(({ kind }, axis) => (kind === 'range' ? [axis] : []));
  const roles = rolesOf(view, free);
  return ok({
    axes: selections.map((selection, axis) =>
      viewAxis(selection, shape[axis] as number, roles.get(axis) ?? 'fixed', view.axes[axis]),
    ),
  });
}

function rolesOf({ axes }: SliceView, free: readonly number[]): ReadonlyMap<number, AxisRole> {
  const kept = free.map(axis => axes[axis]?.role ?? 'fixed');
  const wanted: readonly AxisRole[] =
    free.length >= 3
      ? ['columns', 'rows', 'facets']
      : free.length === 2
        ? ['columns', 'rows']
        : ['columns'];
  const complete = wanted.every(role => free.length === 0 || kept.includes(role));
  if (complete && kept.filter(role => role !== 'fixed').length === Math.min(free.length, 3)) {
    return new Map(free.map((axis, i) => [axis, kept[i] as AxisRole]));
  }
  return new Map(
    [...free].reverse().map((axis, i): [number, AxisRole] => [axis, wanted[i] ?? 'fixed']),
  );
}

function viewAxis(
  selection: AxisSelection,
  size: number,
  role: AxisRole,
  before: ViewAxis | undefined,
): ViewAxis {
  if (selection.kind === 'index') {
    return { role: 'fixed', range: wholeAxis(size), at: selection.at };
  }
  const { range } = selection;
  const held = before && before.range.count > 0 ? positionAt(before.range, before.at) : 0;
  return { role, range, at: Math.max(0, indexOfPosition(range, held)) };
}

/**
 * The view that is drawn: the one that was chosen where it fits the shape, else the first one there is. The channel
 * axis is held at the selected channel, unless it is drawn or its range leaves that out.
 * @param element the selected element
 */
export function shownSlice(
  chosen: SliceView | null,
  shape: Shape,
  channelAxis: number,
  element: readonly number[],
): SliceView {
  if (!chosen || !fitsShape(chosen, shape)) return defaultSlice(shape, channelAxis, element);
  const channels = chosen.axes[channelAxis];
  if (!channels || channels.role === 'rows' || channels.role === 'columns') return chosen;
  const at = indexOfPosition(channels.range, element[channelAxis] ?? 0);
  return at < 0 ? chosen : moveAxis(chosen, channelAxis, at);
}

/** Draws an axis in another way; whichever was drawn so is drawn as this one was. */
export function setRole({ axes }: SliceView, axis: number, role: AxisRole): SliceView {
  const before = axes[axis]?.role ?? 'fixed';
  return {
    axes: axes.map((other, i) => {
      if (i === axis) return { ...other, role };
      return role !== 'fixed' && other.role === role ? { ...other, role: before } : other;
    }),
  };
}

/** @param at which element of the axis's range; cut to what there is */
export function moveAxis({ axes }: SliceView, axis: number, at: number): SliceView {
  return {
    axes: axes.map((other, i) =>
      i === axis
        ? { ...other, at: Math.max(0, Math.min(Math.round(at), other.range.count - 1)) }
        : other,
    ),
  };
}

/** The axis that is drawn so, or −1. */
export function axisOf({ axes }: SliceView, role: Exclude<AxisRole, 'fixed'>): number {
  return axes.findIndex(axis => axis.role === role);
}

/** The axes that are drawn, in the tensor's order. */
export function drawnAxes({ axes }: SliceView): number[] {
  return axes.flatMap(({ role }, axis) => (role === 'fixed' ? [] : [axis]));
}

/** The same slice with its axes drawn in the tensor's order: the last as columns, those before as rows and facets. */
export function axisOrder(view: SliceView): SliceView {
  const drawn = drawnAxes(view).reverse();
  const order: readonly AxisRole[] = ['columns', 'rows', 'facets'];
  return {
    axes: view.axes.map((axis, i) => ({ ...axis, role: order[drawn.indexOf(i)] ?? 'fixed' })),
  };
}

/** What the slice does that its text does not tell, in sentences. */
export function sliceNotes({ axes }: SliceView, names: readonly string[]): string[] {
  return axes.flatMap(({ role, range, at }, axis) =>
    role === 'fixed' && range.count > 1 && range.step !== 1
      ? [
          `Axis ${names[axis] ?? axis} shows position ${positionAt(range, at)}, the ${at + 1}. of the ${range.count} in its range.`,
        ]
      : [],
  );
}
