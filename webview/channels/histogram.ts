import { html, svg, type TemplateResult } from 'lit/html.js';
import { histogramBins } from '../../src/core/statistics/channels';
import { numberText } from '../ui/number';

const width = 64;
const height = 18;
const barWidth = width / histogramBins;

/**
 * Counts as bars, in one path. The tallest bar is the full height; a bin with anything in it is at
 * least one pixel, so that an outlier is not lost.
 * @param bins `histogramBins` counts, from `min` to `max`
 */
export function histogramView(bins: Uint32Array, min: number, max: number): TemplateResult {
  const most = Math.max(...bins, 1);
  let path = '';
  bins.forEach((count, i) => {
    if (count === 0) return;
    const bar = Math.max(1, Math.round((count / most) * height));
    path += `M${i * barWidth} ${height}v${-bar}h${barWidth - 0.75}v${bar}z`;
  });
  const name = `histogram from ${numberText(min, 'short')} to ${numberText(max, 'short')}: ${bins.join(' ')}`;
  return html`<svg
    class="histogram"
    viewBox="0 0 ${width} ${height}"
    width=${width}
    height=${height}
    role="img"
    aria-label=${name}
  >
    ${svg`<path class="bars" d=${path} /><path class="floor" d="M0 ${height}h${width}" />`}
  </svg>`;
}
