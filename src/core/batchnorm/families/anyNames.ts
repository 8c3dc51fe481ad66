import { roleOfName } from '../../text/runFileNames';
import { parameterNames } from '../layer';
import { cutLast, type Ending, type NamedRole, type NamingFamily, type TensorRole } from './family';

const roles: readonly TensorRole[] = [...parameterNames, 'batchesTracked'];

/**
 * The names of run files (CLI.md, "A run file"), as people give them to arrays of their own; Flax nnx's too. A mean
 * and a variance alone are as well the normalisation of a data set.
 */
export const anyNames: NamingFamily = {
  id: 'any-names',
  needsAffine: true,
  ending: (last): Ending | undefined => {
    if (last === 'value') return { roles, takeApart: withoutValue };
    const role = roleOf(last);
    return role && { roles: [role] };
  },
};

function roleOf(last: string): TensorRole | undefined {
  const role = roleOfName(last);
  return roles.find(known => known === role);
}

/** nnx: `bn/scale/value`. */
function withoutValue(name: string): NamedRole | undefined {
  const { path, last } = cutLast(name.replace(/[./]value$/, ''));
  const role = roleOf(last);
  return role && { layer: path, role };
}
