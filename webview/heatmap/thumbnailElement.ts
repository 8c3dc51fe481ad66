import type { Cells } from '../../src/core/tensor/cells';
import type { Colormap } from './colormaps';
import type { ColorScale } from './colorScale';
import { paint } from './paint';
import { readTheme, watchTheme } from './theme';

export interface ThumbnailProps {
  readonly cells: Cells;
  /** Which of the cells' facets is drawn. */
  readonly facet: number;
  readonly scale: ColorScale;
  readonly map: Colormap;
}

/** `<tensor-thumbnail>`: one small picture, a pixel a cell, enlarged by its style. Words stand beside it. */
export class ThumbnailElement extends HTMLElement {
  private readonly canvas = document.createElement('canvas');
  private properties: ThumbnailProps | undefined;
  private unwatch: (() => void) | undefined;

  set props(next: ThumbnailProps | undefined) {
    const before = this.properties;
    const same =
      before?.cells === next?.cells &&
      before?.facet === next?.facet &&
      before?.scale === next?.scale &&
      before?.map === next?.map;
    this.properties = next;
    if (!same) this.draw();
  }

  connectedCallback(): void {
    this.canvas.setAttribute('aria-hidden', 'true');
    if (!this.canvas.isConnected) this.append(this.canvas);
    this.unwatch = watchTheme(() => this.draw());
    this.draw();
  }

  disconnectedCallback(): void {
    this.unwatch?.();
  }

  private draw(): void {
    const { properties: props, canvas } = this;
    if (!props || !this.isConnected) return;
    const { rows, columns } = props.cells;
    if (rows === 0 || columns === 0) return;
    canvas.width = columns;
    canvas.height = rows;
    const { special } = readTheme(this);
    const pixels = paint(props.cells, props.facet, props.scale, props.map, special);
    canvas.getContext('2d')?.putImageData(new ImageData(pixels, columns, rows), 0, 0);
  }
}
