import { oddBits } from '../../src/core/tensor/cells';
import { numberText } from '../ui/number';
import type { Block, CellStore } from './cellStore';
import type { HeatmapSource } from './heatmapSource';
import type { CellAt } from './linkedView';

/** What a cell is and holds: `H 3, W 12: 0.25`. */
export function describeCell(
  source: HeatmapSource,
  { row, column }: CellAt,
  found: { readonly value: number; readonly odd: number; readonly block: Block } | undefined,
): string {
  if (source.rows === 0 || source.columns === 0) return 'This slice is empty.';
  const { rows, columns } = found?.block ?? { rows: 1, columns: 1 };
  const place = [
    namedSpan(row, rows, source.rows, i => source.rowName(i)),
    namedSpan(column, columns, source.columns, i => source.columnName(i)),
  ]
    .filter(name => name !== '')
    .join(', ');
  const where = place === '' ? '' : `${place}: `;
  if (!found) return `${where}…`;
  const value = numberText(found.value);
  if (rows * columns === 1) return `${where}${value}`;
  return `${where}mean ${value}${oddNote(found.odd)}`;
}

function namedSpan(at: number, block: number, count: number, name: (i: number) => string): string {
  if (block === 1) return name(at);
  const first = Math.floor(at / block) * block;
  const last = Math.min(first + block, count) - 1;
  const to = name(last).split(' ').at(-1) ?? '';
  return name(first) === '' ? '' : `${name(first)} to ${to}`;
}

function oddNote(odd: number): string {
  const among = [
    ...((odd & oddBits.nan) === 0 ? [] : ['NaN']),
    ...((odd & oddBits.posInf) === 0 ? [] : ['+∞']),
    ...((odd & oddBits.negInf) === 0 ? [] : ['−∞']),
  ];
  return among.length === 0 ? '' : ` of the finite ones, with ${among.join(' and ')} among them`;
}

/** What one coloured square stands for, where that is not one element. */
export function readingNote({ near }: CellStore): string {
  if (!near || (near.rows.block === 1 && near.columns.block === 1)) return '';
  const block = `${near.rows.block} × ${near.columns.block}`;
  return near.picked
    ? ` · each square is the first of ${block} elements; their means are on their way`
    : ` · each square is the mean of ${block} elements`;
}
