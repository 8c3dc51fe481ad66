import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { StepsReply, StepsSettings } from '../../../src/protocol/pictures/steps';
import { actionLink } from '../../ui/controls';
import type { StepsParts } from './parts';

/** The recordings that are drawn: what is wrong with each, and a way to take it away. */
export function recordingsView(
  settings: StepsSettings,
  { recordings: drawn }: StepsReply,
  { actions }: StepsParts,
): TemplateResult {
  const remove = (uri: string, layer: string): void => {
    const recordings = settings.recordings.filter(one => one.uri !== uri || one.layer !== layer);
    void actions.changePicture('steps', settings, { recordings });
  };
  return html`<ul class="recordings" aria-label="Recordings" aria-live="polite">
    ${drawn.map(
      ({ uri, layer, name, note }) =>
        html`<li>
          <b>${layer}</b> in ${name}
          ${note === '' ? nothing : html`<span class="help">${note}</span>`}
          ${actionLink(
            html`Remove<span class="visually-hidden"> ${layer} in ${name}</span>`,
            `Remove ${layer} in ${name}`,
            () => remove(uri, layer),
          )}
        </li>`,
    )}
  </ul>`;
}
