import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { Flags } from '../../src/core/batchnorm/flags';
import type {
  MatrixCell,
  MatrixColumn,
  MatrixResult,
  MatrixView,
} from '../../src/core/batchnorm/matrix';
import type { InspectionView } from '../../src/protocol/panel';
import type { PanelActions } from '../actions';
import { shownFlags, type PanelModel } from '../store';
import { checkbox } from '../ui/controls';
import { changeView, numberView } from '../ui/number';
import { severityIcon } from '../ui/icons';
import { sideways } from '../ui/sideways';
import { elementChooser } from './elementChooser';
import { refusalView } from './refusal';

export interface MatrixProps {
  readonly view: InspectionView;
  readonly model: PanelModel;
  readonly actions: PanelActions;
}

/** The four flag combinations of one channel and element, under one convention or under all. */
export function matrixView(props: MatrixProps): TemplateResult {
  const { view, model, actions } = props;
  const { matrix } = view;
  return html`<section class="matrix" aria-labelledby="matrix-heading">
    <div class="heading-line">
      <h2 id="matrix-heading">Flags compared</h2>
      ${checkbox('All conventions', matrix.allConventions, on => {
        void actions.act({ kind: 'showAllConventions', on });
      })}
    </div>
    ${elementChooser(view, actions)} ${refusalView(model.refusal, 'element')}
    <div class="sideways">
      <div class="matrix-scroll" ${sideways()}>
        <div class="matrix-content">
          ${matrix.allConventions ? widenedTable(props) : singleTable(props)}
        </div>
      </div>
    </div>
  </section>`;
}

function sameFlags(a: Flags, b: Flags): boolean {
  return a.training === b.training && a.trainable === b.trainable;
}

function flagsName(flags: Flags): string {
  return `training ${flags.training ? 'on' : 'off'}, trainable ${flags.trainable ? 'on' : 'off'}`;
}

/** Names the two flags above the rows' heads. */
const flagsHead = html`<th scope="col">
  <span class="flags-head"><span></span><span>training</span><span>trainable</span></span>
</th>`;

/** The head of a row: a button that sets the row's flags. */
function rowHead(flags: Flags, current: boolean, actions: PanelActions): TemplateResult {
  const word = (on: boolean): TemplateResult =>
    html`<span class="flag ${on ? 'on' : 'off'}"
      ><span class="flag-glyph" aria-hidden="true">${on ? '●' : '○'}</span
      >${on ? 'on' : 'off'}</span
    >`;
  return html`<th scope="row">
    <button
      type="button"
      class="flags-button"
      aria-label=${flagsName(flags)}
      aria-pressed=${current ? 'true' : 'false'}
      title="Set ${flagsName(flags)}"
      @click=${(event: Event) => {
        event.stopPropagation();
        void actions.setFlags(flags);
      }}
    >
      <span class="here" aria-hidden="true">${current ? '▶' : ''}</span>
      ${word(flags.training)} ${word(flags.trainable)}
    </button>
  </th>`;
}

function tableRows(
  { view, model, actions }: MatrixProps,
  cells: (row: number) => TemplateResult | readonly TemplateResult[],
): readonly TemplateResult[] {
  const first = view.matrix.columns[0]?.cells ?? [];
  const flags = shownFlags(model, view.flags.flags);
  return first.map((cell, row) => {
    const current = sameFlags(cell.flags, flags);
    return html`<tr
      class="combination ${current ? 'current' : ''}"
      aria-current=${current ? 'true' : nothing}
      @click=${() => {
        if (!current) void actions.setFlags(cell.flags);
      }}
    >
      ${rowHead(cell.flags, current, actions)} ${cells(row)}
    </tr>`;
  });
}

