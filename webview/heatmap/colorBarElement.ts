import { colours, type Colormap } from './colormaps';

/** `<tensor-color-bar>`: the colours of a map, from left to right. */
export class ColorBarElement extends HTMLElement {
  private readonly canvas = document.createElement('canvas');
  private drawn: Colormap | undefined;

  set map(map: Colormap) {
    if (map === this.drawn) return;
    this.drawn = map;
    this.canvas.width = colours;
    this.canvas.height = 1;
    const pixels = new ImageData(colours, 1);
    for (let i = 0; i < colours; i++) {
      pixels.data.set(map.table.subarray(3 * i, 3 * i + 3), 4 * i);
      pixels.data[4 * i + 3] = 255;
    }
    this.canvas.getContext('2d')?.putImageData(pixels, 0, 0);
    if (!this.canvas.isConnected) this.append(this.canvas);
  }
}
