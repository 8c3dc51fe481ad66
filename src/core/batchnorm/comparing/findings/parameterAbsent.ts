import { parameterNames } from '../../layer';
import { parameterLabels } from '../../statement';
import type { ComparedLayer } from '../layerPair';
import { noChannels, type PairFindingRule } from './pairFinding';

/** One layer was made without a parameter that the other has. */
export const parameterAbsent: PairFindingRule = {
  id: 'parameter-absent',
  find: ({ a, b }) => {
    const [notInA, notInB] = [lacking(a, b), lacking(b, a)];
    if (notInA.length + notInB.length === 0) return undefined;
    const said = [
      notInA.length > 0 && `A has no ${list(notInA)}`,
      notInB.length > 0 && `B has no ${list(notInB)}`,
    ];
    return {
      severity: 'note',
      message: `${said.filter(part => part !== false).join(', and ')}: it is compared as that of a new layer (gamma and moving variance 1, beta and moving mean 0).`,
      channels: noChannels,
      evidence: { absentA: list(notInA), absentB: list(notInB) },
      fix: 'Nothing, where the other one is at these values too.',
      source: 'scale=False, center=False, affine=False',
    };
  },
};

function lacking(layer: ComparedLayer, other: ComparedLayer): string[] {
  return parameterNames
    .filter(role => !layer.statement.parameters[role] && other.statement.parameters[role])
    .map(role => parameterLabels[role]);
}

function list(names: readonly string[]): string {
  return names.join(' and ');
}
