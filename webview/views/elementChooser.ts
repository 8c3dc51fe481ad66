import { html, type TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import type { InspectionView } from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import { numberView } from '../ui/number';

/** Which element the matrix and the formula are about: a field an axis, the channel from the grid. */
export function elementChooser(view: InspectionView, actions: PanelActions): TemplateResult {
  const { identity, matrix } = view;
  const { shape, axisNames, channelAxis } = identity;
  const set = (axis: number, text: string): void => {
    const size = shape[axis] ?? 1;
    // A field that was emptied is no index; Number would take it for 0.
    const wanted = text.trim() === '' ? NaN : Number(text);
    if (!Number.isInteger(wanted) || wanted < 0 || wanted >= size) {
      actions.refuseText(
        'element',
        `Axis ${axisNames[axis] ?? axis} goes from 0 to ${size - 1}, and "${text}" is not in it.`,
      );
      return;
    }
    const index = matrix.element.map((at, a) => (a === axis ? wanted : at));
    void actions.act({ kind: 'selectElement', index }, 'element');
  };
  return html`<div class="element" role="group" aria-label="Element">
    <span class="dim">element</span>
    ${matrix.element.map((at, axis) => {
      const name = axisNames[axis] ?? String(axis);
      if (axis === channelAxis) {
        return html`<span class="index channel-axis" title="Channel: select it in the grid"
          ><span class="axis-name">${name}</span> ${at}</span
        >`;
      }
      if (shape[axis] === 1) {
        return html`<span class="index"><span class="axis-name">${name}</span> ${at}</span>`;
      }
      return html`<label class="index"
        ><span class="axis-name">${name}</span>
        <input
          class="index-field"
          type="number"
          min="0"
          max=${(shape[axis] ?? 1) - 1}
          aria-label="${name} index, 0 to ${(shape[axis] ?? 1) - 1}"
          .value=${live(String(at))}
          @change=${(event: Event) => {
            if (event.target instanceof HTMLInputElement) set(axis, event.target.value);
          }}
      /></label>`;
    })}
    <span class="index"><span class="dim">input x =</span> ${numberView(matrix.input)}</span>
  </div>`;
}
