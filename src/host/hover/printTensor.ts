import type { Shape } from '../../core/tensor/shape';
import type { TensorData } from '../../core/tensor/tensor';
import { formatBound } from '../../core/text/summaryLine';

/** A small tensor laid out as numpy prints one: nested brackets, a row a line, columns aligned. */
export function printTensor(shape: Shape, data: TensorData): string {
  const cells = Array.from(data, formatBound);
  const width = Math.max(0, ...cells.map(cell => cell.length));
  let at = 0;
  const level = (axis: number): string => {
    const size = shape[axis] ?? 0;
    if (axis === shape.length - 1) {
      const row = cells.slice(at, at + size).map(cell => cell.padStart(width));
      at += size;
      return `[${row.join('  ')}]`;
    }
    const parts = Array.from({ length: size }, () => level(axis + 1));
    return `[${parts.join(`\n${' '.repeat(axis + 1)}`)}]`;
  };
  return shape.length === 0 ? (cells[0] ?? '') : level(0);
}
