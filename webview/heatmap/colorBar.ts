import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { CellSpread } from '../../src/core/statistics/cellSpread';
import { countText, numberText } from '../ui/number';
import type { Colormap } from './colormaps';
import { valueAt, type ColorScale } from './colorScale';
import { glyphs } from './drawCells';

/** Numbers beside the bar. */
const ticks = 5;

/** What the colours mean: a bar with numbers, and how many values are outside of it or are no numbers. */
export function colorBar(scale: ColorScale, map: Colormap, spread: CellSpread): TemplateResult {
  const values = Array.from({ length: ticks }, (_, i) => valueAt(scale, i / (ticks - 1)));
  return html`<div class="color-bar">
    <tensor-color-bar .map=${map} aria-hidden="true"></tensor-color-bar>
    <ol class="bar-ticks" aria-label="Colour scale, from low to high">
      ${values.map(value => html`<li>${numberText(value, 'short')}</li>`)}
    </ol>
    <p class="bar-notes">${notesView(scale, map, spread)}</p>
  </div>`;
}

function notesView(scale: ColorScale, map: Colormap, spread: CellSpread): TemplateResult {
  const { nan, posInf, negInf, n } = spread;
  const outside = scale.kind === 'robust' && (spread.min < scale.low || spread.max > scale.high);
  const parts = [
    scale.note,
    scale.kind === 'symlog' ? `linear below ±${numberText(scale.linearBelow, 'short')}` : '',
    outside
      ? `values reach from ${numberText(spread.min, 'short')} to ${numberText(spread.max, 'short')}: those beyond the bar have its last colours`
      : '',
    scale.kind === 'robust' && spread.ranked < spread.finite
      ? `percentiles of ${countText(spread.ranked)} of ${countText(spread.finite)} values`
      : '',
  ].filter(text => text !== '');
  return html`${parts.map(text => html`<span>${text}</span>`)}
  ${special(map.diverging ? 'nan-around-zero' : 'nan', 'NaN', nan, n)}${special('pos-inf', '+∞', posInf, n)}${special('neg-inf', '−∞', negInf, n)}`;
}

/** By the class of a swatch. */
const specialGlyphs = {
  nan: glyphs.nan,
  'nan-around-zero': glyphs.nan,
  'pos-inf': glyphs.posInf,
  'neg-inf': glyphs.negInf,
} as const;

function special(
  kind: keyof typeof specialGlyphs,
  name: string,
  count: number,
  of: number,
): TemplateResult | typeof nothing {
  if (count === 0) return nothing;
  return html`<span
    ><span class="swatch ${kind}" aria-hidden="true">${specialGlyphs[kind]}</span> ${name}:
    ${countText(count)} of ${countText(of)}</span
  >`;
}
