import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { InspectionView } from '../../../src/protocol/panel';
import type {
  RecordedLine,
  StepsApproach,
  StepsReply,
  StepsState,
} from '../../../src/protocol/pictures/steps';
import { actionLink } from '../../ui/controls';
import { countText, numberView } from '../../ui/number';
import { approachLabel } from './kinds';
import type { StepsParts } from './parts';

/** Rows of states: the present one and its neighbours. */
const rowsShown = 9;

/** What the charts draw, in numbers. */
export function tablesView(
  { channels }: InspectionView,
  reply: StepsReply,
  parts: StepsParts,
): TemplateResult {
  return html`<div class="step-tables">
    ${momentaTable(reply)} ${statesTable(reply, parts, channels.selected)}
    ${reply.recordings.length === 0 ? nothing : recordingsTable(reply, channels.selected)}
  </div>`;
}

function momentaTable({ approaches }: StepsReply): TemplateResult {
  // Both approach alike but where a layer renormalises, or one of them is there already.
  const differ = approaches.some(
    ({ halfWay, withinOnePercent }) =>
      halfWay.mean !== halfWay.variance || withinOnePercent.mean !== withinOnePercent.variance,
  );
  const columns = differ ? (['mean', 'variance'] as const) : (['mean'] as const);
  return html`<div class="table-scroll">
    <table class="picture-table" aria-label="More steps until the moving statistics are near">
      <thead>
        <tr>
          <th scope="col">projected at</th>
          ${columns.map(
            statistic =>
              html`<th scope="col" class="numeric">half way${differ ? `, ${statistic}` : ''}</th>
                <th scope="col" class="numeric">within 1 %${differ ? `, ${statistic}` : ''}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${approaches.map(
          approach =>
            html`<tr aria-current=${approach.own ? 'true' : nothing}>
              <th scope="row">${approachLabel(approach)}${approach.own ? ', as it is' : ''}</th>
              ${columns.map(statistic => markCells(approach, statistic))}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function markCells(
  { halfWay, withinOnePercent }: StepsApproach,
  statistic: 'mean' | 'variance',
): TemplateResult {
  const text = (steps: number | null): string => (steps === null ? '–' : countText(steps));
  return html`<td class="numeric">${text(halfWay[statistic])}</td>
    <td class="numeric">${text(withinOnePercent[statistic])}</td>`;
}

function statesTable(
  { states }: StepsReply,
  { actions }: StepsParts,
  channel: number,
): TemplateResult {
  const present = states.findIndex(state => state.present);
  const start = Math.max(
    0,
    Math.min(present - Math.floor(rowsShown / 2), states.length - rowsShown),
  );
  const shown = states.slice(start, start + rowsShown);
  const go = (state: StepsState): void =>
    void actions.act({ kind: 'goToState', index: state.index }, 'picture');
  return html`<div>
    <div class="table-scroll">
      <table class="picture-table" aria-label="States of channel ${channel}">
        <thead>
          <tr>
            <th scope="col">steps taken</th>
            <th scope="col">after</th>
            <th scope="col" class="numeric">moving mean</th>
            <th scope="col" class="numeric">moving variance</th>
          </tr>
        </thead>
        <tbody>
          ${shown.map(state => stateRow(state, go))}
        </tbody>
      </table>
    </div>
    ${
      shown.length === states.length
        ? nothing
        : html`<p class="help">
            ${shown.length} of ${countText(states.length)} states, around the present one.
          </p>`
    }
  </div>`;
}

function stateRow(state: StepsState, go: (state: StepsState) => void): TemplateResult {
  const label = state.label === '' ? 'the start' : state.label;
  return html`<tr aria-current=${state.present ? 'step' : nothing}>
    <th scope="row">${countText(state.steps)}</th>
    <td>
      ${state.present ? label : actionLink(label, `Go to the state after ${label}`, () => go(state))}
    </td>
    <td class="numeric">${numberView(state.mean)}</td>
    <td class="numeric">${numberView(state.variance)}</td>
  </tr>`;
}

function recordingsTable({ recordings }: StepsReply, channel: number): TemplateResult {
  return html`<div class="table-scroll">
    <table class="picture-table" aria-label="Last recorded numbers of channel ${channel}">
      <thead>
        <tr>
          <th scope="col">recording</th>
          <th scope="col" class="numeric">last step</th>
          <th scope="col" class="numeric">moving mean</th>
          <th scope="col" class="numeric">batch mean</th>
          <th scope="col" class="numeric">moving variance</th>
          <th scope="col" class="numeric">batch variance</th>
        </tr>
      </thead>
      <tbody>
        ${recordings.map(({ layer, name, ...lines }) => {
          const columns = [
            lines.movingMean,
            lines.batchMean,
            lines.movingVariance,
            lines.batchVariance,
          ];
          const last = Math.max(...columns.map(({ steps }) => steps.at(-1) ?? -1));
          return html`<tr>
            <th scope="row">${layer} in ${name}</th>
            <td class="numeric">${last < 0 ? '–' : countText(last)}</td>
            ${columns.map(line => html`<td class="numeric">${lastOf(line)}</td>`)}
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
}

function lastOf({ values }: RecordedLine): TemplateResult | string {
  const last = values.at(-1);
  return last === undefined ? '–' : numberView(last);
}
