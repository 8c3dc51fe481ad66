import type { KerasBatchNorm } from './modelConfig';

/** Finds what a configuration says of a layer: its own name, and names of what is around it. */
export type FindConfig = (name: string, around: readonly string[]) => KerasBatchNorm | undefined;

/** Layers of one name that are told apart by what is around them; no real model has more. */
const mostOfOneName = 100;

/**
 * Names are a layer's own only within its model: of several layers with one name, that is meant which
 * has most of the names around it. Where that is no one's alone, and they do not say the same, nothing is
 * known.
 */
export function indexConfig(configured: readonly KerasBatchNorm[]): FindConfig {
  const byName = new Map<string, KerasBatchNorm[]>();
  for (const layer of configured) {
    const same = byName.get(layer.name);
    if (same === undefined) byName.set(layer.name, [layer]);
    else if (same.length < mostOfOneName) same.push(layer);
  }
  return (name, around) => {
    const candidates = byName.get(name) ?? [];
    if (candidates.length < 2) return candidates[0];
    const shared = candidates.map(
      ({ within }) => within.filter(outer => around.includes(outer)).length,
    );
    const most = Math.max(...shared);
    const [first, ...others] = candidates.filter((_, i) => shared[i] === most);
    return others.every(other => first && saysTheSame(first, other)) ? first : undefined;
  };
}

function saysTheSame(a: KerasBatchNorm, b: KerasBatchNorm): boolean {
  const stated = ({ within: _, ...rest }: KerasBatchNorm): string => JSON.stringify(rest);
  return stated(a) === stated(b);
}
