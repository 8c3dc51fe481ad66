import { html, nothing, type TemplateResult } from 'lit/html.js';
import { guard } from 'lit/directives/guard.js';
import { ref } from 'lit/directives/ref.js';
import { repeat } from 'lit/directives/repeat.js';
import type { InspectionView } from '../../src/protocol/panel';
import type { CellEdit, PanelModel } from '../store';
import { cssProperties } from '../ui/cssProperties';
import { ascendingIcon, descendingIcon, editIcon } from '../ui/icons';
import { numberView } from '../ui/number';
import { sideways } from '../ui/sideways';
import { gridColumns, type GridColumn, type GridRow } from './columns';
import type { GridController } from './gridController';
import type { GridPosition } from './gridKeys';
import { rowHeight, rowsInView } from './window';

/** The virtualised ARIA grid: only the rows in view are in the page, at a fixed height. */
export function gridView(
  view: InspectionView,
  model: PanelModel,
  grid: GridController,
): TemplateResult {
  const { matching } = view.channels;
  const active = grid.active(view);
  const widths = cssProperties({
    '--moving-mean': `${grid.widths.mean}ch`,
    '--moving-variance': `${grid.widths.variance}ch`,
  });
  const height = cssProperties({ height: `${matching * rowHeight}px` });
  return html`<div class="sideways">
    <div
      class="grid"
      role="grid"
      aria-labelledby="channels-heading"
      aria-rowcount=${matching + 1}
      aria-colcount=${gridColumns.length}
      ${widths}
      ${sideways()}
      ${ref(element => grid.attach(element))}
      @scroll=${() => grid.onScroll()}
      @keydown=${(event: KeyboardEvent) => grid.onKey(event)}
      @click=${(event: Event) => grid.onClick(event)}
      @dblclick=${(event: Event) => grid.onDoubleClick(event)}
    >
      <div class="grid-header" role="rowgroup">${headerRow(view, active)}</div>
      <div class="grid-body" role="rowgroup" ${height}>
        ${repeat(
          rowsToRender(view, model, active),
          row => row,
          row => rowView(row, view, model, grid, active),
        )}
      </div>
    </div>
  </div>`;
}

/** Those in view, and the active one wherever it is: it has the focus. */
function rowsToRender(
  view: InspectionView,
  model: PanelModel,
  active: GridPosition,
): readonly number[] {
  const { first, end } = rowsInView(model.viewport, view.channels.matching);
  const rows = Array.from({ length: end - first }, (_, i) => first + i);
  if (active.row < 0 || (active.row >= first && active.row < end)) return rows;
  return active.row < first ? [active.row, ...rows] : [...rows, active.row];
}

function headerRow(view: InspectionView, active: GridPosition): TemplateResult {
  return html`<div class="grid-row" role="row" aria-rowindex="1" data-row="-1">
    ${gridColumns.map((column, index) =>
      headerCell(column, index, view, active.row === -1 && active.column === index),
    )}
  </div>`;
}

function headerCell(
  column: GridColumn,
  index: number,
  view: InspectionView,
  active: boolean,
): TemplateResult {
  const { query } = view.channels;
  const sorted = query.sort === column.id;
  const order = query.descending ? 'descending' : 'ascending';
  const hint = column.hint(view);
  return html`<div
    role="columnheader"
    class="cell head column-${column.id} ${column.numeric ? 'numeric' : ''}"
    aria-colindex=${index + 1}
    aria-sort=${sorted ? order : 'none'}
    data-column=${index}
    tabindex=${active ? 0 : -1}
    title="Sort by ${column.label}"
  >
    <span class="head-label"
      >${column.label}${
        sorted ? (query.descending ? descendingIcon : ascendingIcon) : nothing
      }</span
    >
    ${hint === '' ? nothing : html`<span class="head-hint">${hint}</span>`}
  </div>`;
}

