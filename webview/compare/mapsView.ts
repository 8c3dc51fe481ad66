import { html, nothing, type TemplateResult } from 'lit/html.js';
import { createRef, ref, type Ref } from 'lit/directives/ref.js';
import type { CompareSubject, TensorsView } from '../../src/protocol/compare';
import { colorBar } from '../heatmap/colorBar';
import { findColormap, type Colormap } from '../heatmap/colormaps';
import { colorScale, joinSpreads, type ColorScale } from '../heatmap/colorScale';
import type { HeatmapElement, HeatmapProps } from '../heatmap/heatmapElement';
import { problemView } from '../pictures/problem';
import { axesView } from '../pictures/slice/axes';
import { tableView } from '../pictures/slice/table';
import { button } from '../ui/controls';
import type { MapsModel } from './mapsModel';

interface Colouring {
  readonly key: string;
  readonly scale: ColorScale;
  readonly map: Colormap;
}

const made = new WeakMap<MapsModel, Map<CompareSubject, Colouring>>();
const firstMaps = new WeakMap<MapsModel, Ref<HeatmapElement>>();

/** A, B and their difference, side by side. */
export function mapsView(model: MapsModel, tensors: TensorsView): TemplateResult {
  const first = firstMaps.get(model) ?? createRef<HeatmapElement>();
  firstMaps.set(model, first);
  return html`<section class="slice" aria-labelledby="maps-heading">
    <h2 id="maps-heading">Side by side</h2>
    ${axesView(tensors, model)} ${problemView(model.problem)}
    <div class="maps-line">
      <span class="dim"
        >Drag to move, Ctrl and the wheel or + and − to zoom, click to select: all three
        follow.</span
      >
      <span class="zoom-buttons">
        ${button({ text: '+', name: 'Zoom in', press: () => first.value?.zoomBy(1.5) })}
        ${button({ text: '−', name: 'Zoom out', press: () => first.value?.zoomBy(1 / 1.5) })}
        ${button({ text: 'Fit', name: 'Show the whole slice', press: () => first.value?.zoomToFit() })}
      </span>
    </div>
    <div class="maps">
      ${model.subjects.map((subject, i) => mapView(model, subject, i === 0 ? first : undefined))}
    </div>
    ${tableView(model)}
  </section>`;
}

function mapView(
  model: MapsModel,
  subject: CompareSubject,
  element: Ref<HeatmapElement> | undefined,
): TemplateResult {
  const colouring = colouringOf(model, subject);
  const spread = model.spread(subject);
  if (!colouring || !spread) return html`<figure class="map loading" aria-busy="true"></figure>`;
  const { scale, map } = colouring;
  const props: HeatmapProps = {
    source: model.source(subject),
    scale,
    map,
    link: model.link,
    choose: cell => model.choose(cell),
  };
  return html`<figure class="map">
    <figcaption>${model.titleOf(subject)} <code>${model.text}</code></figcaption>
    <tensor-heatmap .props=${props} ${element ? ref(element) : nothing}></tensor-heatmap>
    ${colorBar(scale, map, spread)}
  </figure>`;
}

/** A and B have one scale; the difference has one around zero. */
function colouringOf(model: MapsModel, subject: CompareSubject): Colouring | undefined {
  const own = model.spread(subject);
  const other = subject === 'difference' ? own : model.spread(subject === 'a' ? 'b' : 'a');
  if (!own || !other) return undefined;
  const spread = other === own ? own : joinSpreads(own, other);
  const key = JSON.stringify(spread);
  const known = made.get(model) ?? new Map<CompareSubject, Colouring>();
  made.set(model, known);
  const before = known.get(subject);
  if (before?.key === key) return before;
  const aroundZero = subject === 'difference' || (spread.min < 0 && spread.max > 0);
  const map = findColormap('auto', aroundZero);
  const colouring = { key, map, scale: colorScale(spread, 'linear', map.diverging) };
  known.set(subject, colouring);
  return colouring;
}
