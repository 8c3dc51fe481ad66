import { parseField, splitFields } from './fields';

/** How a table is written: what separates its fields, and whether its first row names them. */
export interface Dialect {
  /** One character; a space stands for any run of blanks, as `numpy.savetxt` writes. */
  readonly delimiter: string;
  readonly header: boolean;
  /** Whether a comma is the decimal point, as in much of Europe. */
  readonly decimalComma: boolean;
}

const candidates = ['\t', ';', ',', '|', ' '] as const;

/**
 * Guesses the dialect from the first lines: the delimiter is the one that cuts every line into the same
 * number of fields, more than one; the first row is a header where it names columns.
 * @param lines of data, from the start of the file
 */
export function sniffDialect(lines: readonly string[]): Dialect {
  const delimiter = candidates.find(candidate => cutsEvenly(lines, candidate)) ?? ',';
  const rows = lines.map(line => splitFields(line, delimiter));
  const decimalComma = delimiter !== ',' && hasDecimalCommas(rows);
  const numbers = rows.map(row => row.map(field => parseField(field, decimalComma)));
  const header = namesColumns(numbers) || countsColumns(rows[0] ?? []);
  return { delimiter, header, decimalComma };
}

/** Commas beside decimal points are between thousands: `1,234` and `0.5`. */
function hasDecimalCommas(rows: readonly (readonly string[])[]): boolean {
  const has = (pattern: RegExp): boolean =>
    rows.some(row => row.some(field => pattern.test(field)));
  return has(/^\s*[-+]?\d*,\d+\s*$/) && !has(/^\s*[-+]?\d*\.\d+\s*$/);
}

/**
 * Whether the first of the rows is no row of numbers but stands above some: none of its fields is a number, or
 * one that is none has nothing but numbers below it (`step,2020,2021`).
 * @param rows undefined for a field that is no number, NaN where one is missing
 */
function namesColumns([first = [], ...rest]: readonly (readonly (
  number | undefined
)[])[]): boolean {
  const isNumber = (value: number | undefined): boolean => !Number.isNaN(value ?? NaN);
  const above = (i: number): boolean =>
    rest.some(row => isNumber(row[i])) && rest.every(row => row[i] !== undefined);
  if (first.some((value, i) => value === undefined && above(i))) return true;
  return first.includes(undefined) && !first.some(isNumber) && rest.some(row => row.some(isNumber));
}

/** What pandas writes above an array that has no names: nothing above the row numbers, then 0, 1, 2, …. */
function countsColumns([corner, ...names]: readonly string[]): boolean {
  return corner === '' && names.length > 0 && names.every((name, i) => name === String(i));
}

function cutsEvenly(lines: readonly string[], delimiter: string): boolean {
  const counts = new Set(lines.map(line => splitFields(line, delimiter).length));
  return counts.size === 1 && !counts.has(1);
}
