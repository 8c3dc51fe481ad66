import { findingRule } from './finding';

/** No count of batches, where the framework saves one. */
export const countMissing = findingRule(
  'count-missing',
  ['checkpoint'],
  ({ checkpoint, layer }) => {
    const { batchCount, name } = layer.convention;
    if (batchCount === undefined || checkpoint.counted || layer.tracking === 'none')
      return undefined;
    const { layers, layersCounted } = checkpoint;
    const some =
      layersCounted > 0 ? `, though ${layersCounted} of the ${layers} layers have one` : '';
    return {
      severity: 'note',
      message: `The file has no ${batchCount} for this layer${some}: ${name} takes it as missing in a strict load, but for files of versions that had none, where it is taken as 0.`,
      channels: [],
      evidence: { layers, layersCounted },
      fix: `Add ${batchCount} (an int64 scalar) to what is loaded, or load with strict=False. It matters only to a cumulative average (momentum=None).`,
      source:
        'pytorch#8430, pytorch#12528; torch 1.13.1 nn/modules/batchnorm.py, _load_from_state_dict',
    };
  },
);
