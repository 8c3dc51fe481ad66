import { html, type TemplateResult } from 'lit/html.js';
import type { InspectionView } from '../../src/protocol/panel';
import { formulaView } from './formula';

/** One sentence on what happens and why, and the formula with the selected channel's numbers. */
export function verdictView(view: InspectionView): TemplateResult {
  const { verdict, formula, identity } = view;
  return html`<section class="verdict" aria-labelledby="verdict-heading">
    <h2 id="verdict-heading">What happens</h2>
    <p class="sentence" aria-live="polite">${verdict.text}</p>
    <ul class="badges" aria-label="In short">
      <li class="badge ${verdict.normalizedWith}">
        normalises: <b>${verdict.normalizedWith === 'batch' ? 'batch' : 'moving'}</b>
      </li>
      <li class="badge ${verdict.updated ? 'moves' : 'rests'}">
        moving statistics: <b>${verdict.updated ? 'move' : 'stay'}</b>
      </li>
    </ul>
    ${formulaView(formula, identity.convention.name)}
  </section>`;
}
