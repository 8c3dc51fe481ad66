import type { ChannelRows } from '../../src/core/batchnorm/channelTable';
import type { Result } from '../../src/core/problem';
import type {
  ChannelsView,
  InspectionView,
  PanelState,
  RowsRequest,
} from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import type { Store } from '../store';
import { CellEditor } from './cellEditor';
import { gridColumns } from './columns';
import { beginsNumber, clampPosition, moveInGrid, type GridPosition } from './gridKeys';
import { leastWidths, widen, type MovingWidths } from './movingWidths';
import { RowCache, rowBlock } from './rowCache';
import { rowHeight, rowsInView, scrollToRow } from './window';

export type FetchRows = (request: RowsRequest) => Promise<Result<ChannelRows>>;

/** What happens in the grid: scrolling, fetching rows, moving, selecting, editing. */
export class GridController {
  readonly cache = new RowCache();
  readonly editor: CellEditor;
  /** Of the rows seen so far. */
  widths: MovingWidths = leastWidths;
  private box: HTMLElement | null = null;
  private readonly resizes = new ResizeObserver(() => this.measure());
  private fetching = false;
  private wantsFocus = false;
  /** A row to select as soon as its channel is known. */
  private rowToSelect: number | null = null;
  private revealSelected = false;

  constructor(
    private readonly store: Store,
    private readonly actions: PanelActions,
    private readonly fetchRows: FetchRows,
  ) {
    this.editor = new CellEditor(store, actions);
  }

  /** Takes in the window of rows that came with a state. To be called before the state is stored. */
  receive(next: PanelState): void {
    if (next.kind !== 'ready') return;
    const { channels } = next.view;
    const { state, pendingChannel, layout } = this.store.model;
    const before = state?.kind === 'ready' ? state.view.channels : null;
    const sameOrder = before ? ordersAlike(before, channels) : false;
    if (before?.total !== channels.total) this.widths = leastWidths;
    this.widths = widen(this.widths, channels.rows);
    this.cache.replace(channels.rows, sameOrder);
    const moved = before?.selectedRow !== channels.selectedRow || !sameOrder;
    if (!sameOrder) this.rowToSelect = null;
    // The state of an earlier selection does not take back where one has gone meanwhile.
    if (this.rowToSelect !== null) return;
    if (pendingChannel !== null && pendingChannel !== channels.selected) return;
    if (moved && layout.activeRow >= 0 && channels.selectedRow >= 0) {
      this.store.updateLayout({ activeRow: channels.selectedRow });
      this.wantsFocus ||= this.hasFocus();
    }
  }

  /** Selects a channel from outside the grid, and brings its row into view. */
  reveal(channel: number): void {
    this.revealSelected = true;
    this.rowToSelect = null;
    void this.actions.selectChannel(channel);
  }

  attach(element: Element | undefined): void {
    if (element === this.box || !(element instanceof HTMLElement)) return;
    this.resizes.disconnect();
    this.box = element;
    this.resizes.observe(element);
    const { gridTop, gridLeft } = this.store.model.layout;
    // The rows are not laid out yet when lit hands over the element.
    queueMicrotask(() => {
      element.scrollTop = gridTop;
      element.scrollLeft = gridLeft;
      this.measure();
    });
  }

  afterRender(): void {
    const view = this.view();
    if (!view || !this.box) return;
    if (this.revealSelected && this.store.model.pendingChannel === null) {
      this.revealSelected = false;
      this.scrollRowIntoView(view.channels.selectedRow);
      this.box.scrollIntoView({ block: 'nearest' });
    }
    this.editor.afterRender(this.box);
    if (this.wantsFocus && this.store.model.editing === null) {
      this.wantsFocus = false;
      const cell = this.box.querySelector<HTMLElement>('[tabindex="0"]');
      cell?.focus({ preventScroll: true });
      cell?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    }
    void this.fetchMissing(view);
  }

  onScroll(): void {
    if (!this.box) return;
    const { scrollTop, scrollLeft } = this.box;
    const { viewport, layout } = this.store.model;
    this.store.update({
      viewport: { ...viewport, top: scrollTop },
      layout: { ...layout, gridTop: scrollTop, gridLeft: scrollLeft },
    });
  }

  onKey(event: KeyboardEvent): void {
    const view = this.view();
    if (!view) return;
    if (event.target instanceof HTMLInputElement) {
      if (this.editor.onKey(event)) this.wantsFocus = true;
      return;
    }
    if (event.altKey) return;
    const at = this.active(view);
    const target = moveInGrid(event.key, event.ctrlKey || event.metaKey, at, this.extent(view));
    if (target) {
      event.preventDefault();
      this.activate(target, view);
    } else if (this.act(event, at, view)) event.preventDefault();
  }

  onClick(event: Event): void {
    const view = this.view();
    const at = positionOf(event);
    if (!view || !at || event.target instanceof HTMLInputElement) return;
    this.activate(at, view);
    const column = gridColumns[at.column];
    if (at.row === -1 && column) this.actions.sort(this.store.model, column.id);
  }

