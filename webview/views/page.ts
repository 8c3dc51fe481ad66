import { html, nothing, type TemplateResult } from 'lit/html.js';
import { guard } from 'lit/directives/guard.js';
import { assertNever } from '../../src/core/problem';
import type { InspectionView } from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import type { GridController } from '../channels/gridController';
import { channelsView } from '../channels/section';
import type { Picture } from '../pictures/picture';
import { picturesView } from '../pictures/section';
import type { PanelModel, Store } from '../store';
import { bannerView } from './banner';
import { findingsSummary, findingsView, focusFindings } from './findings';
import { flagBarView } from './flagBar';
import { identityView } from './identity';
import { matrixView } from './matrix';
import { refusalView } from './refusal';
import { emptyView, failedView, loadingView } from './states';
import { verdictView } from './verdict';

/** What the page is made of besides its model. */
export interface PageParts {
  readonly store: Store;
  readonly actions: PanelActions;
  readonly grid: GridController;
  readonly pictures: readonly Picture[];
}

/** The whole page as a function of the model. */
export function pageView(model: PanelModel, parts: PageParts): TemplateResult {
  const { state } = model;
  if (state === null) return loadingView('Opening…');
  switch (state.kind) {
    case 'empty':
      return emptyView(parts.actions);
    case 'loading':
      return loadingView(state.what, () => void parts.actions.act({ kind: 'cancelReading' }));
    case 'failed':
      return failedView(state, parts.actions);
    case 'ready':
      return inspectionView(state.view, model, parts);
    default:
      return assertNever(state);
  }
}

function inspectionView(view: InspectionView, model: PanelModel, parts: PageParts): TemplateResult {
  const { grid, actions, pictures } = parts;
  // Scrolling the grid renders the grid alone.
  const { pendingFlags, refusal, layout } = model;
  const above = [view, pendingFlags, refusal, layout.runCount];
  return html`<div class="inspection" aria-busy=${view.busy ? 'true' : 'false'}>
    <div class="progress ${view.busy ? 'busy' : ''}" aria-hidden="true"></div>
    ${guard(above, () => aboveGrid(view, model, parts))} ${channelsView({ view, model, ...parts })}
    ${guard([view.findings, view.fixed], () =>
      findingsView({
        findings: view.findings,
        fixed: view.fixed,
        total: view.channels.total,
        undo: view.flags.undo,
        actions,
        selectChannel: channel => grid.reveal(channel),
      }),
    )}
    ${picturesView({ view, model, actions, pictures })}
  </div>`;
}

function aboveGrid(
  view: InspectionView,
  model: PanelModel,
  { store, actions }: PageParts,
): TemplateResult {
  return html`${view.banner === null ? nothing : bannerView(view.banner, actions)}
    ${refusalView(model.refusal, 'panel')}
    ${identityView(view, actions, findingsSummary(view.findings, showFindings))}
    ${flagBarView({
      view: view.flags,
      model,
      actions,
      setRunCount: runCount => store.updateLayout({ runCount }),
    })}
    <div class="explanation">${verdictView(view)} ${matrixView({ view, model, actions })}</div>`;
}

function showFindings(): void {
  document.getElementById('findings-heading')?.scrollIntoView({ block: 'nearest' });
  focusFindings();
}
