import { html, nothing, type TemplateResult } from 'lit/html.js';
import { createRef, ref, type Ref } from 'lit/directives/ref.js';
import type { CellSpread } from '../../src/core/statistics/cellSpread';
import { button } from '../ui/controls';
import { colorBar } from './colorBar';
import type { Colouring } from './colouring';
import type { HeatmapElement, HeatmapProps } from './heatmapElement';
import type { HeatmapSource } from './heatmapSource';
import type { CellAt, LinkedView } from './linkedView';

/** One slice of several tensors. */
export interface LinkedMaps<Subject extends string> {
  readonly subjects: readonly Subject[];
  readonly link: LinkedView;
  /** The slice in NumPy's words. */
  readonly text: string;
  titleOf(subject: Subject): string;
  source(subject: Subject): HeatmapSource;
  /** Undefined until it is known. */
  spread(subject: Subject): CellSpread | undefined;
  choose(cell: CellAt): void;
}

const firstMaps = new WeakMap<object, Ref<HeatmapElement>>();

/**
 * Heatmaps side by side, which look at the same part and point at the same cell.
 * @param hint what the mouse and keys do
 * @param colouringOf undefined until it is known what the values are like
 */
export function linkedMapsView<Subject extends string>(
  model: LinkedMaps<Subject>,
  hint: string,
  colouringOf: (subject: Subject) => Colouring | undefined,
): TemplateResult {
  const first = firstMaps.get(model) ?? createRef<HeatmapElement>();
  firstMaps.set(model, first);
  return html`<div class="maps-line">
      <span class="dim">${hint}</span>
      <span class="zoom-buttons">
        ${button({ text: '+', name: 'Zoom in', press: () => first.value?.zoomBy(1.5) })}
        ${button({ text: '−', name: 'Zoom out', press: () => first.value?.zoomBy(1 / 1.5) })}
        ${button({ text: 'Fit', name: 'Show the whole slice', press: () => first.value?.zoomToFit() })}
      </span>
    </div>
    <div class="maps">
      ${model.subjects.map((subject, i) =>
        mapView(model, subject, colouringOf(subject), i === 0 ? first : undefined),
      )}
    </div>`;
}

function mapView<Subject extends string>(
  model: LinkedMaps<Subject>,
  subject: Subject,
  colouring: Colouring | undefined,
  element: Ref<HeatmapElement> | undefined,
): TemplateResult {
  const spread = model.spread(subject);
  if (!colouring || !spread) return html`<figure class="map loading" aria-busy="true"></figure>`;
  const props: HeatmapProps = {
    source: model.source(subject),
    ...colouring,
    link: model.link,
    choose: cell => model.choose(cell),
  };
  return html`<figure class="map">
    <figcaption>${model.titleOf(subject)} <code>${model.text}</code></figcaption>
    <tensor-heatmap .props=${props} ${element ? ref(element) : nothing}></tensor-heatmap>
    ${colorBar(colouring.scale, colouring.map, spread)}
  </figure>`;
}
