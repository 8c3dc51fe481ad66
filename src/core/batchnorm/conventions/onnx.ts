import { maskIgnored, type Because, type Convention } from '../convention';
import { whenTrainable, whenTraining, type Flags } from '../flags';
import { exponentialOld } from '../momentumRules';
import { biased } from '../varianceRules';

function onnxBecause({ training, trainable }: Flags): Because {
  const mode = training
    ? 'the node has training_mode=1'
    : 'the node has training_mode=0, its default';
  const parameters = { parameters: 'trainable has no counterpart in the node' };
  return { normalization: mode, update: mode, ...(trainable ? {} : parameters) };
}

/** ONNX's operator `BatchNormalization`, opset 14 and later. */
export const onnx: Convention = {
  id: 'onnx',
  name: 'ONNX',
  api: 'BatchNormalization (opset 14, 15)',
  versions:
    'opset 14 and 15, run with ONNX Runtime 1.30.0; opset 7 to 13 train where the node has 5 outputs, 1 and 6 where is_test is 0, their default',
  changes: [
    {
      version: 'opset 7',
      text: 'training is asked for by five outputs; in opsets 1 and 6 by is_test=0, which is their default.',
    },
    {
      version: 'opset 9',
      text: 'the attribute spatial is gone: statistics are always of a channel.',
    },
    {
      version: 'opset 14',
      text: 'training is asked for by training_mode=1 with three outputs, and the variance that is remembered is said to be the biased one.',
    },
    {
      version: 'opset 15',
      text: 'scale and B, and mean and variance, may be of other types than X.',
    },
  ],
  defaults: { epsilon: 1e-5, momentum: 0.9, channelAxis: 1, training: false, trainable: true },
  momentum: exponentialOld,
  movingVariance: biased,
  usesBatchStatistics: whenTraining,
  updatesMoving: whenTraining,
  updatesParameters: whenTrainable,
  epsilonFloor: 0,
  mask: maskIgnored,
  cancellation: {
    loses: 'output',
    when: 'moving',
    where: 'ONNX Runtime',
    source:
      'onnxruntime 1.30.0, run: at mean 1e4 and deviation 1e-2 its outputs are multiples of 1/16',
  },
  ranks: [2, 8],
  singleValue: {
    kind: 'accepted',
    note: 'ONNX Runtime accepts it: the variance is 0 and every output is beta.',
  },
  zeroVarianceInverse: 'infinity',
  emptyBatch: 'averaged',
  updateAdvice:
    'export the model in training mode (training_mode=1, three outputs) and carry running_mean and running_var from run to run.',
  because: onnxBecause,
  flagNames: { training: 'training_mode', trainable: 'trainable' },
  parameterNames: {
    gamma: 'scale',
    beta: 'B',
    movingMean: 'input_mean',
    movingVariance: 'input_var',
  },
  notes: [
    'A model exported from PyTorch in training mode remembers the biased variance, unlike PyTorch itself.',
  ],
  badInput:
    'ONNX Runtime refuses to load a model whose channels do not match, or whose training_mode and number of outputs disagree. An empty batch makes the moving statistics NaN, and a negative variance the outputs.',
  verifiedByRunning: true,
  execution: "Run: ONNX Runtime 1.30.0 on a CPU, and held to ONNX's own test data.",
  source:
    'onnx f754691 onnx/defs/nn/defs.cc:1640-1818 ("population variance"); onnxruntime-node 1.30.0; onnx/backend/test/data test_batchnorm_*',
};
