import type { Shape } from '../../tensor/shape';

interface NamedShape {
  readonly name: string;
  readonly shape: Shape;
}

/** What a weight is called within its layer: `conv1.weight`, `conv2d/kernel:0`, `0` among numbered variables. */
const weightWord = /(^|[./])(weight|kernel|w|filters?|depthwise_kernel|0)(:0)?$/;

/**
 * The bias of a weight: its namesake in the same layer; in a file that names tensors by number, such as an ONNX export,
 * the vector right behind it.
 * @param channels outputs of the weight
 */
export function biasOf(
  weight: string,
  tensors: readonly NamedShape[],
  channels: number,
): string | undefined {
  const isVector = ({ shape }: NamedShape): boolean => shape.length === 1 && shape[0] === channels;
  if (weightWord.test(weight)) {
    const wanted = new Set(
      ['bias', 'b', '1'].map(word => weight.replace(weightWord, `$1${word}$3`)),
    );
    return tensors.find(tensor => wanted.has(tensor.name) && isVector(tensor))?.name;
  }
  const behind = tensors[tensors.findIndex(({ name }) => name === weight) + 1];
  return behind && isVector(behind) ? behind.name : undefined;
}

/** Whether a weight is that of the layer before a batch norm, by their names: `conv1.weight` and `bn1`, `0.weight` and `1`. */
export function standsBefore(weight: string, layer: string): boolean {
  const linear = weight.replace(weightWord, '');
  if (linear === weight) return false;
  const asNorm = linear.replace(/conv(2d|olution)?/gi, 'bn');
  const plain = (name: string): string =>
    name.toLowerCase().replace(/batch[_ ]?norm(alization)?|norm/g, 'bn');
  if (linear !== layer && plain(asNorm) === plain(layer)) return true;
  const [, path, index] = /^(.*?)(\d+)$/.exec(linear) ?? [];
  return path !== undefined && layer === `${path}${Number(index) + 1}`;
}
