import { findingRule } from './finding';

/** A file of trained parameters that says that its batch norm runs in training mode. */
export const trainingModeExport = findingRule(
  'training-mode-export',
  ['checkpoint', 'stated'],
  ({ stated, layer }) => {
    if (stated.training !== true || layer.tracking === 'none') return undefined;
    const { name, flagNames } = layer.convention;
    return {
      severity: 'warning',
      message: `The file has this layer in training mode (${flagNames.training} is on in ${name}): whoever runs it gets outputs that depend on what else is in the batch, and its moving statistics are not used.`,
      channels: [],
      evidence: { training: 'true', convention: layer.convention.id },
      fix: 'Export it again in inference mode (model.eval(), training=TrainingMode.EVAL, training=False), unless it is exported for training.',
      source: 'microsoft/onnxruntime#26584, pytorch#75252, Samsung/ONE#12087',
    };
  },
);
