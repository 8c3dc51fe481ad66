import { html, nothing, type TemplateResult } from 'lit/html.js';
import { balancedCut, shownIndices } from '../../../src/core/tensor/balancedCut';
import type { CellNumbers } from '../../../src/core/tensor/cells';
import { ok, type Result } from '../../../src/core/problem';
import type { HeatmapSource } from '../../heatmap/heatmapSource';
import type { Span } from '../../heatmap/viewport';
import { countText, numberView } from '../../ui/number';
import { PictureRequest } from '../request';

/** Rows and columns of the table at most: the first half and the last. */
const mostRows = 16;
const mostColumns = 10;

/** Whose slices are printed. */
export interface Tabulated {
  readonly subjects: readonly string[];
  /** The slice in NumPy's words. */
  readonly text: string;
  titleOf(subject: string): string;
  source(subject: string): HeatmapSource;
  redraw(): void;
}

/** The values that are shown, row by row. */
type Rows = readonly Float64Array[];

const requests = new WeakMap<Tabulated, Map<string, PictureRequest<Rows>>>();
const open = new WeakSet<Tabulated>();

/** The same slice as numbers, for whoever does not see the picture or wants the digits. */
export function tableView(model: Tabulated): TemplateResult {
  return html`<details
    class="table-twin"
    ?open=${open.has(model)}
    @toggle=${(event: Event) => {
      if (!(event.target instanceof HTMLDetailsElement)) return;
      if (event.target.open) open.add(model);
      else open.delete(model);
      model.redraw();
    }}
  >
    <summary>As a table</summary>
    ${open.has(model) ? model.subjects.map(subject => subjectTable(model, subject)) : nothing}
  </details>`;
}

function subjectTable(model: Tabulated, subject: string): TemplateResult {
  const source = model.source(subject);
  const rows = shownIndices(source.rows, mostRows);
  const columns = shownIndices(source.columns, mostColumns);
  if (source.rows === 0 || source.columns === 0) {
    return html`<p class="help">This slice of the ${model.titleOf(subject)} is empty.</p>`;
  }
  const { current } = ask(model, subject, source);
  const nth = (list: readonly (number | null)[], i: number): number =>
    list.slice(0, i).filter(entry => entry !== null).length;
  return html`<div class="table-scroll">
      <table class="picture-table values">
        <caption>
          ${model.titleOf(subject)}
          <code>${model.text}</code>
        </caption>
        <thead>
          <tr>
            <td></td>
            ${columns.map(column =>
              column === null
                ? html`<td class="cut">⋯</td>`
                : html`<th scope="col" class="numeric">${source.columnName(column)}</th>`,
            )}
          </tr>
        </thead>
        <tbody>
          ${rows.map((row, r) =>
            row === null
              ? html`<tr>
                  <td class="cut" colspan=${columns.length + 1}>⋯</td>
                </tr>`
              : html`<tr>
                  <th scope="row">${source.rowName(row)}</th>
                  ${columns.map((column, c) =>
                    column === null
                      ? html`<td class="cut">⋯</td>`
                      : html`<td class="numeric">
                          ${valueView(current?.[nth(rows, r)]?.[nth(columns, c)])}
                        </td>`,
                  )}
                </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${cutNote(source)}`;
}

/** A value that is on its way is none yet. */
function valueView(value: number | undefined): TemplateResult {
  return value === undefined ? html`<span class="dim">…</span>` : numberView(value);
}

function cutNote({ rows, columns }: HeatmapSource): TemplateResult | typeof nothing {
  const hidden = [
    [balancedCut(rows, mostRows).hidden, 'rows', rows] as const,
    [balancedCut(columns, mostColumns).hidden, 'columns', columns] as const,
  ].filter(([count]) => count > 0);
  if (hidden.length === 0) return nothing;
  const text = hidden.map(([count, what, of]) => `${countText(count)} of ${countText(of)} ${what}`);
  return html`<p class="help">
    ${text.join(' and ')} are left out where ⋯ stands: narrow the slice to see them.
  </p>`;
}

function ask(model: Tabulated, subject: string, source: HeatmapSource): PictureRequest<Rows> {
  const all = requests.get(model) ?? new Map<string, PictureRequest<Rows>>();
  requests.set(model, all);
  const request = all.get(subject) ?? new PictureRequest<Rows>(() => model.redraw());
  all.set(subject, request);
  request.ask(source.key, signal => fetchCorners(source, signal));
  return request;
}

/** The first and the last rows, of each the first and the last columns. */
async function fetchCorners(source: HeatmapSource, signal: AbortSignal): Promise<Result<Rows>> {
  const columnSpans = spansOf(source.columns, mostColumns);
  const rows: Float64Array[] = [];
  for (const rowSpan of spansOf(source.rows, mostRows)) {
    const parts: CellNumbers[] = [];
    for (const columnSpan of columnSpans) {
      const asked = { rows: rowSpan, columns: columnSpan, reduction: 'pick' as const };
      const found = await source.fetch(asked, signal);
      if (!found.ok) return found;
      parts.push(found.value.values);
    }
    for (let row = 0; row < rowSpan.count; row++) rows.push(joinedRow(parts, row, rowSpan.count));
  }
  return ok(rows);
}

function joinedRow(parts: readonly CellNumbers[], row: number, rows: number): Float64Array {
  return Float64Array.from(
    parts.flatMap(part => {
      const columns = part.length / rows;
      return [...part.subarray(row * columns, (row + 1) * columns)];
    }),
  );
}

function spansOf(count: number, limit: number): Span[] {
  const { head, tail, hidden } = balancedCut(count, limit);
  const first = { first: 0, count: head, block: 1 };
  return hidden === 0 ? [first] : [first, { first: count - tail, count: tail, block: 1 }];
}
