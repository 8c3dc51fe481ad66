import { parameterNames, type ParameterName } from '../../layer';
import { parameterLabels } from '../../statement';
import type { ComparedLayer, ComparedPair } from '../layerPair';
import { effectOn, inferenceOfA } from './effectOn';
import { noChannels, type Effect, type PairFindingRule } from './pairFinding';

/** One layer was made without a parameter that the other has. */
export const parameterAbsent: PairFindingRule = {
  id: 'parameter-absent',
  find: pair => {
    const { a, b } = pair;
    const [notInA, notInB] = [lacking(a, b), lacking(b, a)];
    if (notInA.length + notInB.length === 0) return undefined;
    const said = [
      notInA.length > 0 && `A has no ${list(notInA)}`,
      notInB.length > 0 && `B has no ${list(notInB)}`,
    ];
    const effect = effectOf(pair, [...notInA, ...notInB]);
    return {
      severity: effect ? 'warning' : 'note',
      message: `${said.filter(part => part !== false).join(', and ')}: it is compared as that of a new layer (gamma and moving variance 1, beta and moving mean 0).`,
      channels: noChannels,
      evidence: { absentA: list(notInA), absentB: list(notInB) },
      fix: effect
        ? 'Write it into the file that lacks it, or make the layer of the other without it from the start.'
        : 'Nothing: the other one is at these values too.',
      source: 'scale=False, center=False, affine=False',
      effect,
    };
  },
};

function lacking(layer: ComparedLayer, other: ComparedLayer): ParameterName[] {
  return parameterNames.filter(
    role => !layer.statement.parameters[role] && other.statement.parameters[role],
  );
}

function effectOf(pair: ComparedPair, absent: readonly ParameterName[]): Effect | undefined {
  const { a, b } = pair.values;
  const before = inferenceOfA(pair);
  const inB = Object.fromEntries(absent.map(role => [role, b[role]]));
  const columns = absent.flatMap(role => [
    [`${parameterLabels[role]} of A`, a[role]] as const,
    [`${parameterLabels[role]} of B`, b[role]] as const,
  ]);
  return effectOn(pair.a.name, before, { ...before, ...inB }, Object.fromEntries(columns));
}

function list(names: readonly ParameterName[]): string {
  return names.map(role => parameterLabels[role]).join(' and ');
}
