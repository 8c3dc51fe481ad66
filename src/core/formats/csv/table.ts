import { refuse } from '../badFile';
import { readBytes, type ByteSource } from '../byteSource';
import { sniffDialect, type Dialect } from './dialect';
import { isData, parseField, splitFields } from './fields';
import { walkLines, type LineStart } from './lines';

/** What a table holds, after a pass over it: its values are parsed again where they are read. */
export interface Table {
  readonly dialect: Dialect;
  readonly columns: readonly TableColumn[];
  readonly rows: number;
  /** Whether the first row is 0, 1, 2, …, which may as well be the names that pandas gives columns. */
  readonly counted: boolean;
  /** Places to start reading from. */
  readonly starts: readonly RowStart[];
}

export interface TableColumn {
  /** As the header has it; undefined where there is none. */
  readonly name: string | undefined;
  /** The first field that is no number, and its line; undefined where all are. */
  readonly text: { readonly value: string; readonly line: number } | undefined;
}

interface RowStart extends LineStart {
  /** The row that comes first; −1 is the header. */
  readonly row: number;
}

const mostColumns = 1_000_000;

/** @throws BadFile where it is no table: rows of different lengths, a quote without end, UTF-16 */
export async function scanTable(source: ByteSource, signal: AbortSignal): Promise<Table> {
  const [first, second] = await readBytes(source, 0, Math.min(2, source.size), signal);
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    refuse('encoding-unknown', 'it is written in UTF-16: save it as UTF-8.');
  }
  const dialect = sniffDialect(await firstLines(source, signal));
  const scan = new TableScan(dialect);
  await walkLines(source, beginning, dialect.delimiter, scan, signal);
  return scan.table();
}

const beginning: LineStart = { offset: 0, lines: 0 };

/** Lines, and characters of them, by which the dialect is told. */
const sampleLines = 50;
const sampleLength = 1 << 20;

async function firstLines(source: ByteSource, signal: AbortSignal): Promise<string[]> {
  const sample: string[] = [];
  let length = 0;
  const line = (text: string): boolean => {
    if (!isData(text)) return true;
    sample.push(text);
    length += text.length;
    return sample.length < sampleLines && length < sampleLength;
  };
  // A blank as delimiter: what quotes mean is not known yet.
  await walkLines(source, beginning, ' ', { line }, signal);
  return sample;
}

/** Counts rows, and looks at every field for whether it is a number. */
class TableScan {
  private readonly starts: RowStart[] = [];
  private rows = 0;
  private counted = false;
  private width: number | undefined;
  private names: readonly string[] | undefined;
  private readonly texts: ({ value: string; line: number } | undefined)[] = [];

  constructor(private readonly dialect: Dialect) {}

  readonly start = (place: LineStart): void => {
    const headerIsAhead = this.dialect.header && this.names === undefined;
    this.starts.push({ ...place, row: headerIsAhead ? -1 : this.rows });
  };

  readonly line = (text: string, number: number): boolean => {
    if (!isData(text)) return true;
    const fields = splitFields(text, this.dialect.delimiter);
    this.width ??= fields.length;
    if (fields.length !== this.width) {
      refuse(
        'table-uneven',
        `line ${number} has ${fields.length} fields, and those before it ${this.width}.`,
      );
    }
    if (this.width > mostColumns) refuse('table-uneven', `it has ${this.width} columns.`);
    if (this.dialect.header && this.names === undefined)
      this.names = fields.map(name => name.trim());
    else this.look(fields, number);
    return true;
  };

  table(): Table {
    const columns = Array.from({ length: this.width ?? 0 }, (_, i) => ({
      name: this.names?.[i],
      text: this.texts[i],
    }));
    const { dialect, rows, counted, starts } = this;
    return { dialect, columns, rows, counted, starts };
  }

  private look(fields: readonly string[], line: number): void {
    const { texts } = this;
    const { decimalComma } = this.dialect;
    if (this.rows++ === 0 && !this.dialect.header)
      this.counted = fields.length > 1 && fields.every((field, i) => field === String(i));
    for (let i = 0; i < fields.length; i++) {
      const value = fields[i] as string;
      if (texts[i] !== undefined || parseField(value, decimalComma) !== undefined) continue;
      texts[i] = { value, line };
    }
  }
}

/** Fields of a table: these columns of these rows. */
export interface TablePart {
  readonly columns: readonly number[];
  readonly firstRow: number;
  readonly rows: number;
}

/**
 * Parses a part of a table.
 * @param store gets each number, row by row
 */
export async function readTable(
  source: ByteSource,
  { dialect, columns, starts }: Table,
  part: TablePart,
  store: (value: number) => void,
  signal: AbortSignal,
): Promise<void> {
  if (part.rows === 0) return;
  const start = starts.filter(({ row }) => row <= part.firstRow).at(-1);
  if (start === undefined) return;
  const end = part.firstRow + part.rows;
  let { row } = start;
  const line = (text: string, number: number): boolean => {
    if (!isData(text)) return true;
    if (row++ < part.firstRow) return true;
    const fields = splitFields(text, dialect.delimiter);
    if (fields.length !== columns.length) {
      refuse('file-changed', `line ${number} is not what it was: something is writing it.`);
    }
    for (const column of part.columns) {
      store(parseField(fields[column] as string, dialect.decimalComma) ?? NaN);
    }
    return row < end;
  };
  await walkLines(source, start, dialect.delimiter, { line }, signal);
  if (row < end) refuse('file-changed', 'it became shorter: something is writing it.');
}
