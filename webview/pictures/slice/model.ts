import { positionAt } from '../../../src/core/tensor/axisRange';
import { cellGrid, type CellGrid } from '../../../src/core/tensor/cellGrid';
import type { Cells } from '../../../src/core/tensor/cells';
import type { Problem, Result } from '../../../src/core/problem';
import type { Shape } from '../../../src/core/tensor/shape';
import type { CellSpread } from '../../../src/core/statistics/cellSpread';
import {
  fitsShape,
  readSliceText,
  shownSlice,
  sliceNotes,
  sliceText,
  type AxisRole,
  type SliceView,
} from '../../../src/core/tensor/sliceView';
import type { InspectionView } from '../../../src/protocol/panel';
import type { PictureRevision } from '../../../src/protocol/pictures';
import {
  sliceChoiceNames,
  type SliceSettings,
  type SliceSubject,
} from '../../../src/protocol/pictures/slice';
import type { AskedCells, HeatmapSource } from '../../heatmap/heatmapSource';
import { LinkedView, type CellAt } from '../../heatmap/linkedView';
import {
  cellOfElement,
  cellWindow,
  elementOfCell,
  positionName,
  sliceSource,
} from '../../heatmap/sliceSource';
import type { PictureParts } from '../picture';
import { PictureRequest } from '../request';

/** A view is kept after this many milliseconds although its cells are not there yet. */
const longestWait = 250;

/** What a text that was typed asks for, and why it was not done. */
export interface RefusedText {
  readonly text: string;
  readonly problem: Problem;
}

/** What the slice shows, and what a person does to it. The settings are the host's; the zoom is the page's. */
export class SliceModel {
  readonly link = new LinkedView();
  refusedText: RefusedText | undefined;
  private state: SliceState | undefined;
  private readonly spreads: Readonly<Record<SliceSubject, PictureRequest<CellSpread>>>;
  /** A view that was asked for and that the host has not shown yet: its cells are asked for at once. */
  private pending: SliceView | undefined;
  /** The cells that were asked for last. */
  private asked: Promise<unknown> = Promise.resolve();
  private extent = '';
  private element = '';

  constructor(private readonly parts: PictureParts) {
    const request = (): PictureRequest<CellSpread> => new PictureRequest(() => this.redraw());
    this.spreads = { input: request(), output: request(), difference: request() };
  }

  /** Takes over what the panel shows now, and asks for what that needs. */
  update(view: InspectionView): void {
    const { identity, matrix, pictures } = view;
    const settings = pictures.settings.slice;
    const { shape, channelAxis, axisNames } = identity;
    if (same(settings.view, this.pending)) this.pending = undefined;
    const slice =
      this.pending && fitsShape(this.pending, shape)
        ? this.pending
        : shownSlice(settings.view, shape, channelAxis, matrix.element);
    const grid = cellGrid(slice, shape);
    this.state = {
      settings,
      slice,
      grid,
      shape,
      channelAxis,
      axisNames,
      revision: pictures.revision,
    };
    const extent = `${grid.rows.count} ${grid.columns.count}`;
    if (extent !== this.extent) this.link.look(undefined);
    this.extent = extent;
    this.follow(matrix.element);
    for (const subject of this.subjects) this.askSpread(subject);
  }

  get now(): SliceState {
    if (!this.state) throw new Error('a slice was drawn before there was one');
    return this.state;
  }

  get text(): string {
    return sliceText(this.now.slice, this.now.shape);
  }

  get notes(): readonly string[] {
    return sliceNotes(this.now.slice, this.now.axisNames);
  }

  get problem(): Problem | undefined {
    return this.subjects.map(subject => this.spreads[subject].problem).find(Boolean);
  }

  /** What is drawn, side by side. */
  get subjects(): readonly SliceSubject[] {
    const { subject } = this.now.settings;
    return subject === 'both' ? ['input', 'output'] : [subject];
  }

  spread(subject: SliceSubject): CellSpread | undefined {
    return this.spreads[subject].reply;
  }

  redraw(): void {
    this.parts.store.update({});
  }

  change(change: Partial<SliceSettings>): Promise<boolean> {
    const pending = this.pending && { view: this.pending };
    return this.parts.actions.changePicture('slice', this.now.settings, { ...pending, ...change });
  }

