import { CellStore } from './cellStore';
import { describeCell, readingNote } from './describeCell';
import { imageOf, type HeatmapTheme, type Image } from './drawCells';
import { contentOf, drawPicture } from './drawPicture';
import type { Colormap } from './colormaps';
import type { ColorScale } from './colorScale';
import { handleKey } from './heatmapKeys';
import type { HeatmapSource } from './heatmapSource';
import type { LinkedView, CellAt } from './linkedView';
import { readTheme, watchTheme } from './theme';
import { cellUnder, fit, inside, pan, reveal, zoom, type Extent, type Viewport } from './viewport';

/** Factor of one notch of a wheel, and of a key. */
const wheelStep = 1.0015;

/** A heatmap's properties; lit sets them all at once. */
export interface HeatmapProps {
  readonly source: HeatmapSource;
  readonly scale: ColorScale;
  readonly map: Colormap;
  readonly link: LinkedView;
  /** A cell was chosen, by a click or the Enter key. */
  readonly choose: (cell: CellAt) => void;
}

/**
 * `<tensor-heatmap>`: cells on a canvas, which asks its source for those in view. Drag or the arrow keys move, Ctrl
 * and the wheel or + and − zoom. What the cursor is on is said in a line below: of linked maps only that of the one that
 * had the focus last is a live region.
 */
export class HeatmapElement extends HTMLElement {
  private readonly canvas = document.createElement('canvas');
  private readonly status = document.createElement('p');
  private readonly store = new CellStore(() => {
    this.schedule();
    this.dispatchEvent(new CustomEvent('cells'));
  });
  private readonly resizes = new ResizeObserver(() => this.schedule());
  private properties: HeatmapProps | undefined;
  private unlink: (() => void) | undefined;
  private unwatch: (() => void) | undefined;
  private images: { overview?: Image | undefined; near?: Image | undefined } = {};
  private theme: HeatmapTheme | undefined;
  /** What the canvas shows: while it would show the same it is left alone, since drawing makes the page paint. */
  private shown: readonly unknown[] = [];
  /** Of the canvas when it was drawn last: to measure it anew would lay the page out. */
  private size = { width: 0, height: 0 };
  private frame = 0;
  private dragged: { x: number; y: number; moved: boolean } | undefined;

  set props(next: HeatmapProps) {
    const before = this.properties;
    this.properties = next;
    this.store.use(next.source);
    // Cells that are asked for before the next frame are on screen a frame sooner.
    const { rows, columns } = next.source;
    if (this.size.width > 0 && this.isConnected) this.want(next, { ...this.size, rows, columns });
    if (before?.link !== next.link && this.isConnected) this.join();
    this.schedule();
  }

  /** What is known of its cells, for a table beside it. */
  get cells(): CellStore {
    return this.store;
  }

  connectedCallback(): void {
    if (!this.canvas.isConnected) this.build();
    this.resizes.observe(this);
    this.unwatch = watchTheme(() => {
      this.theme = undefined;
      this.images = {};
      this.schedule();
    });
    this.join();
    this.schedule();
  }

  disconnectedCallback(): void {
    this.resizes.disconnect();
    this.leave();
    this.unwatch?.();
    cancelAnimationFrame(this.frame);
    this.frame = 0;
  }

  /** Larger or smaller cells around the middle, or around the cursor where that is in view. */
  zoomBy(factor: number): void {
    const { properties: props } = this;
    if (!props) return;
    const extent = this.extent(props.source);
    const viewport = this.viewport(props, extent);
    const { row, column } = props.link.cursor;
    const x = (column + 0.5 - viewport.left) * viewport.cellWidth;
    const y = (row + 0.5 - viewport.top) * viewport.cellHeight;
    const seen = x >= 0 && y >= 0 && x <= extent.width && y <= extent.height;
    const at = seen ? { x, y } : { x: extent.width / 2, y: extent.height / 2 };
    props.link.look(zoom(viewport, extent, factor, at));
  }

  zoomToFit(): void {
    this.properties?.link.look(undefined);
  }

