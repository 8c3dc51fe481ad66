import { html, nothing, type TemplateResult } from 'lit/html.js';
import type { ChannelColumn } from '../../src/core/batchnorm/channelTable';
import type { ParameterName } from '../../src/core/batchnorm/layer';
import { histogramBins } from '../../src/core/statistics/channels';
import type { InspectionView } from '../../src/protocol/panel';
import { healthyIcon, severityIcon } from '../ui/icons';
import { changeText, changeView, countText, numberText, numberView } from '../ui/number';
import { histogramView } from './histogram';
import type { RowPlace } from './rowCache';

/** One row as the columns see it. */
export interface GridRow extends RowPlace {
  readonly view: InspectionView;
  readonly channel: number;
}

/** A column of the grid: adding one is a value in `gridColumns` and a width in the css. */
export interface GridColumn {
  readonly id: ChannelColumn;
  /** Head, and accessible name. */
  readonly label: string;
  /** What the numbers are, under the head. */
  readonly hint: (view: InspectionView) => string;
  /** The parameter that the cell edits, and its name in `FlagsView.edited`. */
  readonly edits?: { readonly parameter: ParameterName; readonly label: string };
  readonly numeric: boolean;
  readonly cell: (row: GridRow) => TemplateResult;
  /** Everything the cell says, in full, for its tooltip. */
  readonly title: (row: GridRow) => string;
  /** What the editor opens with. */
  readonly value?: (row: GridRow) => number;
}

type Column =
  'gamma' | 'beta' | 'batchMean' | 'batchVariance' | 'movingMeanBefore' | 'movingVarianceBefore';

function valueOf(row: GridRow, column: Column): number {
  return row.rows[column][row.at] ?? NaN;
}

const none = (): string => '';

function parameterColumn(id: 'gamma' | 'beta'): GridColumn {
  return {
    id,
    label: id,
    hint: none,
    numeric: true,
    edits: { parameter: id, label: id },
    value: row => valueOf(row, id),
    cell: row => numberView(valueOf(row, id), 'short'),
    title: row => `${id} of channel ${row.channel}: ${numberText(valueOf(row, id))}`,
  };
}

function batchColumn(id: 'batchMean' | 'batchVariance', label: string): GridColumn {
  return {
    id,
    label,
    hint: none,
    numeric: true,
    cell: row => numberView(valueOf(row, id), 'short'),
    title: row =>
      `${label} of channel ${row.channel}: ${String(valueOf(row, id))} over ${countText(row.rows.n[row.at] ?? 0)} elements`,
  };
}

function movingColumn(
  id: 'movingMean' | 'movingVariance',
  label: string,
  before: 'movingMeanBefore' | 'movingVarianceBefore',
  after: 'movingMeanAfter' | 'movingVarianceAfter',
): GridColumn {
  const next = (row: GridRow): number => row.rows[after][row.at] ?? NaN;
  return {
    id,
    label,
    hint: view => (view.verdict.updated ? 'old → new' : 'stays'),
    numeric: true,
    edits: { parameter: id, label },
    value: row => valueOf(row, before),
    cell: row => changeView(valueOf(row, before), next(row), 'printed'),
    title: row =>
      `${label} of channel ${row.channel}: ${changeText(valueOf(row, before), next(row))}`,
  };
}

const channelColumn: GridColumn = {
  id: 'channel',
  label: 'channel',
  hint: none,
  numeric: true,
  cell: row =>
    html`<span class="health-glyph" aria-hidden="true">${healthIcon(row)}</span
      ><span class="number">${row.channel}</span>`,
  title: row => `channel ${row.channel}: ${healthTitle(row)}`,
};

const driftColumn: GridColumn = {
  id: 'drift',
  label: 'drift',
  hint: () => 'in σ, ratio',
  numeric: true,
  cell: row =>
    html`${numberView(round(row.rows.drift[row.at] ?? NaN), 'short')}<span class="ratio"
        ><span class="times">×</span>${numberView(
          round(row.rows.varianceRatio[row.at] ?? NaN),
          'short',
        )}</span
      >`,
  title: row =>
    `The batch mean of channel ${row.channel} is ${numberText(row.rows.drift[row.at] ?? NaN, 'short')} moving standard deviations from the moving mean; ` +
    `its variance is ${numberText(row.rows.varianceRatio[row.at] ?? NaN, 'short')} times the moving one`,
};

