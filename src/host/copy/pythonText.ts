import { formatFloat32 } from '../../core/text/format';
import type { Shape } from '../../core/tensor/shape';
import type { Results } from './copyFormat';

const lineLength = 92;

/** Python's spelling; `nan` and `inf` are imported by the snippet that has them. */
export function pythonNumber(x: number): string {
  if (Number.isNaN(x)) return 'nan';
  if (!Number.isFinite(x)) return x > 0 ? 'inf' : '-inf';
  return formatFloat32(x);
}

/** An epsilon or a momentum: float64, as the user stated it. */
export function pythonDouble(x: number): string {
  return Number.isFinite(x) ? String(x) : pythonNumber(x);
}

/** A flat list, broken into lines. */
export function pythonList(values: Iterable<number>): string {
  const lines: string[] = [];
  let line = '';
  for (const value of values) {
    const part = `${pythonNumber(value)}, `;
    if (line.length + part.length > lineLength) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += part;
  }
  lines.push(line.replace(/, $/, ''));
  return lines.length === 1 ? `[${lines[0] ?? ''}]` : `[\n    ${lines.join('\n    ')}\n]`;
}

/** `(1, 2, 2, 4)`, and `(4,)` for one dimension. */
export function pythonTuple(shape: Shape): string {
  return shape.length === 1 ? `(${shape[0] ?? 0},)` : `(${shape.join(', ')})`;
}

export function pythonBool(value: boolean): string {
  return value ? 'True' : 'False';
}

/** What ran, in one comment line. */
export function pythonHeader({ inspection }: Results): string {
  const { layer } = inspection.present;
  const { convention } = layer;
  const { training, trainable } = inspection.flags;
  return `# Batch norm as Normscope ran it: ${convention.name} (${convention.api}), training=${pythonBool(training)}, trainable=${pythonBool(trainable)}`;
}

/** Import of the special values, where a script of these numbers needs them. */
export function specialImport({ input, output, inspection, trace }: Results): string[] {
  const { gamma, beta, movingMean, movingVariance } = inspection.present.layer;
  const { movingMeanAfter, movingVarianceAfter } = trace;
  const moving = [movingMean, movingVariance, movingMeanAfter, movingVarianceAfter];
  const special = [input, output, gamma, beta, ...moving].some(list =>
    list.some(x => !Number.isFinite(x)),
  );
  return special ? ['from math import inf, nan'] : [];
}
