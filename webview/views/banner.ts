import { html, type TemplateResult } from 'lit/html.js';
import type { Banner } from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import { actionLink } from '../ui/controls';
import { severityIcon } from '../ui/icons';
import { isLimited } from './states';

/** What broke, where, and what is on screen below instead. */
export function bannerView(banner: Banner, actions: PanelActions): TemplateResult {
  const { problem, place, instead, again } = banner;
  return html`<div class="banner ${problem.severity}" role="alert">
    ${severityIcon(problem.severity)}
    <div>
      <p class="banner-message">${problem.message}</p>
      <p class="banner-place">
        ${
          place === ''
            ? ''
            : html`${actionLink(place, 'Show the place in the editor', () => {
                void actions.act({ kind: 'revealSource' });
              })}
              · `
        }${
          again
            ? html`${actionLink('Read again', 'Read the source again', () => {
                void actions.act({ kind: 'readAgain' });
              })}
              · `
            : ''
        }${
          isLimited(problem)
            ? html`${actionLink('Read all the same', 'Read it whatever it takes', () => {
                void actions.act({ kind: 'command', command: 'liftDebugLimits' });
              })}
              · `
            : ''
        }<span class="dim">${instead}</span>
      </p>
    </div>
  </div>`;
}
