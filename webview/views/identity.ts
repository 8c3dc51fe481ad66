import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ConventionChoice } from '../../src/core/batchnorm/matrix';
import type { Identity, InspectionView } from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import { actionLink, dropdown, iconButton } from '../ui/controls';
import { copyIcon, saveIcon, severityIcon } from '../ui/icons';
import { countText } from '../ui/number';
import { shapeView } from './shape';

/** Where the tensor came from, what it is, and under which rules it is read. */
export function identityView(
  view: InspectionView,
  actions: PanelActions,
  summary: TemplateResult | typeof nothing,
): TemplateResult {
  const { identity } = view;
  return html`<header class="identity">
    <div class="title-line">
      <h1>${identity.title}</h1>
      ${actionLink(sourceText(identity), `Show ${identity.source} in the editor`, () => {
        void actions.act({ kind: 'revealSource' });
      })}
      <span class="tools">
        ${iconButton('Copy results', copyIcon, () => {
          void actions.act({ kind: 'command', command: 'copyResults' });
        })}
        ${iconButton('Save inspection as…', saveIcon, () => {
          void actions.act({ kind: 'command', command: 'saveInspection' });
        })}
      </span>
    </div>
    <div class="tensor-line">
      ${shapeView(identity)}
      <span class="fact">${identity.dtype}</span>
      <span class="fact" title="Elements that share a channel"
        ><span class="dim">n</span>
        ${countText(identity.n)}${identity.mostN > identity.n ? ` to ${countText(identity.mostN)}` : nothing}
        <span class="dim">per channel</span></span
      >
      ${summary}
    </div>
    ${layerInputView(identity.layerInput, actions)}
    <div class="pickers">
      ${conventionPicker(identity, actions)} ${axisPicker(identity, actions)}
    </div>
    ${conventionDetail(identity.convention, identity.path)} ${ambiguityView(identity.ambiguous)}
    ${notesView(identity.notes)}
  </header>`;
}

/** A layer of a file is run over an input from elsewhere, which can be another. */
function layerInputView(input: string, actions: PanelActions): TemplateResult | typeof nothing {
  if (input === '') return nothing;
  const change = (): void => void actions.act({ kind: 'command', command: 'chooseInput' });
  return html`<p class="layer-input">
    <span><span class="dim">Input</span> ${input}</span>
    ${actionLink('Change input…', 'Run the layer over another input', change)}
  </p>`;
}

/** A document at the root of its folder is named like its title, which need not be read twice. */
function sourceText({ title, source }: Identity): string {
  return source === title ? 'show source' : source;
}

function conventionPicker(identity: Identity, actions: PanelActions): TemplateResult {
  const { convention, conventions } = identity;
  return dropdown({
    label: 'Convention',
    kind: 'convention',
    value: convention.id,
    describedBy: 'convention-detail',
    options: conventions.map(choice => ({
      value: choice.id,
      label: choice.name,
      title: `${choice.api} · ${choice.versions}${choice.verifiedByRunning ? '' : ' · not verified by running'}`,
    })),
    change: id => void actions.act({ kind: 'setConvention', id }, 'convention'),
  });
}

function conventionDetail(convention: ConventionChoice, path: string): TemplateResult {
  return html`<p class="detail" id="convention-detail">
    <code>${convention.api}</code>
    <span class="dim">${convention.versions}</span>
    ${path === '' ? nothing : html`<span class="mark">kernel: ${path}</span>`}
    ${
      convention.verifiedByRunning
        ? nothing
        : html`<span class="mark" title=${convention.execution}
            >${severityIcon('note')} not verified by running</span
          >`
    }
  </p>`;
}

function axisPicker(identity: Identity, actions: PanelActions): TemplateResult {
  const { axes, channelAxis, ambiguous } = identity;
  return dropdown({
    label: ambiguous === '' ? 'Channel axis' : 'Channel axis (ambiguous)',
    kind: 'axis',
    value: String(channelAxis),
    describedBy: 'axis-detail',
    options: axes.map(({ axis, name, size, fits }) => ({
      value: String(axis),
      label: `${axis} · ${name} ${countText(size)}${fits ? '' : ' (other length)'}`,
      title: fits
        ? `The parameters fit the ${size} channels of axis ${axis}`
        : `The parameters have another length than axis ${axis}`,
    })),
    change: axis => void actions.act({ kind: 'setChannelAxis', axis: Number(axis) }, 'axis'),
  });
}

/** That another axis would fit as well, which a wrong result could come from. */
function ambiguityView(ambiguous: string): TemplateResult {
  return html`<p class="detail" id="axis-detail" ?hidden=${ambiguous === ''}>
    <span class="mark warning">${severityIcon('warning')} ${ambiguous}</span>
  </p>`;
}

/** What was assumed. A few stand open; many fold. */
function notesView(notes: readonly string[]): TemplateResult | typeof nothing {
  if (notes.length === 0) return nothing;
  const list = html`<ul class="notes" aria-label="Assumptions">
    ${notes.map(note => html`<li>${note}</li>`)}
  </ul>`;
  if (notes.length <= 3) return list;
  return html`<details class="assumptions">
    <summary>${notes.length} assumptions</summary>
    ${list}
  </details>`;
}
