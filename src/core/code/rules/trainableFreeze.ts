import { codeRule } from './codeRule';
import { frozenInTensorFlow } from './freezing/tensorflow';
import { frozenInKeras } from './freezing/keras';
import { frozenInTorch } from './freezing/torch';

/** Parameters are frozen, and the statistics are not, or the other way round. */
export const trainableFreeze = codeRule(
  'trainable-freeze',
  'Frozen by a flag that freezes something else',
  code => [...frozenInTorch(code), ...frozenInTensorFlow(code), ...frozenInKeras(code)],
);
