import type { Cells } from '../../src/core/tensor/cells';
import type { Problem } from '../../src/core/problem';
import { isPassing } from '../passing';
import type { AskedCells, HeatmapSource } from './heatmapSource';
import { covers, spanInView, type Extent, type Span, type Viewport } from './viewport';

/** Cells that were answered, and which they are. */
export interface KnownCells {
  readonly rows: Span;
  readonly columns: Span;
  readonly cells: Cells;
  /** Whether each stands for one of its block only: the means are on their way. */
  readonly picked: boolean;
}

/** Elements in view from which one of each block is shown first, and their mean when it is there. */
const quickFrom = 1 << 20;

/** Of what is in view, on each side of it. */
const margin = 0.25;

/** Cells along each side of the picture of the whole slice, which is under the part that is looked at. */
const overviewCells = 192;

/**
 * What a heatmap knows of its source: the whole from afar, and the part that is looked at from near. Newest wins;
 * what is known stays until what is asked for is there.
 */
export class CellStore {
  /** The whole slice, coarse: under what has not come yet while it is scrolled. */
  overview: KnownCells | undefined;
  /** The part that was looked at last: of the source before where it is drawn until the new cells are there. */
  near: KnownCells | undefined;
  /** The key of the source that `near` is of. */
  private nearOf: string | undefined;
  problem: Problem | undefined;
  private source: HeatmapSource | undefined;
  private wanted: AskedCells | undefined;
  private asking = new AbortController();
  private whole = new AbortController();

  /** @param changed called when there is something new to draw */
  constructor(private readonly changed: () => void) {}

  /** @param source of other cells: those that are known stay until the new ones are there */
  use(source: HeatmapSource): void {
    if (source.key === this.source?.key) {
      this.source = source;
      return;
    }
    const sameSize = source.rows === this.source?.rows && source.columns === this.source.columns;
    this.source = source;
    this.wanted = undefined;
    this.problem = undefined;
    this.asking.abort();
    this.whole.abort();
    if (!sameSize) this.near = undefined;
    this.overview = undefined;
  }

  /** Asks for what a viewport shows, unless that is known or on its way. */
  want(viewport: Viewport, extent: Extent): void {
    const { source } = this;
    if (!source || source.rows === 0 || source.columns === 0) return;
    const rows = spanInView(viewport.top, viewport.cellHeight, extent.height, source.rows, margin);
    const columns = spanInView(
      viewport.left,
      viewport.cellWidth,
      extent.width,
      source.columns,
      margin,
    );
    const tight = {
      rows: spanInView(viewport.top, viewport.cellHeight, extent.height, source.rows, 0),
      columns: spanInView(viewport.left, viewport.cellWidth, extent.width, source.columns, 0),
    };
    const { wanted } = this;
    if (wanted && covers(wanted.rows, tight.rows) && covers(wanted.columns, tight.columns)) return;
    const elements = rows.count * columns.count;
    const averaged = rows.block > 1 || columns.block > 1;
    const quick = averaged && elements > quickFrom;
    this.wanted = { rows, columns, reduction: averaged && !quick ? 'mean' : 'pick' };
    this.asking.abort();
    this.asking = new AbortController();
    void this.ask(source, this.wanted, quick, this.asking.signal);
  }

  /** The cells' value in this source, and the bits of `oddBits`; undefined where it is not known. */
  find(row: number, column: number): { value: number; odd: number; block: Block } | undefined {
    const { near } = this;
    if (!near || this.nearOf !== this.source?.key) return undefined;
    const r = Math.floor((row - near.rows.first) / near.rows.block);
    const c = Math.floor((column - near.columns.first) / near.columns.block);
    const { cells } = near;
    if (r < 0 || r >= cells.rows || c < 0 || c >= cells.columns) return undefined;
    const at = r * cells.columns + c;
    return {
      value: cells.values[at] as number,
      odd: cells.odd?.[at] ?? 0,
      block: { rows: near.rows.block, columns: near.columns.block },
    };
  }

  private async ask(
    source: HeatmapSource,
    asked: AskedCells,
    quick: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    await this.receive(source, asked, quick, signal);
    if (quick && !signal.aborted) {
      await this.receive(source, { ...asked, reduction: 'mean' }, false, signal);
    }
    if (!this.overview && !signal.aborted) await this.askOverview(source);
  }

  private async receive(
    source: HeatmapSource,
    asked: AskedCells,
    picked: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    const found = await source.fetch(asked, signal);
    if (signal.aborted) return;
    if (found.ok) {
      this.near = { rows: asked.rows, columns: asked.columns, cells: found.value, picked };
      this.nearOf = source.key;
      this.problem = undefined;
    } else if (isPassing(found.problem)) {
      // Asked again by the next draw, which this must not be the reason of: it would ask at every frame.
      this.wanted = undefined;
      return;
    } else this.problem = found.problem;
    this.changed();
  }

  private async askOverview(source: HeatmapSource): Promise<void> {
    const span = (count: number): Span => ({
      first: 0,
      count,
      block: Math.ceil(count / overviewCells),
    });
    const { near } = this;
    const [rows, columns] = [span(source.rows), span(source.columns)];
    if (near && covers(near.rows, { ...rows, block: near.rows.block })) {
      // Nothing can be scrolled out of what is there.
      if (covers(near.columns, { ...columns, block: near.columns.block })) return;
    }
    this.whole = new AbortController();
    const { signal } = this.whole;
    const found = await source.fetch({ rows, columns, reduction: 'pick' }, signal);
    if (signal.aborted || !found.ok) return;
    this.overview = { rows, columns, cells: found.value, picked: true };
    this.changed();
  }
}

export interface Block {
  readonly rows: number;
  readonly columns: number;
}
