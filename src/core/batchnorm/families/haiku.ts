import type { NamingFamily, TensorRole } from './family';

const roles: readonly (readonly [RegExp, TensorRole])[] = [
  [/^(?:(.*)[./])?scale$/, 'gamma'],
  [/^(?:(.*)[./])?offset$/, 'beta'],
  [/^(?:(.*)[./])?mean_ema[./]average$/, 'movingMean'],
  [/^(?:(.*)[./])?var_ema[./]average$/, 'movingVariance'],
];

/**
 * Haiku: `bn/scale` and `bn/offset` among the parameters, `bn/~/mean_ema/average` in the state. `hidden` beside
 * `average` is the average before its bias is corrected.
 */
export const haiku: NamingFamily = {
  id: 'haiku',
  convention: 'haiku',
  roleOf: name => {
    // Most names are of something else, and four patterns are dear.
    if (!/(?:scale|offset|average)$/.test(name)) return undefined;
    for (const [pattern, role] of roles) {
      const path = pattern.exec(name);
      if (path) return { layer: tidy(path[1] ?? ''), role };
    }
    return undefined;
  },
};

/** Without the collection in front and the `~` of a submodule. */
function tidy(path: string): string {
  return path.replace(/[./]~$/, '').replace(/^(params|state)[./]/, '');
}
