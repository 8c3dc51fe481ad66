import { html, type TemplateResult } from 'lit/html.js';

export interface SwitchProps {
  /** Visible label and accessible name. */
  readonly label: string;
  readonly on: boolean;
  /** Says more, under the label and to screen readers. */
  readonly detail: string;
  readonly id: string;
  readonly change: (on: boolean) => void;
}

/** A switch: the toolkit has none. Its state is said by position, glyph and word as well as colour. */
export function switchControl(props: SwitchProps): TemplateResult {
  const { label, on, detail, id, change } = props;
  return html`<div class="switch-line">
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked=${on ? 'true' : 'false'}
      aria-labelledby="${id}-label"
      aria-describedby="${id}-detail"
      @click=${() => change(!on)}
    >
      <span class="track" aria-hidden="true"><span class="thumb"></span></span>
      <span class="switch-label" id="${id}-label">${label}</span>
      <span class="switch-state" aria-hidden="true">${on ? 'on' : 'off'}</span>
    </button>
    <span class="switch-detail" id="${id}-detail">${detail}</span>
  </div>`;
}
