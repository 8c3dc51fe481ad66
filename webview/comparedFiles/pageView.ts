import { html, nothing, type TemplateResult } from 'lit/html.js';
import { pairsWords } from '../../src/core/batchnorm/comparing/pairingFindings';
import { parameterNames } from '../../src/core/batchnorm/layer';
import { parameterLabels } from '../../src/core/batchnorm/statement';
import type { FilesAction, FileSide, FilesRow, FilesView } from '../../src/protocol/comparedFiles';
import {
  closenessWords,
  compareFindings,
  failedView,
  marks,
  toleranceView,
} from '../compare/sharedViews';
import { problemView } from '../pictures/problem';
import { actionLink, button, checkbox, progressRing } from '../ui/controls';
import { severityIcon } from '../ui/icons';
import { countText, numberView, plural } from '../ui/number';
import { orderRows } from './orderRows';
import { rowsAtOnce, type FilesModel, type PairLayout } from './store';

export interface FilesParts {
  readonly act: (action: FilesAction) => void;
  readonly arrange: (layout: Partial<PairLayout>) => void;
}

/** The whole page: both files, what it comes to, what differs, and each pair of layers. */
export function comparedFilesPage(
  { state, problem, layout }: FilesModel,
  parts: FilesParts,
): TemplateResult {
  if (!state || state.kind === 'loading') {
    const { what, done, total } = state ?? { what: 'Reading', done: 0, total: 0 };
    return html`<div class="state" role="status">
      ${progressRing()} ${what}${total === 0 ? '…' : ` (${done} of ${plural(total, 'layer')})…`}
      ${problemView(problem ?? undefined)}
    </div>`;
  }
  if (state.kind === 'failed') {
    return failedView(state.title, state.problem, parts.act);
  }
  const { view } = state;
  return html`<div class="inspection compare" aria-busy=${view.busy ? 'true' : nothing}>
    <h1 class="visually-hidden">Compare two checkpoints</h1>
    <div class="sides">${sideView('A', view.a)}${sideView('B', view.b)}</div>
    ${toleranceView(view, parts.act, reportButton(parts))}
    ${problemView(view.problem ?? problem ?? undefined)}
    <p class="compare-verdict ${view.closeness}" role="status">
      <span class="mark" aria-hidden="true">${marks[view.closeness]}</span> ${view.verdict}
    </p>
    ${findingsView(view)} ${pairsView(view, layout, parts)}
  </div>`;
}

function reportButton({ act }: FilesParts): TemplateResult {
  return button({
    text: 'Copy report',
    title: 'Markdown for an issue tracker: the findings with their evidence, and the pairs',
    press: () => act({ kind: 'copyReport' }),
  });
}

function sideView(name: string, { name: title, place, layers }: FileSide): TemplateResult {
  return html`<section class="side" aria-label="Side ${name}">
    <span class="side-name" aria-hidden="true">${name}</span>
    <div>
      <p class="side-title" title=${place}>${title}</p>
      <p class="dim">${plural(layers, 'batch-norm layer')}</p>
    </div>
  </section>`;
}

function findingsView({ findings, rows }: FilesView): TemplateResult {
  const pairs = rows.filter(({ closeness }) => closeness !== null).length;
  return html`<section aria-labelledby="differences-heading">
    <h2 id="differences-heading">What differs</h2>
    ${
      findings.length === 0
        ? html`<p class="help">Nothing beyond the numbers of the parameters below.</p>`
        : compareFindings(
            findings.map(finding => ({
              ...finding,
              message: finding.message + pairsWords(finding, pairs),
            })),
          )
    }
  </section>`;
}

function pairsView(
  { rows, more }: FilesView,
  { rows: drawn, worstFirst }: PairLayout,
  parts: FilesParts,
): TemplateResult | typeof nothing {
  if (rows.length === 0) return nothing;
  const order = orderRows(rows, worstFirst);
  const left = rows.length - Math.min(drawn, rows.length);
  return html`<section aria-labelledby="pairs-heading">
    <h2 id="pairs-heading">Layers</h2>
    ${checkbox('Those that differ most first', worstFirst, checked =>
      parts.arrange({ worstFirst: checked }),
    )}
    <div class="table-scroll file-pairs" tabindex="0" role="region" aria-label="Pairs of layers">
      <table class="picture-table" aria-label="Pairs of layers">
        <thead>
          <tr>
            <th scope="col">layer of A</th>
            <th scope="col">layer of B</th>
            <th scope="col">paired by</th>
            ${parameterNames.map(
              role => html`<th scope="col" class="numeric">${parameterLabels[role]} |a − b|</th>`,
            )}
            <th
              scope="col"
              class="numeric"
              title="The largest in inference, over inputs within two moving deviations of A’s mean"
            >
              output |a − b|
            </th>
            <th scope="col">comes to</th>
          </tr>
        </thead>
        <tbody>
          ${order.slice(0, drawn).map(index => rowView(rows[index] as FilesRow, index, parts))}
        </tbody>
      </table>
    </div>
    ${
      left + more === 0
        ? nothing
        : html`<div class="buttons">
            <p class="help">
              ${countText(left + more)}
              more${left === 0 ? ', which one page does not list: use “normscope compare” in a terminal' : ''}.
            </p>
            ${
              left === 0
                ? nothing
                : button({
                    text: 'Show more',
                    press: () => parts.arrange({ rows: drawn + rowsAtOnce }),
                  })
            }
          </div>`
    }
  </section>`;
}

function rowView(row: FilesRow, index: number, { act }: FilesParts): TemplateResult {
  const { a, b, closeness, apart, effect, foldedInto } = row;
  const open = (): void => act({ kind: 'openPair', row: index });
  const isPair = a !== null && b !== null && closeness !== null;
  return html`<tr class=${closeness ?? 'alone'}>
    <th scope="row">
      ${isPair ? actionLink(nameOf(a), `Compare ${nameOf(a)} and ${nameOf(b)} channel by channel`, open) : nameOf(a)}
    </th>
    <td class="layer-of-b">${nameOf(b)}</td>
    <td>${pairedByView(row)}</td>
    ${apart.map(size => html`<td class="numeric">${size === null ? '–' : numberView(size, 'short')}</td>`)}
    <td class="numeric">
      ${effect ? html`${numberView(effect.size, 'short')} <span class="dim">channel ${effect.channel}</span>` : isPair ? '0' : '–'}
    </td>
    <td>
      ${
        foldedInto !== null
          ? 'folded'
          : closeness === null
            ? html`${severityIcon('error')}
              ${a === null || b === null ? 'no partner' : 'not comparable'}`
            : html`<span class="mark" aria-hidden="true">${marks[closeness]}</span>
                ${closenessWords[closeness]}`
      }
    </td>
  </tr>`;
}

function nameOf(name: string | null): string {
  if (name === null) return '–';
  return name === '' ? 'the file’s own layer' : name;
}

function pairedByView({ pairedBy, doubt, foldedInto }: FilesRow): TemplateResult | string {
  if (foldedInto !== null) return `folded into ${foldedInto}`;
  if (pairedBy === null) return '–';
  if (doubt === null) return pairedBy;
  return html`<details>
    <summary>${severityIcon('warning')} ${pairedBy}, not sure</summary>
    <p class="doubt">${doubt}</p>
  </details>`;
}
