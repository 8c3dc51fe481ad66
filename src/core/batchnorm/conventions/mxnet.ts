import { maskIgnored, type Because, type Convention } from '../convention';
import { whenTrainable, whenTraining, type Flags } from '../flags';
import { exponentialOld } from '../momentumRules';
import { biased } from '../varianceRules';

function mxnetBecause({ training, trainable }: Flags): Because {
  const mode = training
    ? 'MXNet is in training mode and use_global_stats is not set'
    : 'MXNet is not in training mode';
  return {
    normalization: mode,
    update: training
      ? `${mode} (they move in the backward pass, so a forward pass alone moves nothing)`
      : mode,
    ...(trainable ? {} : { parameters: "grad_req='null' freezes gamma and beta" }),
  };
}

/** MXNet's operator `BatchNorm`, with a backward pass after every forward one. */
export const mxnet: Convention = {
  id: 'mxnet',
  name: 'MXNet',
  api: 'mx.nd.BatchNorm',
  versions: 'commit b84609d, its own kernel on a CPU; Gluon has epsilon 1e-5',
  changes: [],
  defaults: { epsilon: 1e-3, momentum: 0.9, channelAxis: 1, training: false, trainable: true },
  momentum: exponentialOld,
  movingVariance: biased,
  usesBatchStatistics: whenTraining,
  updatesMoving: whenTraining,
  updatesParameters: whenTrainable,
  epsilonFloor: 0,
  mask: maskIgnored,
  ranks: [2, 8],
  singleValue: {
    kind: 'accepted',
    note: 'MXNet accepts it: the variance is 0 and every output is beta.',
  },
  zeroVarianceInverse: 'infinity',
  emptyBatch: 'averaged',
  updateAdvice: 'run forward and backward inside autograd.record(), without use_global_stats.',
  because: mxnetBecause,
  flagNames: { training: 'is_train', trainable: "grad_req != 'null'" },
  parameterNames: {
    gamma: 'gamma',
    beta: 'beta',
    movingMean: 'moving_mean',
    movingVariance: 'moving_var',
  },
  gammaFixedBy: 'fix_gamma',
  notes: [
    'fix_gamma is True unless stated: the operator then takes gamma as 1 whatever the file holds (mxnet#9624). Normscope uses the gamma it is given.',
    'The moving statistics move in the backward pass: a step here is a forward and a backward pass.',
    'With cuDNN the variance that is remembered is reported to be the unbiased one (mxnet#21111).',
  ],
  badInput: 'What it does with a wrong rank or number of channels was not read.',
  verifiedByRunning: false,
  execution: 'Never executed: read in the source, and in issues about it.',
  source: 'apache/mxnet b84609d src/operator/nn/batch_norm.cc:268-273; mxnet#15717, mxnet#21111',
};
