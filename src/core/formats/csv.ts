import type { ByteSource } from './byteSource';
import type { EntryRead, EntryValues, TensorEntry } from './catalog';
import { refuse } from './badFile';
import { readTable, scanTable, type Table } from './csv/table';
import { allocateValues, checkElementRange, unreadableEntry } from './denseEntry';
import type { Format } from './format';
import { checkShape, quoted } from './shapes';
import { UniqueNames } from './uniqueNames';

/**
 * Tables of numbers, as spreadsheets, pandas and `numpy.savetxt` write them: the numbers of all columns as
 * one tensor, and each named column by itself. Rows are counted in a pass over the file. Source: RFC 4180.
 */
export const csv: Format = {
  id: 'csv',
  name: 'table of numbers',
  extensions: ['.csv', '.tsv'],
  isText: true,
  sniff: () => false,
  async open(source, _services, signal) {
    const table = await scanTable(source, signal);
    const { columns } = table;
    const numeric = [...columns.keys()].filter(i => isInput(table, i));
    if (table.rows === 0 || numeric.length === 0) {
      refuse('no-numbers', 'it has no column of numbers.');
    }
    const names = new UniqueNames();
    const whole = numbersEntry(source, table, names.take('input'), numeric);
    const named = table.dialect.header && columns.length <= mostNamed ? [...columns.keys()] : [];
    return {
      format: csv.id,
      entries: [whole, ...named.map(i => columnEntry(source, table, names, i))],
      hints: [],
      notes: notesOf(table, numeric),
    };
  },
};

/** Columns that are listed one by one. */
const mostNamed = 10_000;

/** Numbers, and not the row numbers that pandas writes first, without a name. */
function isInput({ columns }: Table, i: number): boolean {
  return columns[i]?.text === undefined && !isIndex(columns[i]?.name, i);
}

function isIndex(name: string | undefined, i: number): boolean {
  return i === 0 && name === '';
}

function notesOf({ columns, dialect, rows, counted }: Table, numeric: readonly number[]): string[] {
  const inside = new Set(numeric);
  const left = columns.flatMap(({ name }, i) => (inside.has(i) ? [] : labelOf(name, i)));
  const notes = dialect.decimalComma ? ['Its decimal point is a comma.'] : [];
  if (counted && rows > 1) notes.push(countedNote);
  if (left.length === 0) return notes;
  const shown = left.length > 10 ? `${left.slice(0, 10).join(', ')}, …` : left.join(', ');
  return [...notes, `Not part of "input": ${shown}.`];
}

const countedNote =
  'Its first row, 0, 1, 2, …, is read as numbers: where it names the columns, as in what pandas writes without names, remove it.';

function labelOf(name: string | undefined, i: number): string {
  return name === undefined || name === '' ? `column ${i + 1}` : name;
}

function columnEntry(source: ByteSource, table: Table, names: UniqueNames, i: number): TensorEntry {
  const { name, text } = table.columns[i] ?? { name: undefined, text: undefined };
  const label = names.take(labelOf(name, i));
  if (text === undefined) return numbersEntry(source, table, label, i);
  const reason = `line ${text.line} has ${quoted(text.value)}, which is no number`;
  return unreadableEntry(label, [table.rows], 'string', 0, reason);
}

/** @param columns several, or one, which makes a tensor of one dimension */
function numbersEntry(
  source: ByteSource,
  table: Table,
  name: string,
  columns: number | readonly number[],
): TensorEntry {
  const list = typeof columns === 'number' ? [columns] : columns;
  const shape = typeof columns === 'number' ? [table.rows] : [table.rows, columns.length];
  const elements = checkShape(shape, name);
  const width = list.length;
  const read = async ({ signal, range, into }: EntryRead): Promise<EntryValues> => {
    const { start, count } = checkElementRange(range, elements, name);
    const data = into ?? allocateValues('float64', count, name);
    const firstRow = Math.floor(start / width);
    const rows = count === 0 ? 0 : Math.ceil((start + count) / width) - firstRow;
    let at = firstRow * width - start;
    const store = (value: number): void => {
      if (at >= 0 && at < count) data[at] = value;
      at++;
    };
    await readTable(source, table, { columns: list, firstRow, rows }, store, signal);
    return { data, inexact: 0 };
  };
  return {
    name,
    shape,
    dtype: 'float64',
    bytes: elements * 8,
    content: { kind: 'readable', dtype: 'float64', numbers: 1, ranges: true, read },
  };
}
