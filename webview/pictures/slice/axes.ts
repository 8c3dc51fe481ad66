import { html, nothing, type TemplateResult } from 'lit/html.js';
import { live } from 'lit/directives/live.js';
import { formatRange, positionAt } from '../../../src/core/tensor/axisRange';
import {
  axisRoles,
  moveAxis,
  setRole,
  type AxisRole,
  type SliceView,
  type ViewAxis,
} from '../../../src/core/tensor/sliceView';
import type { Shape } from '../../../src/core/tensor/shape';
import type { Identity } from '../../../src/protocol/panel';
import { axisRoleNames } from '../../../src/protocol/pictures/slice';
import { countText } from '../../ui/number';

/** Whose slice it is. */
export interface SliceOwner {
  readonly now: { readonly slice: SliceView; readonly shape: Shape };
  show(view: SliceView): void;
}

/** What each axis is drawn as, and where it is held. */
export function axesView(
  identity: Pick<Identity, 'axisNames' | 'channelAxis'>,
  model: SliceOwner,
): TemplateResult {
  const { slice, shape } = model.now;
  if (shape.length === 0)
    return html`<p class="help">A scalar has no axes: its one value is drawn.</p>`;
  return html`<div class="axes" role="group" aria-label="Axes">
    ${slice.axes.map((axis, i) => {
      const name = identity.axisNames[i] ?? String(i);
      return html`<div class="axis-line" role="group" aria-label="Axis ${name}">
        <span class="axis-label ${i === identity.channelAxis ? 'channel-axis' : ''}"
          ><span class="axis-name">${name}</span> ${countText(shape[i] as number)}</span
        >
        ${rolePicker(name, axis, role => model.show(setRole(slice, i, role)))}
        ${rangeView(name, axis, shape[i] as number, at => model.show(moveAxis(slice, i, at)))}
      </div>`;
    })}
  </div>`;
}

function rolePicker(
  name: string,
  { role }: ViewAxis,
  choose: (role: AxisRole) => void,
): TemplateResult {
  return html`<select
    class="role-picker"
    aria-label="Draw ${name} as"
    .value=${live(role)}
    @change=${(event: Event) => {
      const { target } = event;
      if (!(target instanceof HTMLSelectElement)) return;
      const chosen = axisRoles.find(known => known === target.value);
      if (chosen) choose(chosen);
    }}
  >
    ${axisRoles.map(
      known =>
        html`<option value=${known} ?selected=${known === role}>${axisRoleNames[known]}</option>`,
    )}
  </select>`;
}

/** A slider over the positions of an axis that is held at one of them; else which of them are drawn. */
function rangeView(
  name: string,
  { role, range, at }: ViewAxis,
  size: number,
  move: (at: number) => void,
): TemplateResult {
  const held = role === 'fixed' || role === 'facets';
  if (!held || range.count <= 1) {
    const text = range.count === 1 ? String(positionAt(range, 0)) : formatRange(range, size);
    return html`<span class="axis-range">${text}</span>`;
  }
  const position = positionAt(range, at);
  const changed = (event: Event): void => {
    const { target } = event;
    if (target instanceof HTMLInputElement && target.value.trim() !== '')
      move(Number(target.value));
  };
  return html`<input
      class="axis-slider"
      type="range"
      min="0"
      max=${range.count - 1}
      step="1"
      aria-label="Position of ${name}"
      aria-valuetext="${name} ${position}"
      .value=${live(String(at))}
      @input=${changed}
    />
    <span class="axis-range"
      >${position}${role === 'facets' ? html` <span class="dim">enlarged</span>` : nothing}</span
    >`;
}
