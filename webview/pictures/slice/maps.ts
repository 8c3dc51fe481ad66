import type { TemplateResult } from 'lit/html.js';
import type { SliceSubject } from '../../../src/protocol/pictures/slice';
import { colouringFor, type Colouring } from '../../heatmap/colouring';
import { joinSpreads } from '../../heatmap/colorScale';
import { linkedMapsView } from '../../heatmap/linkedMaps';
import type { SliceModel } from './model';

const hint = 'Drag to move, Ctrl and the wheel or + and − to zoom, click to select an element.';

/** The large pictures, side by side. */
export function mapsView(model: SliceModel): TemplateResult {
  return linkedMapsView(model, hint, subject => colouringOf(model, subject));
}

/** How a tensor's values are coloured; undefined until it is known what they are like. */
export function colouringOf(model: SliceModel, subject: SliceSubject): Colouring | undefined {
  const { settings } = model.now;
  const own = model.spread(subject);
  if (!own) return undefined;
  const shared = settings.subject === 'both' && settings.sharedScale;
  const others = shared ? model.spread(subject === 'input' ? 'output' : 'input') : undefined;
  return colouringFor(model, subject, {
    spread: others ? joinSpreads(own, others) : own,
    kind: settings.scale,
    colormap: settings.colormap,
    isDifference: subject === 'difference',
  });
}
