import { indexOfPosition } from '../../src/core/tensor/axisRange';
import { cellGrid, type CellGrid } from '../../src/core/tensor/cellGrid';
import type { Problem } from '../../src/core/problem';
import type { CellSpread } from '../../src/core/statistics/cellSpread';
import type { Shape } from '../../src/core/tensor/shape';
import {
  defaultSlice,
  fitsShape,
  sliceText,
  type SliceView,
} from '../../src/core/tensor/sliceView';
import type { CompareHostApi, CompareSubject, TensorsView } from '../../src/protocol/compare';
import type { Client } from '../../src/protocol/rpc';
import type { HeatmapSource } from '../heatmap/heatmapSource';
import { LinkedView, type CellAt } from '../heatmap/linkedView';
import { cellOfElement, elementOfCell, positionName, sliceSource } from '../heatmap/sliceSource';
import { PictureRequest } from '../pictures/request';
import type { CompareStore } from './store';

export const subjects: readonly CompareSubject[] = ['a', 'b', 'difference'];

const titles: Readonly<Record<CompareSubject, string>> = { a: 'A', b: 'B', difference: 'A − B' };

interface MapsState {
  readonly tensors: TensorsView;
  readonly slice: SliceView;
  readonly shape: Shape;
  readonly grid: CellGrid;
  readonly revision: number;
}

/** One slice of both tensors and of their difference, which look at the same part and point at the same cell. */
export class MapsModel {
  readonly link = new LinkedView();
  readonly subjects = subjects;
  private chosen: SliceView | null = null;
  private state: MapsState | undefined;
  private followed = '';
  private readonly spreads: Readonly<Record<CompareSubject, PictureRequest<CellSpread>>>;

  constructor(
    private readonly host: Client<CompareHostApi>,
    private readonly store: CompareStore,
  ) {
    const request = (): PictureRequest<CellSpread> => new PictureRequest(() => this.redraw());
    this.spreads = { a: request(), b: request(), difference: request() };
  }

  /** Takes over what the page shows now, and asks for what that needs. */
  update(tensors: TensorsView, revision: number): void {
    const { shape, channelAxis } = tensors;
    const fits = this.chosen !== null && fitsShape(this.chosen, shape);
    const slice = fits && this.chosen ? this.chosen : defaultSlice(shape, channelAxis);
    const before = this.state?.grid;
    const grid = cellGrid(slice, shape);
    this.state = { tensors, slice, shape, grid, revision };
    if (before?.rows.count !== grid.rows.count || before.columns.count !== grid.columns.count) {
      this.link.look(undefined);
    }
    this.follow(this.store.model.layout.selected ?? tensors.worst[0]?.index ?? shape.map(() => 0));
    const now = this.now;
    for (const subject of subjects) {
      this.spreads[subject].ask(JSON.stringify([revision, now.grid]), signal =>
        this.host.spread({ subject, grid: now.grid }, { signal }),
      );
    }
  }

  get now(): MapsState {
    if (!this.state) throw new Error('maps were drawn before there were tensors');
    return this.state;
  }

  get text(): string {
    return sliceText(this.now.slice, this.now.shape);
  }

  get problem(): Problem | undefined {
    return subjects.map(subject => this.spreads[subject].problem).find(Boolean);
  }

  spread(subject: CompareSubject): CellSpread | undefined {
    return this.spreads[subject].reply;
  }

  redraw(): void {
    this.store.update({});
  }

  titleOf(subject: CompareSubject): string {
    return titles[subject];
  }

  show(view: SliceView): void {
    this.chosen = view;
    this.redraw();
  }

  /** Selects the element that a cell is. */
  choose(cell: CellAt): void {
    this.select(elementOfCell(this.now.slice, cell));
  }

  /** Selects an element, wherever it is: the slice moves there. */
  select(index: readonly number[]): void {
    this.store.updateLayout({ selected: index });
  }

  source(subject: CompareSubject): HeatmapSource {
    const { slice, tensors, revision } = this.now;
    return sliceSource(this.now, {
      revision: `${revision}`,
      title: titles[subject],
      text: this.text,
      name: (role, i) => positionName(slice, tensors.axisNames, role, i, ': '),
      fetch: (window, reduction, signal) =>
        this.host.cells({ subject, window, reduction }, { signal }),
    });
  }

  /** Another selected element: the axes that are not drawn are held where it is, and the cursor goes there. */
  private follow(element: readonly number[]): void {
    const { slice, shape, tensors, revision } = this.now;
    const key = JSON.stringify([element, shape, slice.axes.map(({ role }) => role)]);
    if (key === this.followed || element.length !== shape.length) return;
    this.followed = key;
    const moved = {
      axes: slice.axes.map((axis, i) => {
        const at = indexOfPosition(axis.range, element[i] ?? 0);
        return axis.role === 'rows' || axis.role === 'columns' || at < 0 ? axis : { ...axis, at };
      }),
    };
    this.chosen = moved;
    this.state = { tensors, shape, revision, slice: moved, grid: cellGrid(moved, shape) };
    const { row, column } = cellOfElement(moved, element);
    const cell = { row: Math.max(0, row), column: Math.max(0, column) };
    this.link.moveTo(cell);
    const { viewport } = this.link;
    // Some cells before it, so that what is around it is in view.
    if (viewport) this.link.look({ ...viewport, top: cell.row - 4, left: cell.column - 4 });
  }
}
