import { html, nothing, type TemplateResult } from 'lit/html.js';
import { createRef, ref, type Ref } from 'lit/directives/ref.js';
import type { SliceSubject } from '../../../src/protocol/pictures/slice';
import { colorBar } from '../../heatmap/colorBar';
import { findColormap, type Colormap } from '../../heatmap/colormaps';
import { colorScale, joinSpreads, type ColorScale } from '../../heatmap/colorScale';
import type { HeatmapElement } from '../../heatmap/heatmapElement';
import { type HeatmapProps } from '../../heatmap/heatmapElement';
import { button } from '../../ui/controls';
import { subjectNames, type SliceModel } from './model';

/** Colours for the values of one tensor, or of both. */
export interface Colouring {
  readonly scale: ColorScale;
  readonly map: Colormap;
}

/** The scales last made, so that what they painted is not painted again. */
const made = new WeakMap<SliceModel, Map<SliceSubject, { key: string; colouring: Colouring }>>();

/** How a tensor's values are coloured; undefined until it is known what they are like. */
export function colouringOf(model: SliceModel, subject: SliceSubject): Colouring | undefined {
  const { settings } = model.now;
  const own = model.spread(subject);
  if (!own) return undefined;
  const other = subject === 'input' ? 'output' : 'input';
  const shared = settings.subject === 'both' && settings.sharedScale;
  const others = shared ? model.spread(other) : undefined;
  const spread = others ? joinSpreads(own, others) : own;
  const key = JSON.stringify([spread, settings.scale, settings.colormap]);
  const known = made.get(model) ?? new Map<SliceSubject, { key: string; colouring: Colouring }>();
  made.set(model, known);
  const before = known.get(subject);
  if (before?.key === key) return before.colouring;
  const aroundZero = subject === 'difference' || (spread.min < 0 && spread.max > 0);
  const map = findColormap(settings.colormap, aroundZero);
  const colouring = { map, scale: colorScale(spread, settings.scale, map.diverging) };
  known.set(subject, { key, colouring });
  return colouring;
}

const maps = new WeakMap<SliceModel, Ref<HeatmapElement>>();

/** The large pictures, side by side, which look at the same part. */
export function mapsView(model: SliceModel): TemplateResult {
  const first = maps.get(model) ?? createRef<HeatmapElement>();
  maps.set(model, first);
  return html`<div class="maps-line">
      <span class="dim"
        >Drag to move, Ctrl and the wheel or + and − to zoom, click to select an element.</span
      >
      <span class="zoom-buttons">
        ${button({ text: '+', name: 'Zoom in', press: () => first.value?.zoomBy(1.5) })}
        ${button({ text: '−', name: 'Zoom out', press: () => first.value?.zoomBy(1 / 1.5) })}
        ${button({ text: 'Fit', name: 'Show the whole slice', press: () => first.value?.zoomToFit() })}
      </span>
    </div>
    <div class="maps">
      ${model.subjects.map((subject, i) => mapView(model, subject, i === 0 ? first : undefined))}
    </div>`;
}

function mapView(
  model: SliceModel,
  subject: SliceSubject,
  element: Ref<HeatmapElement> | undefined,
): TemplateResult {
  const colouring = colouringOf(model, subject);
  const spread = model.spread(subject);
  if (!colouring || !spread) return html`<figure class="map loading" aria-busy="true"></figure>`;
  const props: HeatmapProps = {
    source: model.source(subject),
    ...colouring,
    link: model.link,
    choose: cell => model.choose(cell),
  };
  return html`<figure class="map">
    <figcaption>${subjectNames[subject]} <code>${model.text}</code></figcaption>
    <tensor-heatmap .props=${props} ${element ? ref(element) : nothing}></tensor-heatmap>
    ${colorBar(colouring.scale, colouring.map, spread)}
  </figure>`;
}
