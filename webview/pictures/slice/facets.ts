import { html, nothing, type TemplateResult } from 'lit/html.js';
import { balancedCut } from '../../../src/core/tensor/balancedCut';
import type { Cells } from '../../../src/core/tensor/cells';
import { ok, type Result } from '../../../src/core/problem';
import { axisOf, moveAxis } from '../../../src/core/tensor/sliceView';
import type { SliceSubject } from '../../../src/protocol/pictures/slice';
import type { AskedCells } from '../../heatmap/heatmapSource';
import { countText } from '../../ui/number';
import { PictureRequest } from '../request';
import { colouringOf } from './maps';
import type { SliceModel } from './model';

/** Small pictures that are drawn at once. */
const mostFacets = 32;

/** Cells along each side of one. */
const facetCells = 64;

/** The cells of the first facets and of the last. */
interface FacetCells {
  readonly head: Cells;
  readonly tail: Cells | undefined;
}

const requests = new WeakMap<SliceModel, Map<SliceSubject, PictureRequest<FacetCells>>>();

/** One small picture a position of the axis that is drawn so; where there are many, the first and the last. */
export function facetsView(model: SliceModel): TemplateResult | typeof nothing {
  const { slice, grid } = model.now;
  if (axisOf(slice, 'facets') < 0 || grid.rows.count * grid.columns.count === 0) return nothing;
  return html`${model.subjects.map(subject => stripView(model, subject))}`;
}

function stripView(model: SliceModel, subject: SliceSubject): TemplateResult {
  const { grid, slice } = model.now;
  const axis = axisOf(slice, 'facets');
  const at = slice.axes[axis]?.at ?? 0;
  const cut = balancedCut(grid.facets.count, mostFacets);
  const { reply } = ask(model, subject, cut.head, cut.tail);
  const colouring = colouringOf(model, subject);
  const facet = (i: number, cells: Cells | undefined, of: number): TemplateResult =>
    html`<button
      type="button"
      class="facet"
      aria-pressed=${i === at ? 'true' : 'false'}
      title="Enlarge ${model.name('facets', i)}"
      @click=${() => model.show(moveAxis(slice, axis, i))}
    >
      <tensor-thumbnail
        .props=${cells && colouring ? { cells, facet: of, ...colouring } : undefined}
      ></tensor-thumbnail>
      <span>${model.name('facets', i)}</span>
    </button>`;
  const count = grid.facets.count;
  return html`<div
    class="facets"
    role="group"
    aria-label="Small pictures of the ${model.titleOf(subject)}"
  >
    ${Array.from({ length: cut.head }, (_, i) => facet(i, reply?.head, i))}
    ${
      cut.hidden === 0
        ? nothing
        : html`<p class="cut">
            <span aria-hidden="true">⋯</span> ${countText(cut.hidden)} of ${countText(count)} are
            not drawn: narrow the slice to see them <span aria-hidden="true">⋯</span>
          </p>`
    }
    ${Array.from({ length: cut.tail }, (_, i) => facet(count - cut.tail + i, reply?.tail, i))}
  </div>`;
}

function ask(
  model: SliceModel,
  subject: SliceSubject,
  head: number,
  tail: number,
): PictureRequest<FacetCells> {
  const all = requests.get(model) ?? new Map<SliceSubject, PictureRequest<FacetCells>>();
  requests.set(model, all);
  const request = all.get(subject) ?? new PictureRequest<FacetCells>(() => model.redraw());
  all.set(subject, request);
  const { grid } = model.now;
  const asked = thumbnails(grid.rows.count, grid.columns.count);
  request.ask(JSON.stringify([model.revisionOf(subject), grid]), async signal => {
    const fetch = (first: number, count: number): Promise<Result<Cells>> =>
      model.fetchFacets(subject, first, count, asked, signal);
    const first = await fetch(0, head);
    if (!first.ok) return first;
    if (tail === 0) return ok({ head: first.value, tail: undefined });
    const last = await fetch(grid.facets.count - tail, tail);
    return last.ok ? ok({ head: first.value, tail: last.value }) : last;
  });
  return request;
}

function thumbnails(rows: number, columns: number): AskedCells {
  const block = 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(rows, columns) / facetCells)));
  return {
    rows: { first: 0, count: rows, block },
    columns: { first: 0, count: columns, block },
    reduction: block > 1 ? 'mean' : 'pick',
  };
}
