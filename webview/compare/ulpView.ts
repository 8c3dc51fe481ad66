import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import type { TensorsView } from '../../src/protocol/compare';
import { countText } from '../ui/number';

const width = 480;
const height = 96;

/** How far apart pairs are in units in the last place: bars whose height is a logarithm, and the same as a table. */
export function ulpView({ ulps }: TensorsView): TemplateResult | typeof nothing {
  if (ulps.length < 2) return nothing;
  const most = Math.max(...ulps.map(({ pairs }) => pairs));
  const step = width / ulps.length;
  const bars = ulps.map(({ label, pairs }, i) => {
    const size = pairs === 0 ? 0 : 4 + ((height - 4) * Math.log1p(pairs)) / Math.log1p(most);
    return svg`<rect class="ulp-bar" x=${i * step + 0.5} y=${height - size} width=${step - 1} height=${size}>
      <title>${label} ULP: ${countText(pairs)} pairs</title></rect>`;
  });
  return html`<section aria-labelledby="ulp-heading">
    <h2 id="ulp-heading">ULP distances</h2>
    <p class="help">
      How many float32 numbers lie between a and b, in powers of two; heights are logarithmic.
    </p>
    <svg
      class="ulp-chart"
      viewBox="0 0 ${width} ${height}"
      role="img"
      aria-label="Pairs by ULP distance, from 0 to ${ulps.at(-1)?.label ?? ''}. The table has the numbers."
    >
      ${bars}
    </svg>
    <p class="ulp-ends" aria-hidden="true">
      <span>0</span><span>${ulps.at(-1)?.label ?? ''}</span>
    </p>
    <details class="table-twin">
      <summary>As a table</summary>
      <table class="picture-table ulp-table">
        <thead>
          <tr>
            <th scope="col" class="numeric">ULP apart</th>
            <th scope="col" class="numeric">pairs</th>
          </tr>
        </thead>
        <tbody>
          ${ulps.map(
            ({ label, pairs }) =>
              html`<tr>
                <th scope="row" class="numeric">${label}</th>
                <td class="numeric">${countText(pairs)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </details>
  </section>`;
}
