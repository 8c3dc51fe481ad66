import { maskIgnored, type Because, type Convention } from '../convention';
import { whenTrainable, whenTraining, type Flags } from '../flags';
import { exponentialNew } from '../momentumRules';
import { bessel } from '../varianceRules';

function pytorchBecause({ training, trainable }: Flags): Because {
  const mode = training
    ? 'the PyTorch module is in training mode (model.train())'
    : 'the PyTorch module is in evaluation mode (model.eval())';
  if (trainable) return { normalization: mode, update: mode };
  return training
    ? {
        normalization: mode,
        update:
          'requires_grad=False stops the gradients of weight and bias only: running statistics move until model.eval()',
      }
    : {
        normalization: mode,
        update: mode,
        parameters: 'requires_grad=False freezes weight and bias',
      };
}

/** `torch.nn.BatchNorm1d/2d/3d`. */
export const pytorch: Convention = {
  id: 'pytorch',
  name: 'PyTorch',
  api: 'torch.nn.BatchNorm1d/2d/3d',
  versions: 'run with PyTorch 1.13.1',
  changes: [
    {
      version: 'state version 2',
      text: 'num_batches_tracked is in the state, and its absence is an error; in an older state it is taken as 0.',
    },
  ],
  defaults: { epsilon: 1e-5, momentum: 0.1, channelAxis: 1, training: true, trainable: true },
  momentum: exponentialNew,
  movingVariance: bessel,
  usesBatchStatistics: whenTraining,
  updatesMoving: whenTraining,
  updatesParameters: whenTrainable,
  epsilonFloor: 0,
  mask: maskIgnored,
  cancellation: {
    loses: 'output',
    when: 'moving',
    where: 'PyTorch on a CPU',
    source: 'torch 1.13.1 aten/src/ATen/native/Normalization.cpp, evaluation; run',
  },
  ranks: [2, 5],
  singleValue: {
    kind: 'refused',
    message: 'Expected more than 1 value per channel when training',
  },
  zeroVarianceInverse: 'zero',
  emptyBatch: 'ignored',
  updateAdvice:
    'run batches in model.train() before model.eval(), and load running_mean and running_var from the checkpoint.',
  because: pytorchBecause,
  flagNames: { training: 'module.training', trainable: 'requires_grad of weight and bias' },
  parameterNames: {
    gamma: 'weight',
    beta: 'bias',
    movingMean: 'running_mean',
    movingVariance: 'running_var',
  },
  batchCount: 'num_batches_tracked',
  badInput:
    'Another rank than the class is for is a ValueError, another number of channels a RuntimeError; NHWC whose height is the number of channels is not noticed. Integers are not implemented, nor is float16 on a CPU in 1.13.1. A batch that is refused is counted in num_batches_tracked all the same.',
  verifiedByRunning: true,
  execution:
    'Run: PyTorch 1.13.1 on a CPU, and again with random layers in every test run where it is installed.',
  source:
    'torch 1.13.1 nn/modules/batchnorm.py:137-183, nn/functional.py:2402-2416, aten/src/ATen/native/Normalization.cpp:57,190-226',
};
