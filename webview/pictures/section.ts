import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { InspectionView, PanelCommand } from '../../src/protocol/panel';
import type { PictureId } from '../../src/protocol/pictures';
import type { PanelActions } from '../actions';
import type { PanelModel } from '../store';
import { actionLink } from '../ui/controls';
import { movedAround } from '../ui/rowKeys';
import { refusalView } from '../views/refusal';
import type { Picture } from './picture';

export interface PicturesProps {
  readonly view: InspectionView;
  readonly model: PanelModel;
  readonly actions: PanelActions;
  readonly pictures: readonly Picture[];
}

/** The pictures of the tensors: tabs, and the one that is chosen. */
export function picturesView({ view, model, actions, pictures }: PicturesProps): TemplateResult {
  const byId = new Map(pictures.map(picture => [picture.id, picture]));
  const shown = byId.get(view.pictures.shown) ?? pictures[0];
  const show = (picture: PictureId): void => void actions.act({ kind: 'showPicture', picture });
  return html`<section class="pictures" aria-labelledby="pictures-heading">
    <div class="heading-line">
      <h2 id="pictures-heading">Pictures</h2>
      <div
        class="tabs"
        role="tablist"
        aria-labelledby="pictures-heading"
        @keydown=${(event: KeyboardEvent) => moveFocus(event)}
      >
        ${pictures.map(picture => tabView(picture, picture === shown, show))}
      </div>
      ${takeAwayView(shown, actions)}
    </div>
    <div
      id="picture"
      class="picture"
      role="tabpanel"
      aria-labelledby=${`picture-tab-${shown?.id ?? ''}`}
    >
      ${shown?.view(view, model)} ${refusalView(model.refusal, 'picture')}
    </div>
  </section>`;
}

/** What can be taken from here to somewhere else. */
function takeAwayView(shown: Picture | undefined, actions: PanelActions): TemplateResult {
  const link = (text: string, title: string, command: PanelCommand): TemplateResult =>
    actionLink(text, title, () => void actions.act({ kind: 'command', command }));
  return html`<span class="take-away">
    ${
      shown?.id === 'slice'
        ? html`${link('Copy slice', 'Copy the slice as code or text', 'copySlice')}
          ${link('Export slice', 'Export the slice as .npy, CSV or JSON', 'exportSlice')}`
        : nothing
    }
    ${
      shown?.id === 'gradients'
        ? nothing
        : link('Save picture', 'Save the picture as SVG or PNG', 'exportPicture')
    }
    ${link('Copy link', 'Copy a link that opens this view again', 'copyLink')}
  </span>`;
}

function tabView(
  { id, label, hint }: Picture,
  selected: boolean,
  show: (picture: PictureId) => void,
): TemplateResult {
  return html`<button
    type="button"
    role="tab"
    id=${`picture-tab-${id}`}
    class="tab"
    aria-selected=${selected ? 'true' : 'false'}
    aria-controls="picture"
    tabindex=${selected ? 0 : -1}
    title=${hint}
    @click=${() => show(id)}
  >
    ${label}
  </button>`;
}

/** Arrows move along the tabs and choose, as tabs do. */
function moveFocus(event: KeyboardEvent): void {
  const list = event.currentTarget;
  if (!(list instanceof HTMLElement)) return;
  const tabs = [...list.querySelectorAll<HTMLElement>('[role=tab]')];
  const at = tabs.findIndex(tab => tab === document.activeElement);
  const next = movedAround(event.key, at, tabs.length);
  if (at < 0 || next === undefined) return;
  event.preventDefault();
  tabs[next]?.focus();
  tabs[next]?.click();
}
