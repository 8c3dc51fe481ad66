import { formatFloat32 } from '../text/format';
import { multiIndex } from '../tensor/shape';
import type { Tensor } from '../tensor/tensor';
import { mostInText, type ExportFormat } from './exportFormat';

/** Rows that one piece of text holds. */
const pieceRows = 1024;

/**
 * A matrix as it is, without heads, so that it can be read back; of more axes a row for each element, with its index
 * and a head. Non-finite values are nan, inf and -inf, as numpy.loadtxt and pandas read them.
 */
export const csvExport: ExportFormat = {
  id: 'csv',
  label: 'CSV',
  detail: 'A matrix as it is; of more axes a row for each element',
  extension: 'csv',
  mostElements: mostInText,
  write: ({ tensor, axisNames }) =>
    tensor.shape.length <= 2 ? matrix(tensor) : elements(tensor, axisNames),
};

function* matrix({ shape, dtype, data }: Tensor): Generator<string> {
  const width = shape.at(-1) ?? 1;
  const rows = width === 0 ? 0 : data.length / width;
  const number = dtype === 'float64' ? String : formatFloat32;
  for (let from = 0; from < rows; from += pieceRows) {
    const lines: string[] = [];
    for (let row = from; row < Math.min(from + pieceRows, rows); row++) {
      lines.push(
        Array.from(data.subarray(row * width, (row + 1) * width), spell(number)).join(','),
      );
    }
    yield `${lines.join('\n')}\n`;
  }
}

function* elements({ shape, dtype, data }: Tensor, names: readonly string[]): Generator<string> {
  const number = spell(dtype === 'float64' ? String : formatFloat32);
  yield `${[...names, 'value'].join(',')}\n`;
  for (let from = 0; from < data.length; from += pieceRows) {
    const lines: string[] = [];
    for (let at = from; at < Math.min(from + pieceRows, data.length); at++) {
      lines.push(`${multiIndex(shape, at).join(',')},${number(data[at] as number)}`);
    }
    yield `${lines.join('\n')}\n`;
  }
}

function spell(number: (x: number) => string): (x: number) => string {
  return x => {
    if (Number.isNaN(x)) return 'nan';
    if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
    return Object.is(x, -0) ? '-0' : number(x);
  };
}
