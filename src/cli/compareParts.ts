import { parameterNames } from '../core/batchnorm/layer';
import { parameterLabels } from '../core/batchnorm/statement';
import type { Comparison } from '../core/statistics/compare';
import type { FilesCompared } from './compareFiles';

/** One comparison of a whole: a tensor, or a parameter of a pair of layers. */
export interface ComparedPart {
  readonly layer?: string;
  /** Of a tensor its name, of a layer the parameter's. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: 'float32' | 'float64';
  readonly comparison: Comparison;
}

/** What was compared, taken together. */
export interface ComparisonSummary extends FilesCompared {
  readonly parts: readonly ComparedPart[];
  readonly whole: Comparison;
  readonly equal: boolean;
  readonly close: boolean;
}

/** The worst pairs of all parts, the furthest apart first. */
export function worstOf(
  parts: readonly ComparedPart[],
): { part: ComparedPart; index: number; a: number; b: number }[] {
  const all = parts.flatMap(part => part.comparison.worst.map(pair => ({ ...pair, part })));
  const size = (a: number, b: number): number =>
    Number.isFinite(a - b) ? Math.abs(a - b) : Infinity;
  return all
    .map(pair => ({ pair, size: size(pair.a, pair.b) }))
    .sort((p, q) => (p.size === q.size ? 0 : q.size - p.size))
    .slice(0, 10)
    .map(({ pair }) => pair);
}

/** `bn1 gamma`, or a tensor's name. */
export function partName({ layer, name }: ComparedPart): string {
  const parameter = parameterNames.find(role => role === name);
  if (layer === undefined || parameter === undefined) return name;
  return `${layer} ${parameterLabels[parameter]}`.trim();
}