  show(view: SliceView): void {
    this.refusedText = undefined;
    this.selectChannelOf(view);
    this.pending = view;
    this.redraw();
    void this.keep(view);
  }

  /**
   * Has the host take over a view once its cells are there, which the render asks for: what the host then shows takes the
   * page longer than the cells. Of views in quick succession that is the last one.
   */
  private async keep(view: SliceView): Promise<void> {
    await Promise.resolve();
    await Promise.race([this.asked, new Promise(resolve => setTimeout(resolve, longestWait))]);
    if (this.pending !== view) return;
    const accepted = await this.change({ view });
    if (!accepted && this.pending === view) this.pending = undefined;
  }

  /** Does what was typed, or says where it is wrong and leaves the slice as it is. */
  read(text: string): void {
    const { slice, shape } = this.now;
    if (text === this.text) {
      this.refusedText = undefined;
      this.redraw();
      return;
    }
    const read = readSliceText(slice, shape, text);
    if (read.ok) {
      this.show(read.value);
      return;
    }
    this.refusedText = { text, problem: read.problem };
    this.redraw();
  }

  /** Selects the element that a cell of the large picture is. */
  choose(cell: CellAt): void {
    const index = elementOfCell(this.now.slice, cell);
    void this.parts.actions.act({ kind: 'selectElement', index }, 'picture');
  }

  titleOf(subject: SliceSubject): string {
    return sliceChoiceNames[subject];
  }

  /** The large picture of a tensor. */
  source(subject: SliceSubject): HeatmapSource {
    return sliceSource(this.now, {
      revision: this.revisionOf(subject),
      title: sliceChoiceNames[subject],
      text: this.text,
      name: (role, i) => this.name(role, i),
      fetch: (window, reduction, signal) => {
        const cells = this.parts.host.sliceCells({ subject, window, reduction }, { signal });
        this.asked = cells;
        return cells;
      },
    });
  }

  /** Cells of several facets. */
  fetchFacets(
    subject: SliceSubject,
    first: number,
    count: number,
    asked: AskedCells,
    signal: AbortSignal,
  ): Promise<Result<Cells>> {
    const window = cellWindow(this.now.grid, { first, count }, asked);
    const { reduction } = asked;
    return this.parts.host.sliceCells({ subject, window, reduction }, { signal });
  }

  /** `H 12`, of the i-th position that is drawn; empty where no axis is drawn so. */
  name(role: Exclude<AxisRole, 'fixed'>, i: number): string {
    return positionName(this.now.slice, this.now.axisNames, role, i);
  }

  /** Changes with what cells of a tensor are. */
  revisionOf(subject: SliceSubject): string {
    const { input, result } = this.now.revision;
    return subject === 'input' ? `${input}` : `${input} ${result}`;
  }

  private askSpread(subject: SliceSubject): void {
    const { grid } = this.now;
    this.spreads[subject].ask(JSON.stringify([this.revisionOf(subject), grid]), signal =>
      this.parts.host.sliceSpread({ subject, grid }, { signal }),
    );
  }

  /** The cursor goes where the selected element is, where the slice has it. */
  private follow(element: readonly number[]): void {
    const { slice } = this.now;
    const key = JSON.stringify([element, slice.axes.map(({ role, range }) => [role, range])]);
    if (key === this.element) return;
    this.element = key;
    const cell = cellOfElement(slice, element);
    this.link.moveTo(cell.row >= 0 && cell.column >= 0 ? cell : { row: 0, column: 0 });
  }

  /** The channel axis is held at the selected channel: to hold it elsewhere is to select another. */
  private selectChannelOf(view: SliceView): void {
    const { channelAxis, slice } = this.now;
    const [before, after] = [slice.axes[channelAxis], view.axes[channelAxis]];
    if (!before || !after || after.role === 'rows' || after.role === 'columns') return;
    if (after.range.count === 0) return;
    const channel = positionAt(after.range, after.at);
    if (before.range.count > 0 && channel === positionAt(before.range, before.at)) return;
    void this.parts.actions.selectChannel(channel);
  }
}

function same(a: SliceView | null, b: SliceView | undefined): boolean {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

export interface SliceState {
  readonly settings: SliceSettings;
  readonly slice: SliceView;
  readonly grid: CellGrid;
  readonly shape: Shape;
  readonly channelAxis: number;
  readonly axisNames: readonly string[];
  readonly revision: PictureRevision;
}
