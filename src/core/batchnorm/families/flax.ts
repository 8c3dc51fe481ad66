import { cutLast, type Ending, type NamingFamily, type TensorRole } from './family';

const params: ReadonlyMap<string, TensorRole> = new Map([
  ['scale', 'gamma'],
  ['bias', 'beta'],
]);
const statistics: ReadonlyMap<string, TensorRole> = new Map([
  ['mean', 'movingMean'],
  ['var', 'movingVariance'],
]);

/**
 * Flax linen: parameters and statistics are in two collections, `params/BN/scale` and `batch_stats/BN/mean`,
 * which are joined on the path around their names.
 */
export const flax: NamingFamily = {
  id: 'flax',
  convention: 'flax',
  ending: (last): Ending | undefined => {
    const parameter = params.get(last);
    const role = parameter ?? statistics.get(last);
    return role && inCollection(role, parameter ? 'params' : 'batch_stats');
  },
};

function inCollection(role: TensorRole, collection: string): Ending {
  return {
    roles: [role],
    takeApart: name => {
      const place = cutAtCollection(cutLast(name).path, collection);
      return place && { layer: place.filter(part => part !== '').join('/'), role };
    },
  };
}

/** What stands before and after the last part of a path that is a collection; undefined where it is not this one. */
function cutAtCollection(
  path: string,
  collection: string,
): readonly [before: string, after: string] | undefined {
  // One pass: a name may have a megabyte of collections in it.
  const [last] = [...path.matchAll(/(?<![^./])(?:params|batch_stats)(?![^./])/g)].slice(-1);
  if (last?.[0] !== collection) return undefined;
  return [
    path.slice(0, Math.max(0, last.index - 1)),
    path.slice(last.index + collection.length + 1),
  ];
}