  private build(): void {
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'application');
    this.canvas.setAttribute('aria-roledescription', 'heatmap');
    this.status.className = 'heatmap-status';
    this.status.setAttribute('role', 'status');
    this.append(this.canvas, this.status);
    const on = <K extends keyof HTMLElementEventMap>(
      kind: K,
      listener: (event: HTMLElementEventMap[K]) => void,
      options?: AddEventListenerOptions,
    ): void => this.canvas.addEventListener(kind, listener, options);
    on('focus', () => this.properties?.link.letSpeak(this));
    on('keydown', event => this.onKey(event));
    on('wheel', event => this.onWheel(event), { passive: false });
    on('pointerdown', event => this.onDown(event));
    on('pointermove', event => this.onMove(event));
    on('pointerup', event => this.onUp(event));
    on('pointerleave', () => this.properties?.link.hover(undefined));
  }

  private join(): void {
    this.leave();
    const link = this.properties?.link;
    if (!link) return;
    const unlisten = link.listen(() => this.schedule());
    this.unlink = () => {
      unlisten();
      if (link.speaks(this)) link.letSpeak(undefined);
    };
  }

  private leave(): void {
    this.unlink?.();
    this.unlink = undefined;
  }

  private schedule(): void {
    if (this.frame !== 0 || !this.isConnected) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private extent({ rows, columns }: HeatmapSource): Extent {
    const { clientWidth, clientHeight } = this.canvas;
    return { width: clientWidth, height: clientHeight, rows, columns };
  }

  private viewport({ link }: HeatmapProps, extent: Extent): Viewport {
    return link.viewport ? inside(link.viewport, extent) : fit(extent);
  }

  /** Asks for the cells in view. */
  private want(props: HeatmapProps, extent: Extent): Viewport {
    const viewport = this.viewport(props, extent);
    this.store.want(viewport, extent);
    return viewport;
  }

  private draw(): void {
    const { properties: props, canvas, store } = this;
    if (!props) return;
    const extent = this.extent(props.source);
    if (extent.width === 0 || extent.height === 0) return;
    const { width, height } = extent;
    this.size = { width, height };
    const viewport = this.want(props, extent);
    this.theme ??= readTheme(this);
    const { scale, map } = props;
    const { special } = this.theme;
    this.images = {
      overview: imageOf(this.images.overview, store.overview, scale, map, special),
      near: imageOf(this.images.near, store.near, scale, map, special),
    };
    const picture = { ...this.images, viewport, extent, link: props.link, theme: this.theme };
    const shown = contentOf(picture);
    if (!shown.every((part, i) => part === this.shown[i])) {
      const context = sized(canvas, extent);
      if (!context) return;
      drawPicture(context, picture);
      this.shown = shown;
    }
    this.say(props);
  }

  /** Writes what the mouse, or else the cursor, points at. */
  private say({ source, link }: HeatmapProps): void {
    const cell = link.hovered ?? link.cursor;
    const described = describeCell(source, cell, this.store.find(cell.row, cell.column));
    const text = this.store.problem?.message ?? `${described}${readingNote(this.store)}`;
    this.status.setAttribute('aria-live', link.speaks(this) ? 'polite' : 'off');
    if (this.status.textContent !== text) this.status.textContent = text;
    const { label, rows, columns } = source;
    const name = `${label}, ${rows} rows, ${columns} columns. Arrows move, plus and minus zoom, Enter selects.`;
    if (this.canvas.getAttribute('aria-label') !== name)
      this.canvas.setAttribute('aria-label', name);
  }

  private onKey(event: KeyboardEvent): void {
    const { properties: props } = this;
    if (!props || event.altKey || event.metaKey) return;
    const extent = this.extent(props.source);
    const viewport = this.viewport(props, extent);
    const done = handleKey(event, extent, viewport, props.link.cursor);
    if (!done) return;
    event.preventDefault();
    if (done.kind === 'zoom') this.zoomBy(done.factor);
    else if (done.kind === 'fit') this.zoomToFit();
    else if (done.kind === 'choose') props.choose(props.link.cursor);
    else {
      props.link.hover(undefined);
      props.link.moveTo(done.cell);
      if (props.link.viewport) props.link.look(reveal(viewport, extent, done.cell));
    }
  }

  private onWheel(event: WheelEvent): void {
    const { properties: props } = this;
    if (!props) return;
    const extent = this.extent(props.source);
    const viewport = this.viewport(props, extent);
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const at = { x: event.offsetX, y: event.offsetY };
      const next = zoom(viewport, extent, wheelStep ** -event.deltaY, at);
      const whole = next.cellWidth <= fit(extent).cellWidth * 1.001;
      props.link.look(whole ? undefined : next);
    } else if (props.link.viewport && document.activeElement === this.canvas) {
      // The page scrolls, unless this map was clicked and has something to scroll.
      const [x, y] = event.shiftKey ? [event.deltaY, 0] : [event.deltaX, event.deltaY];
      const next = pan(viewport, extent, -x, -y);
      if (next.left === viewport.left && next.top === viewport.top) return;
      event.preventDefault();
      props.link.look(next);
    }
  }

  private onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    this.dragged = { x: event.offsetX, y: event.offsetY, moved: false };
  }

  private onMove(event: PointerEvent): void {
    const { properties: props, dragged } = this;
    if (!props) return;
    const extent = this.extent(props.source);
    const viewport = this.viewport(props, extent);
    if (!dragged) {
      props.link.hover(cellUnder(viewport, extent, event.offsetX, event.offsetY));
      return;
    }
    const [x, y] = [event.offsetX - dragged.x, event.offsetY - dragged.y];
    const moved = dragged.moved || Math.hypot(x, y) > 3;
    if (!moved) return;
    this.dragged = { x: event.offsetX, y: event.offsetY, moved };
    if (props.link.viewport) props.link.look(pan(viewport, extent, x, y));
  }

  private onUp(event: PointerEvent): void {
    const { properties: props, dragged } = this;
    this.dragged = undefined;
    if (!props || !dragged || dragged.moved) return;
    const extent = this.extent(props.source);
    const cell = cellUnder(this.viewport(props, extent), extent, event.offsetX, event.offsetY);
    if (!cell) return;
    props.link.moveTo(cell);
    props.choose(cell);
  }
}

/** As many pixels as the screen has, drawn on in CSS pixels. */
function sized(
  canvas: HTMLCanvasElement,
  { width, height }: Extent,
): CanvasRenderingContext2D | null {
  const ratio = window.devicePixelRatio;
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w) canvas.width = w;
  if (canvas.height !== h) canvas.height = h;
  const context = canvas.getContext('2d');
  context?.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}