function singleTable(props: MatrixProps): TemplateResult {
  const { matrix } = props.view;
  const column = matrix.columns[0];
  return html`<table class="single" aria-labelledby="matrix-heading">
    <thead>
      <tr>
        ${flagsHead}
        <th scope="col">normalised by</th>
        <th scope="col" class="numeric-head">output y</th>
        <th scope="col" class="numeric-head">
          moving mean<span class="now">now ${numberView(matrix.movingMeanBefore, 'printed')}</span>
        </th>
        <th scope="col" class="numeric-head">
          moving variance<span class="now"
            >now ${numberView(matrix.movingVarianceBefore, 'printed')}</span
          >
        </th>
      </tr>
    </thead>
    <tbody>
      ${tableRows(props, row => singleCells(matrix, column?.cells[row]))}
    </tbody>
  </table>`;
}

function singleCells(matrix: MatrixView, cell: MatrixCell | undefined): TemplateResult {
  if (!cell) return html`<td colspan="4"></td>`;
  const { result } = cell;
  if (result.kind === 'refused') {
    return html`<td colspan="4" class="refused">${refusedView(result.message)}</td>`;
  }
  return html`<td>${statisticsWord(result)}</td>
    <td class="numeric output">${numberView(result.output)}</td>
    <td class="numeric">
      ${changeView(matrix.movingMeanBefore, result.movingMeanAfter, 'printed')}
    </td>
    <td class="numeric">
      ${changeView(matrix.movingVarianceBefore, result.movingVarianceAfter, 'printed')}
    </td>`;
}

function statisticsWord(result: Extract<MatrixResult, { kind: 'value' }>): TemplateResult {
  return html`<span class="statistics-word ${result.normalizedWith}"
    >${result.normalizedWith}</span
  >`;
}

function refusedView(message: string): TemplateResult {
  return html`${severityIcon('error')} <span>${message}</span>`;
}

function widenedTable(props: MatrixProps): TemplateResult {
  const { view, actions } = props;
  const { matrix } = view;
  return html`<table class="widened" aria-labelledby="matrix-heading">
    <thead>
      <tr>
        ${flagsHead}
        ${matrix.columns.map(column =>
          conventionHead(column, column.convention.id === view.identity.convention.id, actions),
        )}
      </tr>
    </thead>
    <tbody>
      ${tableRows(props, row =>
        matrix.columns.map(column => widenedCell(matrix, column.cells[row])),
      )}
    </tbody>
  </table>`;
}

function conventionHead(
  { convention }: MatrixColumn,
  current: boolean,
  actions: PanelActions,
): TemplateResult {
  return html`<th scope="col" class=${current ? 'current' : ''}>
    <button
      type="button"
      class="convention-button"
      aria-pressed=${current ? 'true' : 'false'}
      title="Inspect under ${convention.name}: ${convention.api}, ${convention.versions}"
      @click=${() => void actions.act({ kind: 'setConvention', id: convention.id }, 'convention')}
    >
      <span class="here" aria-hidden="true">${current ? '▼' : ''}</span>${convention.name}
    </button>
    ${
      convention.verifiedByRunning
        ? nothing
        : html`<span class="mark" title=${convention.execution}>read, not run</span>`
    }
  </th>`;
}

function widenedCell(matrix: MatrixView, cell: MatrixCell | undefined): TemplateResult {
  if (!cell) return html`<td></td>`;
  const { result } = cell;
  if (result.kind === 'refused') {
    return html`<td class="refused">${refusedView(result.message)}</td>`;
  }
  return html`<td class=${cell.current ? 'current' : ''}>
    <div class="output-line">
      <span class="numeric output">${numberView(result.output)}</span>
      ${statisticsWord(result)}
    </div>
    <dl class="after">
      <dt>mean</dt>
      <dd>${changeView(matrix.movingMeanBefore, result.movingMeanAfter, 'printed')}</dd>
      <dt>variance</dt>
      <dd>${changeView(matrix.movingVarianceBefore, result.movingVarianceAfter, 'printed')}</dd>
    </dl>
  </td>`;
}