  onDoubleClick(event: Event): void {
    const view = this.view();
    const at = positionOf(event);
    if (view && at) this.edit(at, view, undefined);
  }

  /** The active cell, moved inside the grid when the grid has become smaller. */
  active(view: InspectionView): GridPosition {
    const { activeRow, activeColumn } = this.store.model.layout;
    return clampPosition({ row: activeRow, column: activeColumn }, this.extent(view));
  }

  /** Enter, F2, Space and typing: sorts in the header, edits below it. */
  private act(event: KeyboardEvent, at: GridPosition, view: InspectionView): boolean {
    const column = gridColumns[at.column];
    if (!column) return false;
    const enters = event.key === 'Enter' || event.key === 'F2';
    if (at.row === -1) {
      if (event.key !== 'Enter' && event.key !== ' ') return false;
      this.actions.sort(this.store.model, column.id);
      return true;
    }
    if (enters) return this.edit(at, view, undefined);
    if (event.ctrlKey || event.metaKey || !beginsNumber(event.key)) return false;
    return this.edit(at, view, event.key);
  }

  /** @param typed the key that began the edit, or undefined to edit the value there is */
  private edit(at: GridPosition, view: InspectionView, typed: string | undefined): boolean {
    const place = this.cache.find(at.row);
    const column = gridColumns[at.column];
    if (!place || !column) return false;
    const channel = place.rows.channel[place.at] ?? 0;
    return this.editor.open(at.row, column, { ...place, view, channel }, typed);
  }

  private activate(to: GridPosition, view: InspectionView): void {
    this.editor.close();
    this.store.updateLayout({ activeRow: to.row, activeColumn: to.column });
    this.wantsFocus = true;
    if (to.row < 0) return;
    this.scrollRowIntoView(to.row);
    this.selectRow(to.row, view);
  }

  private selectRow(row: number, view: InspectionView): void {
    const place = this.cache.find(row);
    const channel = place?.rows.channel[place.at];
    this.rowToSelect = channel === undefined ? row : null;
    const { pendingChannel } = this.store.model;
    if (channel === undefined || channel === (pendingChannel ?? view.channels.selected)) return;
    void this.actions.selectChannel(channel);
  }

  private scrollRowIntoView(row: number): void {
    if (!this.box || row < 0) return;
    const top = scrollToRow(this.store.model.viewport, row);
    if (top === this.store.model.viewport.top) return;
    this.box.scrollTop = top;
    this.onScroll();
  }

  private async fetchMissing(view: InspectionView): Promise<void> {
    if (this.fetching) return;
    const { matching } = view.channels;
    const { first, end } = rowsInView(this.store.model.viewport, matching);
    // A block ahead of what is rendered, so that scrolling meets rows that are here.
    const from = Math.max(0, first - rowBlock);
    const request = this.cache.missing(from, Math.min(matching, end + rowBlock), matching);
    if (!request) return;
    this.fetching = true;
    const result = await this.fetchRows(request);
    this.fetching = false;
    // A state that came meanwhile brought its own window; these rows may be from before it.
    if (this.view() !== view) this.store.update({});
    else if (result.ok) this.take(result.value, view);
  }

  private take(rows: ChannelRows, view: InspectionView): void {
    this.cache.add(rows);
    this.widths = widen(this.widths, rows);
    if (this.rowToSelect !== null) this.selectRow(this.rowToSelect, view);
    this.store.update({});
  }

  private measure(): void {
    if (!this.box) return;
    const header = this.box.querySelector<HTMLElement>('.grid-header')?.offsetHeight ?? 0;
    const height = Math.max(rowHeight, this.box.clientHeight - header);
    const top = this.box.scrollTop;
    const { viewport } = this.store.model;
    if (viewport.height !== height || viewport.top !== top) {
      this.store.update({ viewport: { top, height } });
    }
  }

  private extent(view: InspectionView): { rows: number; columns: number; page: number } {
    const page = Math.max(1, Math.floor(this.store.model.viewport.height / rowHeight) - 1);
    return { rows: view.channels.matching, columns: gridColumns.length, page };
  }

  private hasFocus(): boolean {
    return this.box?.contains(document.activeElement) === true;
  }

  private view(): InspectionView | null {
    const { state } = this.store.model;
    return state?.kind === 'ready' ? state.view : null;
  }
}

/** Whether row numbers mean the same channels in both, as far as the page can tell. */
function ordersAlike(a: ChannelsView, b: ChannelsView): boolean {
  return (
    a.matching === b.matching &&
    a.query.sort === b.query.sort &&
    a.query.descending === b.query.descending &&
    a.query.filter === b.query.filter
  );
}

/** The cell that an event happened in. */
function positionOf(event: Event): GridPosition | undefined {
  if (!(event.target instanceof Element)) return undefined;
  const cell = event.target.closest<HTMLElement>('[data-column]');
  const row = cell?.closest<HTMLElement>('[data-row]');
  if (!cell || !row) return undefined;
  return { row: Number(row.dataset.row), column: Number(cell.dataset.column) };
}
