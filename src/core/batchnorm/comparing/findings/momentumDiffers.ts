import { translateMomentum } from '../../convention';
import type { ComparedLayer } from '../layerPair';
import { noChannels, type PairFindingRule } from './pairFinding';

/** Momentum decides how fast the moving statistics follow: it tells in training only. */
export const momentumDiffers: PairFindingRule = {
  id: 'momentum-differs',
  find: ({ a, b }) => {
    const [inA, inB] = [momentumOf(a), momentumOf(b)];
    const [from, to] = [a.convention, b.convention];
    if (!inA || !inB || !from || !to) return undefined;
    const translated = translateMomentum(inA.value, from, to);
    if (translated === inB.value) return undefined;
    const sameMeaning = from.momentum.weighs === to.momentum.weighs;
    const meant = sameMeaning ? '' : `, which is ${write(translated)} in the meaning of B`;
    return {
      severity: inA.origin === '' && inB.origin === '' ? 'warning' : 'note',
      message: `Momentum is ${write(inA.value)} in A${inA.origin} (${from.name}, the weight of the ${from.momentum.weighs} value)${meant}, and ${write(inB.value)} in B${inB.origin} (${to.name}, the weight of the ${to.momentum.weighs} value).`,
      channels: noChannels,
      evidence: { momentumA: write(inA.value), momentumB: write(inB.value) },
      fix: `To train on as A does, give B's layer the momentum ${write(translated)}.`,
      source: `${from.momentum.text}; ${to.momentum.text}`,
    };
  },
};

function write(momentum: number | null): string {
  return momentum === null ? 'none (a cumulative average)' : String(momentum);
}

function momentumOf({
  statement,
  convention,
}: ComparedLayer): { readonly value: number | null; readonly origin: string } | undefined {
  if (statement.momentum !== undefined) return { value: statement.momentum, origin: '' };
  if (convention === undefined) return undefined;
  return { value: convention.defaults.momentum, origin: ' by default' };
}
