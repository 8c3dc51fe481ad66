import { formatFloat32, formatJsonNumber } from '../text/format';
import { mostInText, type ExportFormat } from './exportFormat';
import { nestedLists } from './nested';

/** A run file whose input is the slice, so that it opens again; non-finite values are strings. */
export const jsonExport: ExportFormat = {
  id: 'json',
  label: 'JSON',
  detail: 'A run file whose input is the slice: it opens in Normscope again',
  extension: 'json',
  mostElements: mostInText,
  write: function* ({ tensor, text, what }) {
    const finite = tensor.dtype === 'float64' ? String : formatFloat32;
    const number = (x: number): string => formatJsonNumber(x, finite);
    yield `{\n"note": ${JSON.stringify(`${what}, ${text}`)},\n`;
    yield `"shape": [${tensor.shape.join(', ')}],\n"input": `;
    yield* nestedLists(tensor, { number });
    yield '\n}\n';
  },
};