/** Three significant digits are all that drift means. */
function round(x: number): number {
  return Number.isFinite(x) ? Number(x.toPrecision(3)) : x;
}

const outputColumn: GridColumn = {
  id: 'output',
  label: 'output',
  hint: () => 'min … max',
  numeric: false,
  cell: outputCell,
  title: outputTitle,
};

function outputNumbers({ rows, at }: GridRow): {
  min: number;
  max: number;
  mean: number;
  std: number;
  special: readonly (readonly [count: number, glyph: string])[];
} {
  return {
    min: rows.outputMin[at] ?? NaN,
    max: rows.outputMax[at] ?? NaN,
    mean: rows.outputMean[at] ?? NaN,
    std: rows.outputStd[at] ?? NaN,
    special: [
      [rows.outputNan[at] ?? 0, 'NaN'],
      [rows.outputPosInf[at] ?? 0, '+∞'],
      [rows.outputNegInf[at] ?? 0, '−∞'],
    ],
  };
}

function outputCell(row: GridRow): TemplateResult {
  const { min, max, mean, std, special } = outputNumbers(row);
  const bins = row.rows.histogram.subarray(row.at * histogramBins, (row.at + 1) * histogramBins);
  const counted = special.filter(([count]) => count > 0);
  const number = (x: number): TemplateResult => numberView(round(x), 'short');
  return html`${histogramView(bins, min, max)}${
    Number.isNaN(min)
      ? nothing
      : html`<span class="range">${number(min)} … ${number(max)}</span
          ><span class="moments"
            ><i>μ</i> ${number(clean(mean, std))} <i>σ</i> ${number(std)}</span
          >`
  }${counted.map(
    ([count, glyph]) => html`<span class="special counted">${countText(count)} × ${glyph}</span>`,
  )}`;
}

/** A mean that is float32's rounding noise around 0 is shown as 0; the title has it in full. */
function clean(mean: number, std: number): number {
  return Math.abs(mean) < Math.abs(std) * 1e-6 ? 0 : mean;
}

function outputTitle(row: GridRow): string {
  const { min, max, mean, std, special } = outputNumbers(row);
  const counted = special.flatMap(([count, glyph]) => (count > 0 ? [`${count} × ${glyph}`] : []));
  const finite = Number.isNaN(min)
    ? 'no finite element'
    : `${numberText(min)} … ${numberText(max)}, mean ${numberText(mean)}, standard deviation ${numberText(std)}`;
  return [`output of channel ${row.channel}: ${finite}`, ...counted].join(', ');
}

const healthColumn: GridColumn = {
  id: 'health',
  label: 'health',
  hint: none,
  numeric: false,
  cell: row => {
    const finding = row.view.findings[row.rows.finding[row.at] ?? -1];
    const word = finding ? finding.id.replaceAll(/-(?!finite)/g, ' ') : 'ok';
    return html`${healthIcon(row)}<span class="health-word ${finding?.severity ?? 'ok'}"
        >${word}</span
      >`;
  },
  title: healthTitle,
};

function healthIcon({ view, rows, at }: GridRow): TemplateResult {
  const finding = view.findings[rows.finding[at] ?? -1];
  return finding ? severityIcon(finding.severity) : healthyIcon;
}

function healthTitle({ view, rows, at }: GridRow): string {
  return view.findings[rows.finding[at] ?? -1]?.message ?? 'nothing wrong found';
}

/** In the order they stand. */
export const gridColumns: readonly GridColumn[] = [
  channelColumn,
  parameterColumn('gamma'),
  parameterColumn('beta'),
  batchColumn('batchMean', 'batch mean'),
  batchColumn('batchVariance', 'batch variance'),
  movingColumn('movingMean', 'moving mean', 'movingMeanBefore', 'movingMeanAfter'),
  movingColumn('movingVariance', 'moving variance', 'movingVarianceBefore', 'movingVarianceAfter'),
  driftColumn,
  outputColumn,
  healthColumn,
];
