import type { ComparedPair } from '../core/batchnorm/comparing/layerPair';
import { parameterNames } from '../core/batchnorm/layer';
import { findingRecord } from '../core/batchnorm/diagnose/findingRecord';
import { isClose, isEqual, type Comparison, type Tolerance } from '../core/statistics/compare';
import { mergeComparisons } from '../core/statistics/mergeComparisons';
import { multiIndex } from '../core/tensor/shape';
import { float32, type Json, type JsonObject } from '../core/text/json';
import type { Report } from './command';
import type { LayerRow } from '../core/batchnorm/comparing/compareLayers';
import type { FilesCompared } from './compareFiles';
import { compareLines } from './compareLines';
import { worstOf, type ComparedPart, type ComparisonSummary } from './compareParts';

export function reportComparison(
  compared: FilesCompared,
  labels: { readonly a: string; readonly b: string },
  tolerance: Tolerance,
): Omit<Report, 'notes'> {
  const parts = [...compared.layers.flatMap(layerParts), ...compared.tensors];
  const [only] = parts;
  const whole =
    only && parts.length === 1
      ? only.comparison
      : mergeComparisons(parts.map(part => part.comparison));
  const failed = compared.findings.some(({ severity }) => severity === 'error');
  const close = isClose(whole);
  const equal = isEqual(whole, tolerance) && !failed;
  const summary = { ...compared, parts, whole, equal, close };
  return {
    json: asJson(summary, tolerance),
    lines: () => compareLines(summary, labels, tolerance),
    status: close && !failed ? 0 : 1,
  };
}

function layerParts({ a, pair }: LayerRow): ComparedPart[] {
  return parameterNames.flatMap(role => {
    const comparison = pair?.parameters[role];
    if (!comparison) return [];
    return [{ layer: a ?? '', name: role, shape: [comparison.n], dtype: 'float32', comparison }];
  });
}

function asJson(
  { layers, tensors, findings, parts, ...all }: ComparisonSummary,
  tolerance: Tolerance,
): Json {
  const { rtol, atol, equalNan } = tolerance;
  return {
    equal: all.equal,
    close: all.close,
    ...figures(all.whole),
    tolerance: { rtol, atol, equalNan },
    worst: worstOf(parts).map(({ part, index, a, b }) => ({
      ...(parts.length > 1 &&
        (part.layer === undefined
          ? { tensor: part.name }
          : { layer: part.layer, parameter: part.name })),
      index,
      at: multiIndex(part.shape, index),
      a: stored(a, part),
      b: stored(b, part),
    })),
    // Each row names a layer of A (CLI.md); those that only B has are in the findings.
    layers: layers.flatMap(row => (row.a === null ? [] : [layerJson(row, tolerance)])),
    tensors: tensors.map(({ name, shape, comparison }) => ({
      name,
      shape: [...shape],
      equal: isEqual(comparison, tolerance),
      close: isClose(comparison),
      ...figures(comparison),
    })),
    findings: findings.map(finding => ({
      ...findingRecord(finding, finding.layers[0] ?? null),
      layers: [...finding.layers],
    })),
  };
}

function stored(x: number, { dtype }: ComparedPart): Json {
  return dtype === 'float64' ? x : float32(x);
}

function layerJson(
  { a, b, pairedBy, doubt, foldedInto, pair }: LayerRow,
  tolerance: Tolerance,
): Json {
  const parameters: Record<string, Json> = {};
  for (const role of parameterNames) {
    const comparison = pair?.parameters[role];
    if (comparison) parameters[role] = figures(comparison);
  }
  const all = Object.values(pair?.parameters ?? {});
  const compared = pair !== undefined;
  return {
    a,
    b,
    pairedBy,
    doubt,
    foldedInto,
    equal: compared && all.every(one => isEqual(one, tolerance)),
    close: compared && all.every(isClose),
    effect: effectJson(pair),
    parameters,
  };
}

/** The channel whose output in inference differs most, and by how much; null where none does. */
function effectJson(pair: ComparedPair | undefined): Json {
  const { effect } = pair ?? {};
  return effect === undefined ? null : { channel: effect.channel, output: effect.size };
}

function figures(comparison: Comparison): JsonObject {
  const { n, finite, outside, maxAbs, meanAbs, rmse, maxRel, maxUlp, cosine } = comparison;
  return { maxAbs, meanAbs, rmse, maxRel, maxUlp, cosine, n, finite, outside };
}
