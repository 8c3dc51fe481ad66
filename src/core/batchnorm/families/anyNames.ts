import { roleOfName } from '../../text/runFileNames';
import { parameterNames, type ParameterName } from '../layer';
import { cutLast, type NamingFamily, type TensorRole } from './family';

const roles: ReadonlySet<string> = new Set<TensorRole>([...parameterNames, 'batchesTracked']);

/**
 * The names of run files (CLI.md, "A run file"), as people give them to arrays of their own; Flax nnx's too. A mean
 * and a variance alone are as well the normalisation of a data set.
 */
export const anyNames: NamingFamily = {
  id: 'any-names',
  needsAffine: true,
  roleOf: name => {
    const { path, last } = cutLast(name.replace(/[./]value$/, ''));
    const role = roleOfName(last);
    return role !== undefined && roles.has(role)
      ? { layer: path, role: role as ParameterName }
      : undefined;
  },
};
