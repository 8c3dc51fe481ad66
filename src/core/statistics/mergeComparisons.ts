import { cosineOf, type Comparison } from './compare';
import { ulpBuckets } from './ulp';

/** Several comparisons as one; of the worst pairs, which are in different tensors, it has none. */
export function mergeComparisons(parts: readonly Comparison[]): Comparison {
  const sum = (value: (part: Comparison) => number): number =>
    parts.reduce((all, part) => all + value(part), 0);
  const most = (value: (part: Comparison) => number): number =>
    parts.reduce((all, part) => (value(part) > all || Number.isNaN(all) ? value(part) : all), NaN);
  const finite = sum(part => part.finite);
  /** Over the parts that have finite pairs. */
  const weighted = (value: (part: Comparison) => number): number =>
    sum(part => (part.finite === 0 ? 0 : value(part) * (part.finite / finite)));
  const normA = Math.sqrt(sum(part => part.normA * part.normA));
  const normB = Math.sqrt(sum(part => part.normB * part.normB));
  const product = sum(({ cosine, normA: a, normB: b }) =>
    a === 0 || b === 0 ? 0 : cosine * a * b,
  );
  const orNaN = (x: number): number => (finite === 0 ? NaN : x);
  return {
    n: sum(part => part.n),
    finite,
    equal: sum(part => part.equal),
    bothNaN: sum(part => part.bothNaN),
    oneNaN: sum(part => part.oneNaN),
    sameInfinity: sum(part => part.sameInfinity),
    otherInfinity: sum(part => part.otherInfinity),
    outside: sum(part => part.outside),
    maxAbs: most(part => part.maxAbs),
    maxAbsAt: -1,
    meanAbs: orNaN(weighted(part => part.meanAbs)),
    rmse: orNaN(Math.sqrt(weighted(part => part.rmse * part.rmse))),
    maxRel: most(part => part.maxRel),
    cosine: cosineOf(product, normA, normB),
    normA,
    normB,
    maxUlp: most(part => part.maxUlp),
    ulps: Float64Array.from({ length: ulpBuckets }, (_, i) => sum(part => part.ulps[i] as number)),
    worst: [],
  };
}
