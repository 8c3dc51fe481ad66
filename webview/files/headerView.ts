import { html, nothing, type TemplateResult } from 'lit/html.js';
import { formatBytes } from '../../src/core/text/byteSize';
import type { FileView } from '../../src/protocol/tensorFile';
import { actionLink, textField } from '../ui/controls';
import { severityIcon } from '../ui/icons';
import { countText, plural } from '../ui/number';
import type { FileModel, FileStore } from './fileStore';
import type { Arrangement, Row } from './rows';
import type { TreeController } from './treeController';

/** What the file is, what should be known of it, and what became of it meanwhile. */
export function headerView(
  view: FileView,
  model: FileModel,
  controller: TreeController,
): TemplateResult {
  return html`<header>
    ${bannerOf(view, controller)}
    <div class="title-line">
      <h1>${view.title}</h1>
      ${actionLink(view.source, 'Reveal the file', () => void controller.act({ kind: 'revealFile' }))}
    </div>
    <p class="file-facts">
      <span>${view.format}</span> <span>${formatBytes(view.bytes)}</span>
      <span>${plural(view.tensors, 'tensor')}</span>
      <span>${view.layers === 0 ? 'no batch norm found' : plural(view.layers, 'batch norm')}</span>
      ${healthSummary(view, model, controller)}
    </p>
    ${notesOf(view.notes)} ${changesOf(view.changes)}
    ${
      model.refusal
        ? html`<p class="refusal" role="alert">
            ${severityIcon('error')} <span>${model.refusal.message}</span>
          </p>`
        : nothing
    }
  </header>`;
}

function bannerOf(view: FileView, controller: TreeController): TemplateResult | typeof nothing {
  if (!view.banner) return nothing;
  const { kind, problem } = view.banner;
  const writing = kind === 'writing';
  return html`<div
    class="banner ${writing ? 'warning' : 'error'}"
    role=${writing ? 'status' : 'alert'}
  >
    ${severityIcon(writing ? 'warning' : 'error')}
    <div>
      <p class="banner-message">${writing ? 'The file is being written.' : problem.message}</p>
      <p class="banner-place">
        ${
          writing
            ? html`<span class="dim"
                >It is read again once it settles; below is what it held before.
                (${problem.message})</span
              >`
            : html`${actionLink('Read it again', 'Read the file again', () => void controller.act({ kind: 'reload' }))}
                · <span class="dim">the last good view stays below</span>`
        }
      </p>
    </div>
  </div>`;
}

/** Notes about the file are few, and each is worth reading. */
function notesOf(notes: readonly string[]): TemplateResult | typeof nothing {
  if (notes.length === 0) return nothing;
  const list = html`<ul class="file-notes" aria-label="About the file">
    ${notes.map(note => html`<li>${severityIcon('note')} <span>${note}</span></li>`)}
  </ul>`;
  if (notes.length <= 3) return list;
  return html`<details class="assumptions">
    <summary>${plural(notes.length, 'note')} about the file</summary>
    ${list}
  </details>`;
}

function changesOf(changes: readonly string[]): TemplateResult | typeof nothing {
  if (changes.length === 0) return nothing;
  return html`<p class="changes" role="status"><b>Changed on disk:</b> ${changes.join(' ')}</p>`;
}

const graver = ['error', 'unread', 'warning', 'note'] as const;

function healthSummary(
  view: FileView,
  { health }: FileModel,
  controller: TreeController,
): TemplateResult | typeof nothing {
  if (view.layers === 0) return nothing;
  const { checked, running } = view.health;
  if (checked < view.layers) {
    const progress = `checked ${countText(checked)} of ${countText(view.layers)}`;
    return running
      ? html`<span class="health-summary"
          >${progress}…
          ${actionLink('Stop', 'Stop checking the layers', () => void controller.act({ kind: 'checkHealth', on: false }))}</span
        >`
      : html`<span class="health-summary"
          >${progress}
          ${actionLink('Check all', 'Look at the parameters of every layer', () => void controller.act({ kind: 'checkHealth', on: true }))}</span
        >`;
  }
  const counts = graver.flatMap(worst => {
    const count = [...health.values()].filter(layer => layer.worst === worst).length;
    return count === 0 ? [] : [{ worst, count }];
  });
  if (counts.length === 0) return html`<span class="health-summary">all healthy</span>`;
  return html`<span class="health-summary"
    >${counts.map(
      ({ worst, count }) =>
        html`<span class="summary-part"
          >${severityIcon(worst === 'unread' ? 'error' : worst)}
          ${worst === 'unread' ? `${countText(count)} unreadable` : plural(count, worst)}</span
        >`,
    )}</span
  >`;
}

/** The filter and the arrangement. */
export function toolbarView(
  view: FileView,
  rows: readonly Row[],
  store: FileStore,
  controller: TreeController,
): TemplateResult {
  const { filter, arrangement } = store.model.layout;
  return html`<div class="file-toolbar">
    <div
      class="filter-box"
      @keydown=${(event: KeyboardEvent) => {
        if (event.key === 'Escape') controller.filter('');
        if (event.key !== 'ArrowDown') return;
        event.preventDefault();
        controller.focusRows();
      }}
    >
      ${textField({
        label: 'Filter tensors and layers',
        kind: 'filter-field',
        value: filter,
        placeholder: 'Filter: name, dtype or [shape]',
        input: text => controller.filter(text),
      })}
    </div>
    ${view.layers === 0 ? nothing : arrangementView(arrangement, controller)}
    <span class="count" role="status">${countLine(view, rows, filter, arrangement)}</span>
  </div>`;
}

function arrangementView(current: Arrangement, controller: TreeController): TemplateResult {
  const choice = (arrangement: Arrangement, text: string, title: string): TemplateResult =>
    html`<button
      type="button"
      class="segment"
      role="radio"
      aria-checked=${String(current === arrangement)}
      tabindex=${current === arrangement ? 0 : -1}
      title=${title}
      @click=${() => controller.arrange(arrangement)}
    >
      ${text}
    </button>`;
  const other = current === 'tree' ? 'layers' : 'tree';
  return html`<div
    class="segments"
    role="radiogroup"
    aria-label="Arrangement"
    @keydown=${(event: KeyboardEvent) => {
      if (!event.key.startsWith('Arrow') || !(event.currentTarget instanceof HTMLElement)) return;
      event.preventDefault();
      controller.arrange(other);
      event.currentTarget.querySelector<HTMLElement>('[tabindex="-1"]')?.focus();
    }}
  >
    ${choice('tree', 'Everything', 'All tensors, grouped by name')}
    ${choice('layers', 'Batch norms, worst first', 'The batch-norm layers alone, by health')}
  </div>`;
}

function countLine(
  view: FileView,
  rows: readonly Row[],
  filter: string,
  arrangement: Arrangement,
): string {
  if (filter.trim() === '') return '';
  const kind = arrangement === 'layers' ? 'layer' : 'tensor';
  const count = rows.filter(({ node }) => node.kind === kind).length;
  const layers = rows.filter(({ node }) => node.kind === 'layer').length;
  if (arrangement === 'layers')
    return `${countText(count)} of ${plural(view.layers, 'batch norm')}`;
  return count + layers === 0
    ? 'nothing found'
    : `${plural(count, 'tensor')}, ${plural(layers, 'batch norm')} shown`;
}