/** One row; of a row that is not here yet the same elements without numbers, so that focus stays in it. */
function rowView(
  row: number,
  view: InspectionView,
  model: PanelModel,
  grid: GridController,
  active: GridPosition,
): unknown {
  const place = grid.cache.find(row);
  const channel = place?.rows.channel[place.at] ?? -1;
  const selected = channel === (model.pendingChannel ?? view.channels.selected);
  const activeColumn = active.row === row ? active.column : -1;
  const editing = model.editing?.row === row ? model.editing : null;
  const pending =
    model.pendingCell && (model.pendingCell.channel ?? channel) === channel
      ? model.pendingCell
      : null;
  const depends = [place?.rows, place?.at, row, view, selected, activeColumn, editing, pending];
  return guard(depends, () => {
    const cells = place ? { ...place, view, channel } : null;
    return html`<div
      class="grid-row ${selected ? 'selected' : ''} ${place ? '' : 'placeholder'}"
      role="row"
      aria-rowindex=${row + 2}
      aria-selected=${selected ? 'true' : 'false'}
      aria-busy=${place ? nothing : 'true'}
      data-row=${row}
      ${cssProperties({ transform: `translateY(${row * rowHeight}px)` })}
    >
      ${gridColumns.map((column, index) => {
        const edited = editing !== null && column.edits?.parameter === editing.parameter;
        return cellView({
          column,
          index,
          cells,
          active: activeColumn === index,
          editing: edited ? editing : null,
          pending: pending && column.edits?.parameter === pending.parameter ? pending.value : null,
          grid,
        });
      })}
    </div>`;
  });
}

interface CellProps {
  readonly column: GridColumn;
  readonly index: number;
  /** null while the row is on its way. */
  readonly cells: GridRow | null;
  readonly active: boolean;
  readonly editing: CellEdit | null;
  /** A value on its way to the host. */
  readonly pending: number | null;
  readonly grid: GridController;
}

function cellView(props: CellProps): TemplateResult {
  const { column, index, cells, active, editing } = props;
  return html`<div
    role=${index === 0 ? 'rowheader' : 'gridcell'}
    class="cell column-${column.id} ${column.numeric ? 'numeric' : ''} ${editing ? 'editing' : ''}"
    aria-colindex=${index + 1}
    aria-readonly=${column.edits ? 'false' : 'true'}
    data-column=${index}
    tabindex=${active ? 0 : -1}
    title=${editing || !cells ? nothing : column.title(cells)}
  >
    ${cells ? cellContent(props, cells) : html`<span class="placeholder-bar"></span>`}
  </div>`;
}

function cellContent(props: CellProps, cells: GridRow): TemplateResult {
  const { column, editing, pending, grid } = props;
  if (editing) return editorView(column, cells, grid, editing);
  const value = pending === null ? column.cell(cells) : numberView(pending);
  return html`${editedMark(column, cells)}${value}`;
}

function editedMark(
  column: GridColumn,
  { view, channel }: GridRow,
): TemplateResult | typeof nothing {
  const { edited } = view.flags;
  const label = column.edits?.label;
  if (label === undefined || edited.length === 0) return nothing;
  if (!edited.includes(label) && !edited.includes(`${label}[${channel}]`)) return nothing;
  return html`<span class="edited-mark" title="Edited here; Undo or Reset takes it back"
    >${editIcon}<span class="visually-hidden">edited </span></span
  >`;
}

function editorView(
  column: GridColumn,
  cells: GridRow,
  grid: GridController,
  editing: CellEdit,
): TemplateResult {
  const invalid = editing.problem !== '';
  return html`<input
    class="cell-editor"
    type="text"
    spellcheck="false"
    autocomplete="off"
    aria-label="${column.label} of channel ${cells.channel}"
    aria-describedby="grid-help"
    aria-invalid=${invalid ? 'true' : nothing}
    value=${editing.text}
    @blur=${(event: Event) => grid.editor.onBlur(event)}
  />`;
}
