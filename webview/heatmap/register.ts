import { ColorBarElement } from './colorBarElement';
import { HeatmapElement } from './heatmapElement';
import { ThumbnailElement } from './thumbnailElement';

/** Defines the elements of heatmaps; called once, before the first render. */
export function registerHeatmap(): void {
  customElements.define('tensor-heatmap', HeatmapElement);
  customElements.define('tensor-color-bar', ColorBarElement);
  customElements.define('tensor-thumbnail', ThumbnailElement);
}
