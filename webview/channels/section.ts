import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { InspectionView } from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import type { PanelModel, Store } from '../store';
import { textField } from '../ui/controls';
import { countText, plural } from '../ui/number';
import { refusalView } from '../views/refusal';
import { severityIcon } from '../ui/icons';
import type { GridController } from './gridController';
import { gridView } from './gridView';

export interface ChannelsProps {
  readonly view: InspectionView;
  readonly model: PanelModel;
  readonly store: Store;
  readonly actions: PanelActions;
  readonly grid: GridController;
}

/** The channels: a filter, the grid, and one line that says what the keys do. */
export function channelsView(props: ChannelsProps): TemplateResult {
  const { view, model, store, actions, grid } = props;
  const { channels } = view;
  const typed = model.filterText ?? channels.query.filter;
  return html`<section class="channels" aria-labelledby="channels-heading">
    <div class="heading-line">
      <h2 id="channels-heading">Channels</h2>
      <span class="count" role="status">${countLine(view)}</span>
      ${textField({
        label: 'Filter channels',
        kind: 'filter-field',
        value: typed,
        placeholder: 'Filter: 3, 10-20, error, nan, drift>1',
        invalid: channels.filterProblem !== '',
        input: text => {
          store.update({ filterText: text });
          actions.filter(text);
        },
      })}
    </div>
    ${
      channels.filterProblem === ''
        ? nothing
        : html`<p class="refusal" role="alert">
            ${severityIcon('error')} <span>${channels.filterProblem}</span>
          </p>`
    }
    ${gridView(view, model, grid)}
    ${
      channels.matching === 0 ? html`<p class="no-rows">No channel passes the filter.</p>` : nothing
    }
    ${refusalView(model.refusal, 'cell')} ${helpLine(model, channels.total)}
  </section>`;
}

function countLine({ channels }: InspectionView): string {
  const { matching, total } = channels;
  return matching === total
    ? plural(total, 'channel')
    : `${countText(matching)} of ${plural(total, 'channel')}`;
}

function helpLine({ editing }: PanelModel, total: number): TemplateResult {
  if (editing?.problem) {
    return html`<p class="refusal" id="grid-help" role="alert">
      ${severityIcon('error')} <span>${editing.problem}</span>
    </p>`;
  }
  const text = editing
    ? `Enter sets channel ${editing.channel}, Ctrl+Enter sets ${total === 1 ? 'it' : `all ${countText(total)} channels`}, Escape cancels.`
    : 'Double-click or press Enter on gamma, beta or a moving statistic to try another value; on a head, to sort.';
  return html`<p class="help" id="grid-help">${text}</p>`;
}
