import type { IncompleteLayer } from '../incompleteLayers';
import type { Finding } from './finding';
import type { FileFindingId } from './findingIds';

const id: FileFindingId = 'layer-incomplete';

/** What is surely a batch-norm layer, and lacks a tensor or has vectors that do not fit together. */
export function layerIncomplete({
  reason,
  evidence,
}: Pick<IncompleteLayer, 'reason' | 'evidence'>): Finding {
  return {
    id,
    severity: 'error',
    message: `This batch-norm layer cannot be examined, nor loaded as it is: ${reason}.`,
    channels: [],
    evidence,
    fix: 'Save the checkpoint again from the whole model, or take the layer from an earlier one; nothing else is said of it.',
    source:
      'PyTorch refuses such a layer when it loads it: Missing key(s) in state_dict, size mismatch (torch 1.13.1 nn/modules/module.py, load_state_dict)',
  };
}
