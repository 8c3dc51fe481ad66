import { html, type TemplateResult } from 'lit/html.js';
import { assertNever } from '../../src/core/problem';
import type { FileState, FileView } from '../../src/protocol/tensorFile';
import { button } from '../ui/controls';
import { severityIcon } from '../ui/icons';
import { loadingView } from '../views/states';
import { detailView } from './detailView';
import type { FileModel } from './fileStore';
import { headerView, toolbarView } from './headerView';
import type { TreeController } from './treeController';
import { treeView, type TreeProps } from './treeView';

/** The whole page as a function of the model. */
export function filePageView(model: FileModel, props: TreeProps): TemplateResult {
  const { state } = model;
  if (state === null) return loadingView('Opening…');
  switch (state.kind) {
    case 'loading':
      return loadingView(state.what);
    case 'failed':
      return failedView(state, props.controller);
    case 'ready':
      return model.listing ? readyView(state.view, model, props) : loadingView('Listing…');
    default:
      return assertNever(state);
  }
}

function readyView(view: FileView, model: FileModel, props: TreeProps): TemplateResult {
  const { store, controller } = props;
  const rows = store.rows();
  const active = rows[store.activeRow()]?.node;
  return html`<div class="tensor-file">
    ${headerView(view, model, controller)}
    ${view.tensors === 0 ? emptyFile(view) : toolbarView(view, rows, store, controller)}
    <div class="panes" ?hidden=${view.tensors === 0}>
      <div class="tree-pane">
        ${
          rows.length === 0
            ? html`<p class="no-rows">
                Nothing has all of “${model.layout.filter}” in its name, dtype or shape.
              </p>`
            : treeView(model, props)
        }
      </div>
      ${detailView(active, model, store.groupHealth(), controller)}
    </div>
  </div>`;
}

function emptyFile({ format }: FileView): TemplateResult {
  return html`<div class="state empty-file">
    <h1>There are no tensors in this file</h1>
    <p>It is a sound ${format} file, and holds nothing that Normscope could list.</p>
  </div>`;
}

function failedView(
  { title, problem }: Extract<FileState, { kind: 'failed' }>,
  controller: TreeController,
): TemplateResult {
  return html`<div class="state failed">
    <div class="failed-card" role="alert">
      <h1>${severityIcon(problem.severity)} ${title}</h1>
      <p class="failed-message">${problem.message}</p>
    </div>
    <div class="buttons">
      ${button({ text: 'Read it again', appearance: 'primary', press: () => void controller.act({ kind: 'reload' }) })}
      ${button({ text: 'Open as text', press: () => void controller.act({ kind: 'openAsText' }) })}
    </div>
    <p class="hint">The page follows the file: once it can be read, its tensors appear here.</p>
  </div>`;
}
