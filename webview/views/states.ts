import { html, nothing, svg, type TemplateResult } from 'lit/html.js';
import type { Problem } from '../../src/core/problem';
import type { PanelCommand, PanelState } from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import { button, progressRing } from '../ui/controls';
import { severityIcon } from '../ui/icons';

function commandButton(
  actions: PanelActions,
  command: PanelCommand,
  text: string,
  appearance: 'primary' | 'secondary',
): TemplateResult {
  return button({
    text,
    appearance,
    press: () => void actions.act({ kind: 'command', command }),
  });
}

/** A skewed, far-off histogram becoming a centred one: what batch norm does, drawn. */
const emblem = html`<svg
  class="emblem"
  viewBox="0 0 224 72"
  width="224"
  height="72"
  aria-hidden="true"
>
  ${svg`<g class="before">${[30, 52, 40, 26, 14, 8].map(
    (height, i) => svg`<rect x=${i * 14} y=${64 - height} width="11" height=${height} rx="1.5" />`,
  )}</g>
  <path class="turns-into" d="M96 40h26M114 32l9 8-9 8" />
  <g class="after">${[8, 26, 52, 52, 26, 8].map(
    (height, i) =>
      svg`<rect x=${138 + i * 14} y=${64 - height} width="11" height=${height} rx="1.5" />`,
  )}</g>
  <path class="ground" d="M0 66.5h82M138 66.5h82" />`}
</svg>`;

/** Nothing is inspected yet. */
export function emptyView(actions: PanelActions): TemplateResult {
  return html`<div class="state empty">
    ${emblem}
    <h1>See what batch normalisation does to a tensor</h1>
    <p>
      Channel by channel: the output, gamma, beta and the moving statistics, as
      <code>training</code> and <code>trainable</code> are switched, under each framework's own
      rules.
    </p>
    <div class="buttons">
      ${commandButton(actions, 'openSample', 'Open the sample', 'primary')}
      ${commandButton(actions, 'inspectFile', 'Inspect a tensor file…', 'secondary')}
    </div>
    <p class="hint">
      Or put the cursor in a nested list such as <code>[[1, 2], [3, 4]]</code> in any editor and run
      <b>Normscope: Inspect Tensor at Cursor</b>.
    </p>
  </div>`;
}

/** @param cancel absent where there is nothing to cancel */
export function loadingView(what: string, cancel?: () => void): TemplateResult {
  return html`<div class="state loading" aria-busy="true">
    <div class="delayed">
      ${progressRing()}
      <p role="status">${what}</p>
      ${cancel ? button({ text: 'Cancel', press: cancel }) : nothing}
    </div>
  </div>`;
}

/** Whether a limit keeps a value of a paused program from being read, which the user may lift. */
export function isLimited({ code }: Problem): boolean {
  return code === 'debug-too-large' || code === 'debug-too-slow';
}

export function failedView(
  state: Extract<PanelState, { kind: 'failed' }>,
  actions: PanelActions,
): TemplateResult {
  const { title, problem, place } = state;
  return html`<div class="state failed">
    <div class="failed-card" role="alert">
      <h1>${severityIcon(problem.severity)} ${title}</h1>
      <p class="failed-message">${problem.message}</p>
      ${place === '' ? nothing : html`<p class="failed-place">${place}</p>`}
    </div>
    <div class="buttons">
      ${
        place === ''
          ? nothing
          : button({
              text: 'Show the place',
              appearance: 'primary',
              press: () => void actions.act({ kind: 'revealSource' }),
            })
      }
      ${
        state.restore === undefined
          ? nothing
          : button({
              text: 'Read again',
              appearance: place === '' ? 'primary' : 'secondary',
              press: () => void actions.act({ kind: 'readAgain' }),
            })
      }
      ${
        isLimited(problem)
          ? commandButton(actions, 'liftDebugLimits', 'Read all the same', 'secondary')
          : nothing
      }
      ${commandButton(actions, 'inspectFile', 'Inspect another file…', 'secondary')}
      ${commandButton(actions, 'showLog', 'Show the log', 'secondary')}
    </div>
    <p class="hint">The panel follows the source: once it is right, the result appears here.</p>
  </div>`;
}
