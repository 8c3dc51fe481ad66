import type { LayerHint } from '../catalog';
import { PickleGlobal, type PickleCall, type PickleValue } from '../pickle/values';
import { attributesOf } from './arguments';

/**
 * What whole modules say of themselves, without their code: `eps`, `momentum`, flags. A batch norm of a user's own
 * class is known by having what only these have.
 * @param objects by path
 * @param tensors names of all there are
 */
export function moduleHints(
  objects: ReadonlyMap<string, PickleCall>,
  tensors: { readonly has: (name: string) => boolean },
): LayerHint[] {
  return [...objects].flatMap(([path, object]) => hintOf(path, object, tensors) ?? []);
}

function hintOf(
  name: string,
  object: PickleCall,
  tensors: { readonly has: (name: string) => boolean },
): LayerHint | undefined {
  const className = object.callee instanceof PickleGlobal ? object.callee.name : '';
  const attributes = attributesOf(object);
  const get = (key: string): PickleValue | undefined =>
    attributes.map(dict => dict.get(key)).find(value => value !== undefined);
  if (className.includes('InstanceNorm')) return { name, notBatchNorm: `it is an ${className}` };
  const tracks = get('track_running_stats');
  const isBatchNorm =
    className.includes('BatchNorm') ||
    (typeof tracks === 'boolean' && isNumber(get('num_features')));
  if (!isBatchNorm) return undefined;
  const [eps, momentum, training] = [get('eps'), get('momentum'), get('training')];
  return {
    name,
    convention: 'pytorch',
    channelAxis: 1,
    ...(isNumber(eps) && { epsilon: eps }),
    ...((isNumber(momentum) || momentum === null) && { momentum }),
    ...(typeof training === 'boolean' && { training }),
    ...(tracks === false && untracked(name, tensors)),
    notes: notesOn(className, get('affine'), tracks),
  };
}

/** Names alone would not tell it from a LayerNorm. */
function untracked(
  name: string,
  tensors: { readonly has: (name: string) => boolean },
): Partial<LayerHint> {
  const path = name === '' ? '' : `${name}.`;
  const [gamma, beta] = [`${path}weight`, `${path}bias`];
  if (!tensors.has(gamma) || !tensors.has(beta)) return { tracking: 'none' };
  return { tracking: 'none', parameters: { gamma, beta } };
}

function isNumber(value: PickleValue | undefined): value is number {
  return typeof value === 'number';
}

function notesOn(
  className: string,
  affine: PickleValue | undefined,
  tracks: PickleValue | undefined,
): string[] {
  const usual = /^(Sync)?BatchNorm\d?d?$/.test(className) || className === '';
  return [
    ...(usual ? [] : [`It is a ${className}.`]),
    ...(affine === false ? ['It was made with affine=False: gamma is 1 and beta 0.'] : []),
    ...(tracks === false
      ? ['It was made with track_running_stats=False: the batch’s statistics always normalise.']
      : []),
  ];
}
