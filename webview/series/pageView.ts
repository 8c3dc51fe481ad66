import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { SeriesMember, SeriesState } from '../../src/protocol/series';
import { problemView } from '../pictures/problem';
import { actionLink, button, progressRing } from '../ui/controls';
import { healthyIcon, severityIcon } from '../ui/icons';
import { countText, plural } from '../ui/number';
import type { SeriesController } from './controller';
import { layerView } from './layerView';
import { legendView } from './layerCharts';
import { mostDrawn, type SeriesModel } from './store';

/** The whole page: what went bad first, the checkpoints, and each layer over them. */
export function seriesPageView(model: SeriesModel, controller: SeriesController): TemplateResult {
  const { state, problem } = model;
  if (state === null) {
    return html`<div class="series-page">${problemView(problem ?? undefined)}</div>`;
  }
  return html`<div class="series-page" aria-busy=${state.reading ? 'true' : nothing}>
    ${headerView(state, controller)} ${problemView(problem ?? undefined)} ${verdictView(state)}
    ${membersView(state, controller)} ${layersView(model, state, controller)}
  </div>`;
}

function headerView(state: SeriesState, controller: SeriesController): TemplateResult {
  const { reading } = state;
  return html`<header>
    <h1>${state.title}</h1>
    <p class="help">${state.place}</p>
    ${state.notes.map(note => html`<p>${note}</p>`)}
    <div class="buttons">
      ${
        reading
          ? button({
              text: 'Stop',
              title: 'Stop reading, and show what was read until now',
              press: () => void controller.act({ kind: 'stop' }),
            })
          : button({
              text: 'Read again',
              title: 'Look for checkpoints, and read all of them again',
              press: () => void controller.act({ kind: 'readAgain' }),
            })
      }
      <div class="reading" role="status">
        ${
          reading
            ? html`${progressRing()}
              ${reading.what}${reading.total === 0 ? '…' : ` (${reading.done} of ${reading.total})…`}`
            : nothing
        }
      </div>
    </div>
  </header>`;
}

function verdictView({ verdict }: SeriesState): TemplateResult | typeof nothing {
  if (verdict === null) return nothing;
  const { severity, text } = verdict;
  return html`<section class="series-verdict" aria-labelledby="verdict-heading">
    <h2 id="verdict-heading">What went bad first</h2>
    <p>${severity === 'healthy' ? healthyIcon : severityIcon(severity)} <span>${text}</span></p>
  </section>`;
}

/** Reasons that are read at first sight; the table has the others. */
const reasonsShown = 5;

function leftOutView(leftOut: readonly SeriesMember[]): TemplateResult | typeof nothing {
  if (leftOut.length === 0) return nothing;
  const more = leftOut.length - reasonsShown;
  return html`<ul class="left-out" aria-label="Left out">
    ${leftOut
      .slice(0, reasonsShown)
      .map(
        ({ name, problem }) =>
          html`<li><strong>${name}</strong> <span class="series-problem">${problem}</span></li>`,
      )}
    ${more > 0 ? html`<li>And ${countText(more)} more, in the list of checkpoints.</li>` : nothing}
  </ul>`;
}

function membersView(
  { members }: SeriesState,
  controller: SeriesController,
): TemplateResult | typeof nothing {
  if (members.length === 0) return nothing;
  const leftOut = members.filter(({ problem }) => problem !== '');
  const drawn = members.length - leftOut.length;
  const title = `${plural(drawn, 'checkpoint')}${leftOut.length === 0 ? '' : `, and ${countText(leftOut.length)} left out`}`;
  return html`${leftOutView(leftOut)}
    <details class="series-members">
      <summary>${title}</summary>
      <div class="table-scroll member-list">
        <table class="picture-table" aria-label="Checkpoints">
          <thead>
            <tr>
              <th scope="col">checkpoint</th>
              <th scope="col">file</th>
              <th scope="col" class="numeric">bad layers</th>
            </tr>
          </thead>
          <tbody>
            ${members.map((member, i) => memberRow(member, i, controller))}
          </tbody>
        </table>
      </div>
    </details>`;
}

function memberRow(
  { name, at, problem, bad }: SeriesMember,
  index: number,
  controller: SeriesController,
): TemplateResult {
  const open = (): void => void controller.act({ kind: 'openMember', member: index });
  return html`<tr>
    <th scope="row">${problem === '' ? at : 'left out'}</th>
    <td>
      ${actionLink(name, `Open ${name}`, open)}
      ${problem === '' ? nothing : html`<p class="series-problem">${problem}</p>`}
    </td>
    <td class="numeric">${problem === '' ? countText(bad) : '–'}</td>
  </tr>`;
}

function layersView(
  model: SeriesModel,
  state: SeriesState,
  controller: SeriesController,
): TemplateResult | typeof nothing {
  const drawn = controller.drawn(model);
  if (drawn.length === 0) return nothing;
  const linesOf = controller.linesOf(model);
  const left = state.layers.length + state.more - drawn.length;
  return html`<section aria-labelledby="layers-heading">
    <h2 id="layers-heading">Layers, the first gone bad first</h2>
    ${legendView()}
    ${drawn.map((layer, i) =>
      layerView(layer, {
        state,
        lines: linesOf(layer.name),
        width: controller.width,
        isFirst: i === 0,
      }),
    )}
    ${left === 0 ? nothing : moreView(left, drawn.length, controller)}
  </section>`;
}

function moreView(left: number, drawn: number, controller: SeriesController): TemplateResult {
  const full = drawn >= mostDrawn;
  return html`<div class="buttons">
    <p class="help">
      ${countText(left)} more
      ${left === 1 ? 'layer' : 'layers'}${full ? `, which are not drawn: one page has at most ${mostDrawn}.` : '.'}
    </p>
    ${full ? nothing : button({ text: 'Show more', press: () => controller.showMore() })}
  </div>`;
}
