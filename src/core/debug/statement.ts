import { findConvention } from '../batchnorm/conventions/registry';
import type { Statement } from '../batchnorm/statement';
import { storedDTypes } from '../tensor/storedDType';
import type { DescribedTensor } from './answers';

/** Conventions of the frameworks whose tensors tell; of others the user's setting does. */
const conventionOf: Readonly<Record<string, string>> = {
  PyTorch: 'pytorch',
  'TensorFlow.js': 'tfjs',
};

/** What a tensor says about a layer over it: the rules of its framework, where they take such a tensor. */
export function statementOf({ framework, shape }: DescribedTensor): Statement {
  const id = conventionOf[framework];
  const found = id === undefined ? undefined : findConvention(id);
  if (!found?.ok) return { parameters: {} };
  const [low, high] = found.value.ranks;
  const fits = shape.length >= low && shape.length <= high;
  return { ...(fits && { convention: found.value.id }), parameters: {} };
}

/** What a user should know of how a tensor was read, in sentences. */
export function notesOf(tensor: DescribedTensor): readonly string[] {
  const { dtype, numbers } = { ...storedDTypes[tensor.dtype], dtype: tensor.dtype };
  const held = storedDTypes[dtype].dtype;
  const where = tensor.device === '' || tensor.device === 'cpu' ? '' : ` on ${tensor.device}`;
  const what = [tensor.framework, tensor.type].filter(part => part !== '').join(' ');
  return [
    `Read from the paused program: ${what}${where}${tensor.requiresGrad === true ? ', which requires gradients' : ''}.`,
    ...(numbers === 2
      ? [`Its elements are ${dtype}: real and imaginary part are the last axis.`]
      : held === 'float64'
        ? [`Its elements are ${dtype}, and are rounded to float32.`]
        : []),
    ...tensor.notes,
  ];
}
