import { html, svg, type TemplateResult } from 'lit/html.js';
import type { StepsReply } from '../../../src/protocol/pictures/steps';
import { approachKind, approachLabel, batchKind, recordingKind, takenKind } from './kinds';

/** What each line is, told by its dashes as well as its colour. */
export function legendView(reply: StepsReply): TemplateResult {
  const entries = [
    { kind: takenKind, text: 'steps taken' },
    ...reply.approaches.map((approach, i) => ({
      kind: approachKind(approach, i),
      text: approach.own
        ? `projected, ${approachLabel(approach)}`
        : `projected, ${approachLabel(approach)} instead`,
    })),
    { kind: batchKind, text: 'the batch' },
    ...reply.recordings.map(({ layer, name }, i) => ({
      kind: recordingKind(i),
      text: `${layer} in ${name} (batch statistics thin)`,
    })),
  ];
  return html`<ul class="chart-legend" aria-label="Legend">
    ${entries.map(
      ({ kind, text }) =>
        html`<li>
          <svg viewBox="0 0 28 8" aria-hidden="true">
            ${svg`<line class="line ${kind}" x1="1" x2="27" y1="4" y2="4"></line>`}
          </svg>
          ${text}
        </li>`,
    )}
  </ul>`;
}
