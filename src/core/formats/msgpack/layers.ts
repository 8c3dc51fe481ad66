import type { LayerHint, TensorEntry } from '../catalog';

/** Where a module's statistics are: within a collection of their own (linen), or beside its parameters (nnx). */
const collection = 'batch_stats/';
const beside = /^(.+)\/mean(\/value)?$/;

/** What people call a batch norm: `BatchNorm_0`, `bn1`, `batch_norm`. */
const calledBatchNorm = /(^|[/_])(bn|batch_?norm(alization)?)[^/]*$/i;

/**
 * The batch norms of flax: `batch_stats/P/{mean,var}` with `params/P/{scale,bias}`, or all four in one
 * module. Copies that an optimizer keeps have no statistics, and are no layers.
 */
export function flaxLayers(entries: readonly TensorEntry[]): LayerHint[] {
  const shapes = new Map(entries.map(({ name, shape }) => [name, shape]));
  return entries.flatMap(({ name, shape }) => {
    const place = placeOf(name);
    const channels = shape[0];
    if (place === undefined || shape.length !== 1) return [];
    const among = (path: string): string | undefined => {
      const found = shapes.get(path);
      return found?.length === 1 && found[0] === channels ? path : undefined;
    };
    const movingVariance = among(place.statistic('var'));
    if (movingVariance === undefined) return [];
    const [gamma, beta] = [among(place.parameter('scale')), among(place.parameter('bias'))];
    if (place.needsAffine && gamma === undefined && beta === undefined) return [];
    const parameters = {
      ...(gamma !== undefined && { gamma }),
      ...(beta !== undefined && { beta }),
      movingMean: name,
      movingVariance,
    };
    return [{ name: place.layer, convention: 'flax', parameters }];
  });
}

interface Place {
  readonly layer: string;
  /** Whether nothing but a mean and a variance would say that it is a batch norm: a data set has these too. */
  readonly needsAffine: boolean;
  readonly statistic: (role: string) => string;
  readonly parameter: (role: string) => string;
}

function placeOf(mean: string): Place | undefined {
  const start = startOf(mean);
  const path = mean.slice(start + collection.length, -'/mean'.length);
  if (start >= 0 && mean.endsWith('/mean') && path !== '') {
    const outer = mean.slice(0, start);
    return {
      layer: outer + path,
      needsAffine: false,
      statistic: role => `${outer}batch_stats/${path}/${role}`,
      parameter: role => `${outer}params/${path}/${role}`,
    };
  }
  const nnx = beside.exec(mean);
  if (!nnx) return undefined;
  const [, module = '', value = ''] = nnx;
  const own = (role: string): string => `${module}/${role}${value}`;
  const needsAffine = !calledBatchNorm.test(module);
  return { layer: module, needsAffine, statistic: own, parameter: own };
}

/** Where the first collection of statistics starts in a path; −1 where none does. */
function startOf(name: string): number {
  if (name.startsWith(collection)) return 0;
  const slash = name.indexOf(`/${collection}`);
  return slash < 0 ? -1 : slash + 1;
}
