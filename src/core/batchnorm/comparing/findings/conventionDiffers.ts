import { noChannels, type PairFindingRule } from './pairFinding';

/** The same numbers under two frameworks' rules. */
export const conventionDiffers: PairFindingRule = {
  id: 'convention-differs',
  find: ({ a, b }) => {
    const [from, to] = [a.convention, b.convention];
    if (!from || !to || from.id === to.id) return undefined;
    return {
      severity: 'note',
      message: `A follows ${from.name}, and B follows ${to.name}.`,
      channels: noChannels,
      evidence: { conventionA: from.id, conventionB: to.id },
      fix: 'Nothing, where B was made from A on purpose: then epsilon and momentum have to be carried over too.',
      source: `${from.source}; ${to.source}`,
    };
  },
};
