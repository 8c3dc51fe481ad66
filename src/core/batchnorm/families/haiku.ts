import { cutLast, type Ending, type NamedRole, type NamingFamily, type TensorRole } from './family';

const averages: ReadonlyMap<string, TensorRole> = new Map([
  ['mean_ema', 'movingMean'],
  ['var_ema', 'movingVariance'],
]);

const endings: ReadonlyMap<string, Ending> = new Map<string, Ending>([
  ['scale', { roles: ['gamma'], takeApart: name => parameter(name, 'gamma') }],
  ['offset', { roles: ['beta'], takeApart: name => parameter(name, 'beta') }],
  ['average', { roles: ['movingMean', 'movingVariance'], takeApart: average }],
]);

/**
 * Haiku: `bn/scale` and `bn/offset` among the parameters, `bn/~/mean_ema/average` in the state. `hidden` beside
 * `average` is the average before its bias is corrected.
 */
export const haiku: NamingFamily = {
  id: 'haiku',
  convention: 'haiku',
  ending: last => endings.get(last),
};

function parameter(name: string, role: TensorRole): NamedRole {
  return { layer: tidy(cutLast(name).path), role };
}

function average(name: string): NamedRole | undefined {
  const { path, last } = cutLast(cutLast(name).path);
  const role = averages.get(last);
  return role && { layer: tidy(path), role };
}

/** Without the collection in front and the `~` of a submodule. */
function tidy(path: string): string {
  return path.replace(/[./]~$/, '').replace(/^(params|state)[./]/, '');
}
