import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { InspectionView } from '../../src/protocol/panel';
import { axesView } from './slice/axes';
import { sliceControls } from './slice/controls';
import { facetsView } from './slice/facets';
import { mapsView } from './slice/maps';
import { SliceModel } from './slice/model';
import { tableView } from './slice/table';
import type { MakePicture } from './picture';
import { problemView } from './problem';

/** Any plane of the tensor as colours, and as numbers from near. */
export const slicePicture: MakePicture = parts => {
  const model = new SliceModel(parts);
  return {
    id: 'slice',
    label: 'Slice',
    hint: 'Any plane of the input and the output as colours',
    view: view => {
      model.update(view);
      return pictureView(view, model);
    },
  };
};

function pictureView(view: InspectionView, model: SliceModel): TemplateResult {
  return html`<div class="slice">
    ${sliceControls(model)} ${axesView(view.identity, model)} ${problemView(model.problem)}
    ${model.notes.length === 0 ? nothing : html`<p class="help">${model.notes.join(' ')}</p>`}
    ${mapsView(model)} ${facetsView(model)} ${tableView(model)}
  </div>`;
}
