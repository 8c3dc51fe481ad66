import { translateMomentum } from '../../core/batchnorm/convention';
import { pytorch } from '../../core/batchnorm/conventions/pytorch';
import { channelLayout } from '../../core/tensor/shape';
import type { CopyFormat, Results } from './copyFormat';
import { dividedByZero, notReproduced } from './notReproduced';
import {
  pythonBool,
  pythonDouble,
  pythonHeader,
  pythonList,
  pythonTuple,
  specialImport,
} from './pythonText';

/**
 * A script that gives the same numbers to torch.nn.BatchNorm and checks its output against what
 * Normscope shows. Under another convention the module is put into the mode that normalises with the
 * same statistics; what PyTorch then does to its running statistics is its own rule, and is printed.
 */
export const pytorchFormat: CopyFormat = {
  id: 'pytorch',
  label: 'PyTorch',
  detail: 'A script that runs torch.nn.BatchNorm on the same numbers and checks it',
  hasElements: true,
  write: results => `${lines(results).join('\n')}\n`,
};

/** torch.nn.BatchNorm1d, 2d and 3d by rank; any other rank is folded to [outer, channels, inner]. */
const modules: Readonly<Record<number, string>> = {
  2: 'BatchNorm1d',
  3: 'BatchNorm1d',
  4: 'BatchNorm2d',
  5: 'BatchNorm3d',
};

function lines(results: Results): string[] {
  const { inspection, trace, input, output } = results;
  const { layer } = inspection.present;
  const { shape } = inspection;
  const channels = trace.channels;
  const own = layer.convention === pytorch;
  const momentum = translateMomentum(layer.momentum, layer.convention, pytorch);
  const arranged = arrangement(results);
  const module = modules[shape.length] ?? 'BatchNorm1d';
  const vector = (name: string, values: Iterable<number>): string =>
    `    layer.${name}.copy_(${tensor(values)})`;
  return [
    pythonHeader(results),
    ...specialImport(results),
    'import torch',
    '',
    `x = ${tensor(input)}.reshape(${pythonTuple(shape)})`,
    ...(arranged.into === ''
      ? []
      : [`x = x${arranged.into}  # PyTorch has its channels on axis 1`]),
    '',
    `layer = torch.nn.${module}(${channels}, eps=${pythonDouble(trace.epsilon)}, momentum=${momentum === null ? 'None' : pythonDouble(momentum)})`,
    'with torch.no_grad():',
    vector('weight', layer.gamma),
    vector('bias', layer.beta),
    vector('running_mean', layer.movingMean),
    vector('running_var', layer.movingVariance),
    ...(layer.batchesTracked > 0
      ? [`    layer.num_batches_tracked.fill_(${layer.batchesTracked})`]
      : []),
    modeLine(results),
    `layer.requires_grad_(${pythonBool(inspection.flags.trainable)})`,
    '',
    `y = ${call(results)}${arranged.back}`,
    '',
    '# What Normscope shows:',
    `expected = ${tensor(output)}.reshape(${pythonTuple(shape)})`,
    ...checkLines(results, own),
    ...afterLines(results, own),
    'print(y)',
  ];
}

/** The check of the output, as far as PyTorch comes to it; else why not. */
function checkLines(results: Results, own: boolean): string[] {
  const { inspection, trace } = results;
  const why = notReproduced(results);
  if (why !== undefined) {
    return [`# PyTorch comes to another output, because here ${why}.`, 'print(expected)'];
  }
  const check = (y: string, expected: string): string =>
    `torch.testing.assert_close(${y}, ${expected}, rtol=1e-4, atol=1e-5, equal_nan=True)`;
  const zero = dividedByZero(results);
  // PyTorch's own training kernel takes 1/√0 as 0, which its convention does too.
  if (zero.length === 0 || (own && trace.normalizedWith === 'batch')) {
    return [check('y.detach()', 'expected')];
  }
  const { channelAxis } = inspection.present.layer;
  const select = `.index_select(${channelAxis}, rest)`;
  return [
    '# Where variance + epsilon is 0, Normscope shows what dividing by 0 gives. PyTorch takes 1/√0 as 0 in',
    '# training, and folds it into NaN in evaluation: these channels are not checked.',
    `zero = ${pythonList(zero)}`,
    `rest = torch.tensor([c for c in range(${trace.channels}) if c not in zero], dtype=torch.int64)`,
    check(`y.detach()${select}`, `expected${select}`),
  ];
}

/** How the input becomes what PyTorch takes, and back. */
function arrangement({ inspection }: Results): { readonly into: string; readonly back: string } {
  const { shape } = inspection;
  const axis = inspection.present.layer.channelAxis;
  if (modules[shape.length] === undefined) {
    const { outer, channels, inner } = channelLayout(shape, axis);
    return {
      into: `.reshape(${outer}, ${channels}, ${inner})`,
      back: `.reshape(${pythonTuple(shape)})`,
    };
  }
  return axis === 1
    ? { into: '', back: '' }
    : { into: `.movedim(${axis}, 1)`, back: `.movedim(1, ${axis})` };
}

/** Whole numbers alone would make an int64 tensor, which batch norm does not take. */
function tensor(values: Iterable<number>): string {
  return `torch.tensor(${pythonList(values)}, dtype=torch.float32)`;
}

/** Whether PyTorch raises "Expected more than 1 value per channel when training". */
function refusesTraining({ trace }: Results): boolean {
  return trace.normalizedWith === 'batch' && trace.batch.n[0] === 1;
}

function modeLine(results: Results): string {
  if (refusesTraining(results)) {
    return 'layer.eval()  # PyTorch refuses one value a channel in training; its mean is the value, its variance 0';
  }
  return results.trace.normalizedWith === 'batch'
    ? "layer.train()  # the batch's own statistics normalise"
    : 'layer.eval()  # the running statistics normalise';
}

function call(results: Results): string {
  return refusesTraining(results)
    ? 'torch.nn.functional.batch_norm(x, x.flatten(), torch.zeros(x.numel()), layer.weight, layer.bias, eps=layer.eps)'
    : 'layer(x)';
}

function afterLines({ inspection, trace }: Results, own: boolean): string[] {
  const mean = tensor(trace.movingMeanAfter);
  const variance = tensor(trace.movingVarianceAfter);
  const check = (name: string, values: string): string =>
    `torch.testing.assert_close(layer.${name}, ${values}, rtol=1e-5, atol=1e-6, equal_nan=True)`;
  if (own) return [check('running_mean', mean), check('running_var', variance)];
  const { name } = inspection.present.layer.convention;
  return [
    `# The rule of ${name} leaves other moving statistics than PyTorch's running ones:`,
    `moving_mean_after = ${mean}`,
    `moving_variance_after = ${variance}`,
    "print('PyTorch:', layer.running_mean, layer.running_var)",
    `print('${name}:', moving_mean_after, moving_variance_after)`,
  ];
}
