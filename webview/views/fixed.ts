import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { FixEffect } from '../../src/core/batchnorm/fixEffect';
import type { FixedView } from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import { button } from '../ui/controls';
import { healthyIcon, severityIcon } from '../ui/icons';
import { changeView, numberView } from '../ui/number';

export interface FixedProps {
  readonly undo: string;
  readonly actions: PanelActions;
}

/** A fix that was applied here: what it set, and the output before and after it. */
export function fixedView(
  { finding, fix, mended, effect }: FixedView,
  { undo, actions }: FixedProps,
): TemplateResult {
  return html`<div class="fixed">
    <p class="finding-head">
      ${mended ? healthyIcon : severityIcon('note')}
      <span class="severity-word">fixed</span>
      <span class="message"
        >${finding} is ${mended ? 'gone' : 'found still'} after setting ${fix}. No file has changed.
        ${effect.text}</span
      >
    </p>
    ${effect.channels.length > 0 ? effectTable(effect) : nothing}
    <p class="fix-here">
      ${button({
        text: 'Undo the fix',
        name: `Undo ${undo}`,
        press: () => void actions.act({ kind: 'undo' }),
      })}
      ${button({
        text: 'Compare outputs',
        title: 'The output before the fix and after it, element by element',
        press: () => void actions.act({ kind: 'command', command: 'compareFix' }),
      })}
    </p>
  </div>`;
}

function effectTable({ channels, columns, largest }: FixEffect): TemplateResult {
  const hasLargest = largest.length > 0;
  return html`<div class="evidence-scroll fix-effect">
    <table>
      <caption class="visually-hidden">
        Before and after the fix
      </caption>
      <thead>
        <tr>
          <th scope="col">channel</th>
          ${columns.map(({ label }) => html`<th scope="col">${label}</th>`)}
          ${hasLargest ? html`<th scope="col">largest change</th>` : nothing}
        </tr>
      </thead>
      <tbody>
        ${channels.map(
          (channel, row) =>
            html`<tr>
              <th scope="row">${channel}</th>
              ${columns.map(
                ({ before, after }) =>
                  html`<td>${changeView(before[row] ?? NaN, after[row] ?? NaN, 'short')}</td>`,
              )}
              ${hasLargest ? html`<td>${numberView(largest[row] ?? NaN, 'short')}</td>` : nothing}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}
