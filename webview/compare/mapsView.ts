import { html, type TemplateResult } from 'lit/html.js';
import type { CompareSubject, TensorsView } from '../../src/protocol/compare';
import { colouringFor, type Colouring } from '../heatmap/colouring';
import { joinSpreads } from '../heatmap/colorScale';
import { linkedMapsView } from '../heatmap/linkedMaps';
import { problemView } from '../pictures/problem';
import { axesView } from '../pictures/slice/axes';
import { tableView } from '../pictures/slice/table';
import type { MapsModel } from './mapsModel';

const hint =
  'Drag to move, Ctrl and the wheel or + and − to zoom, click to select: all three follow.';

/** A, B and their difference, side by side. */
export function mapsView(model: MapsModel, tensors: TensorsView): TemplateResult {
  return html`<section class="slice" aria-labelledby="maps-heading">
    <h2 id="maps-heading">Side by side</h2>
    ${axesView(tensors, model)} ${problemView(model.problem)}
    ${linkedMapsView(model, hint, subject => colouringOf(model, subject))} ${tableView(model)}
  </section>`;
}

/** A and B have one scale; the difference has one around zero. */
function colouringOf(model: MapsModel, subject: CompareSubject): Colouring | undefined {
  const isDifference = subject === 'difference';
  const own = model.spread(subject);
  const other = isDifference ? own : model.spread(subject === 'a' ? 'b' : 'a');
  if (!own || !other) return undefined;
  const spread = isDifference ? own : joinSpreads(own, other);
  return colouringFor(model, subject, { spread, kind: 'linear', colormap: 'auto', isDifference });
}
