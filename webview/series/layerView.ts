import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { SeriesLayer, SeriesLines, SeriesOnset, SeriesState } from '../../src/protocol/series';
import type { ChartWidth } from '../charts/chartWidth';
import { healthyIcon, severityIcon } from '../ui/icons';
import { numberView, plural } from '../ui/number';
import { chartsView, inDrawnOrder, parameterWords } from './layerCharts';

export interface LayerContext {
  readonly state: SeriesState;
  /** Undefined until they are there. */
  readonly lines: SeriesLines | undefined;
  readonly width: ChartWidth;
  /** Whether it is the one whose charts say how wide charts are. */
  readonly isFirst: boolean;
}

/** One layer over the checkpoints: what went wrong and when, its charts, and their numbers as a table. */
export function layerView(layer: SeriesLayer, context: LayerContext): TemplateResult {
  const { name, channels, worst, onsets, notes } = layer;
  const { lines } = context;
  return html`<article class="series-layer" aria-label=${`${name}: ${worst}`}>
    <h3>
      ${worst === 'healthy' ? healthyIcon : severityIcon(worst)}
      <span class="layer-name">${name}</span>
      <span class="help">${plural(channels, 'channel')}</span>
    </h3>
    ${
      onsets.length === 0
        ? html`<p class="help">Nothing wrong found in any checkpoint.</p>`
        : html`<ul class="onsets">
            ${onsets.map(onsetView)}
          </ul>`
    }
    ${notes.map(note => html`<p class="series-problem">${note}</p>`)}
    ${lines ? html`${chartsView(layer, lines, context)} ${numbersView(lines, context)}` : nothing}
  </article>`;
}

function onsetView({ id, severity, when, message, fix }: SeriesOnset): TemplateResult {
  return html`<li>
    <details>
      <summary>
        ${severityIcon(severity)} <strong>${id}</strong> <span class="when">${when}</span>
      </summary>
      <p>${message}</p>
      <p class="fix">${fix}</p>
    </details>
  </li>`;
}

/** The charts as a table. */
function numbersView(lines: SeriesLines, { state }: LayerContext): TemplateResult {
  const { found, channel } = lines;
  const parameters = inDrawnOrder(lines);
  const drawn = state.members.filter(({ problem }) => problem === '');
  return html`<details class="series-numbers">
    <summary>Numbers of ${lines.layer}</summary>
    <div
      class="table-scroll member-list"
      tabindex="0"
      role="region"
      aria-label=${`Numbers of ${lines.layer}`}
    >
      <table class="picture-table" aria-label=${`Numbers of ${lines.layer}`}>
        <thead>
          <tr>
            <th scope="col">checkpoint</th>
            <th scope="col">findings</th>
            ${parameters.map(
              ({ parameter }) =>
                html`<th scope="col" class="numeric">${parameterWords[parameter]}: median</th>
                  <th scope="col" class="numeric">least</th>
                  <th scope="col" class="numeric">greatest</th>
                  ${channel === null ? nothing : html`<th scope="col" class="numeric">channel ${channel}</th>`}
                  <th scope="col" class="numeric">not finite</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${drawn.map(
            ({ at }, i) =>
              html`<tr>
                <th scope="row">${at}</th>
                <td>${found[i]?.length ? found[i].join(', ') : '–'}</td>
                ${parameters.map(line =>
                  [
                    line.median,
                    line.least,
                    line.greatest,
                    ...(channel === null ? [] : [line.channel]),
                    line.nonFinite,
                  ].map(
                    column =>
                      html`<td class="numeric">${numberView(column[i] ?? NaN, 'short')}</td>`,
                  ),
                )}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </details>`;
}
