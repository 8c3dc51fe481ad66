import { html, nothing, type TemplateResult } from 'lit/html.js';
import type {
  CompareAction,
  CompareView,
  LayersView,
  Outcome,
  SideView,
  TensorsView,
} from '../../src/protocol/compare';
import type { Problem } from '../../src/core/problem';
import { actionLink, progressRing } from '../ui/controls';
import { severityIcon } from '../ui/icons';
import { numberView } from '../ui/number';
import type { ChannelList } from './channelsView';
import type { MapsModel } from './mapsModel';
import { mapsView } from './mapsView';
import { closenessWords, compareFindings, failedView, marks, toleranceView } from './sharedViews';
import type { CompareModel } from './store';
import { ulpView } from './ulpView';

export interface PageParts {
  readonly maps: MapsModel;
  readonly channels: ChannelList;
  readonly act: (action: CompareAction) => void;
}

export function comparePage(
  { state, layout, refusal }: CompareModel,
  parts: PageParts,
): TemplateResult {
  if (!state || state.kind === 'loading') {
    return html`<div class="state" role="status">${progressRing()} Reading…</div>`;
  }
  if (state.kind === 'failed') {
    return failedView(state.title, state.problem, parts.act);
  }
  const { view } = state;
  return html`<div class="inspection compare" aria-busy=${view.busy ? 'true' : nothing}>
    <h1 class="visually-hidden">Compare</h1>
    <div class="sides">${sideView('A', view.a)}${sideView('B', view.b)}</div>
    ${toleranceView(view, parts.act)} ${refusal ? problemLine(refusal) : nothing}
    ${view.tensors ? tensorsSection(view, view.tensors, layout.selected, parts) : nothing}
    ${view.tensorProblem ? problemLine(view.tensorProblem) : nothing}
    ${view.layers ? layersSection(view, view.layers, parts) : nothing}
    ${view.layerProblem ? problemLine(view.layerProblem) : nothing}
  </div>`;
}

function problemLine({ severity, message }: Problem): TemplateResult {
  return html`<p class="compare-problem" role="alert">${severityIcon(severity)} ${message}</p>`;
}

function sideView(name: string, { title, detail, source, notes }: SideView): TemplateResult {
  return html`<section class="side" aria-label="Side ${name}">
    <span class="side-name" aria-hidden="true">${name}</span>
    <div>
      <p class="side-title" title=${source}>${title}</p>
      <p class="dim">${detail}</p>
      ${notes.map(note => html`<p class="help">${note}</p>`)}
    </div>
  </section>`;
}

function outcomeView({ closeness, verdict, figures }: Outcome): TemplateResult {
  return html`<p class="compare-verdict ${closeness}" role="status">
      <span class="mark" aria-hidden="true">${marks[closeness]}</span> ${verdict}
    </p>
    <dl class="figures">
      ${figures.map(
        ([label, value]) =>
          html`<div>
            <dt>${label}</dt>
            <dd>${value}</dd>
          </div>`,
      )}
    </dl>`;
}

function tensorsSection(
  view: CompareView,
  tensors: TensorsView,
  selected: readonly number[] | null,
  parts: PageParts,
): TemplateResult {
  parts.maps.update(tensors, view.revision);
  return html`<section class="compare-tensors" aria-labelledby="tensors-heading">
      <h2 id="tensors-heading">Elements</h2>
      ${outcomeView(tensors)}
    </section>
    ${worstView(tensors, selected, parts)} ${mapsView(parts.maps, tensors)} ${ulpView(tensors)}`;
}

function worstView(
  { worst }: TensorsView,
  selected: readonly number[] | null,
  { maps }: PageParts,
): TemplateResult | typeof nothing {
  if (worst.length === 0) return nothing;
  const chosen = JSON.stringify(selected ?? worst[0]?.index);
  return html`<section aria-labelledby="worst-heading">
    <h2 id="worst-heading">Furthest apart</h2>
    <div class="table-scroll worst">
      <table class="picture-table">
        <thead>
          <tr>
            <th scope="col">element</th>
            ${['a', 'b', 'a − b'].map(name => html`<th scope="col" class="numeric">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${worst.map(
            ({ index, a, b }) =>
              html`<tr aria-current=${JSON.stringify(index) === chosen ? 'true' : nothing}>
                <th scope="row">
                  ${actionLink(`[${index.join(', ')}]`, 'Show in the maps', () => maps.select(index))}
                </th>
                <td class="numeric">${numberView(a)}</td>
                <td class="numeric">${numberView(b)}</td>
                <td class="numeric">${numberView(a - b)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
  </section>`;
}

function layersSection(
  view: CompareView,
  layers: LayersView,
  { channels }: PageParts,
): TemplateResult {
  return html`<section class="compare-layers" aria-labelledby="layers-heading">
    <h2 id="layers-heading">Parameters of the layers</h2>
    ${outcomeView(layers)}
    <ul class="parameter-list">
      ${layers.parameters.map(
        ({ label, closeness, maxAbs }) =>
          html`<li class=${closeness}>
            <span class="mark" aria-hidden="true">${marks[closeness]}</span> ${label}:
            ${closenessWords[closeness]}${closeness === 'equal' ? '' : html`, by ${numberView(maxAbs)} at most`}
          </li>`,
      )}
    </ul>
    ${compareFindings(layers.findings)} ${channels.view(layers, view.revision)}
  </section>`;
}
