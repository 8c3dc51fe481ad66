import { always, type CallFamily } from '../callFamily';
import { torchRoles } from '../roles';

const ranks: Readonly<Record<string, number>> = { '2d': 4, '3d': 5 };

const modules: Omit<CallFamily, 'id' | 'callables' | 'signature'> = {
  language: 'python',
  roles: torchRoles,
  convention: always('pytorch'),
  // BatchNorm1d takes ranks 2 and 3, SyncBatchNorm any.
  rank: name => ranks[name.slice(-2)],
  makes: 'layer',
  application: {
    method: '',
    signature: 'input',
    roles: torchRoles,
    on: 'in train()',
    off: 'in eval()',
  },
  attributes: {
    weight: 'gamma',
    bias: 'beta',
    running_mean: 'movingMean',
    running_var: 'movingVariance',
  },
  settings: { momentum: 'momentum', eps: 'epsilon', track_running_stats: 'moves' },
  trainableBy: ['weight.requires_grad'],
  modes: { training: 'train', inference: 'eval' },
  source: 'torch 1.13.1 nn/modules/batchnorm.py',
};

/** `nn.BatchNorm1d`, `2d`, `3d`, `nn.SyncBatchNorm`. */
export const torchModules: CallFamily = {
  ...modules,
  id: 'torch.nn',
  callables: /^torch\.nn(?:\.modules(?:\.batchnorm)?)?\.(?:BatchNorm[123]d|SyncBatchNorm)$/,
  signature: 'num_features eps momentum affine track_running_stats process_group',
};

/** `nn.LazyBatchNorm2d`: the number of channels is the first input's. */
export const torchLazyModules: CallFamily = {
  ...modules,
  id: 'torch.nn lazy',
  callables: /^torch\.nn(?:\.modules(?:\.batchnorm)?)?\.LazyBatchNorm[123]d$/,
  signature: 'eps momentum affine track_running_stats',
};

/** `F.batch_norm(x, mean, var, training=…)`. */
export const torchFunctional: CallFamily = {
  id: 'torch.nn.functional',
  language: 'python',
  callables: /^torch\.nn\.functional\.batch_norm$/,
  signature: 'input running_mean running_var weight bias training momentum eps',
  roles: torchRoles,
  convention: always('pytorch'),
  defaults: { training: false },
  makes: 'output',
  takesValues: true,
  source: 'torch 1.13.1 nn/functional.py:2417-2450',
};

/** `torch.batch_norm`, what the function above calls. */
export const torchOperator: CallFamily = {
  ...torchFunctional,
  id: 'torch',
  callables: /^torch\.batch_norm$/,
  signature: 'input weight bias running_mean running_var training momentum eps cudnn_enabled',
  source: 'torch 1.13.1 nn/functional.py:2448',
};
