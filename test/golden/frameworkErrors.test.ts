import { describe, expect, it } from 'vitest';
import { conventions } from '../../src/core/batchnorm/conventions/registry';
import { refusal } from '../../src/core/batchnorm/plan';
import { resolveLayer, type ResolvedLayer } from '../../src/core/batchnorm/statement';
import type { Result } from '../../src/core/problem';
import { loadRecords } from './records';

const recorded = [
  ...loadRecords('pytorch').filter(({ kind }) => kind === 'error'),
  ...loadRecords('onnxruntime').filter(({ expected }) => typeof expected.error === 'string'),
];
const pytorch = conventions.find(({ id }) => id === 'pytorch');
const onnx = conventions.find(({ id }) => id === 'onnx');

/** PyTorch's layer with statistics for three channels, over an input of this shape. */
function threeChannels(shape: readonly number[]): Result<ResolvedLayer> {
  if (!pytorch) throw new Error('no pytorch convention');
  return resolveLayer({ parameters: { movingMean: Float64Array.of(1, 2, 3) } }, shape, pytorch);
}

/** What each recorded error is here: held by an assertion, or why it has no counterpart. */
const counterparts: Readonly<Record<string, (() => void) | string>> = {
  error_rank1: () => {
    const resolved = threeChannels([3]);
    if (!resolved.ok) throw new Error(resolved.problem.message);
    const { layer, flags } = resolved.value;
    expect(refusal(layer, 1, 1, flags)?.code).toBe('rank-refused');
  },
  error_wrong_channels_nhwc_into_nchw: () => {
    const resolved = threeChannels([2, 4, 4, 3]);
    expect(resolved.ok ? '' : resolved.problem.message).toBe(
      'moving mean has 3 values, but axis 1 of [2,4,4,3] has 4 channels: axis 3 has 3.',
    );
  },
  noerror_wrong_channels_square: () => {
    expect(threeChannels([2, 3, 4, 3]).ok).toBe(true);
  },
  error_wrong_rank_2d_gets_3d:
    'the convention speaks for BatchNorm1d, 2d and 3d together, each of which takes fewer ranks',
  error_int_input: 'Normscope converts integers to float32 and says so',
  error_half_cpu: 'Normscope computes in float32',
  error_functional_eval_without_stats: 'nn.BatchNorm takes batch statistics there, which is held',
  error_state_dict_missing: 'reading a state_dict is to come',
  error_state_dict_size: 'reading a state_dict is to come',
  rank4_infer_wrong_channels: () => {
    if (!onnx) throw new Error('no onnx convention');
    const scale = Float64Array.of(1.5, 0.5, -2);
    const resolved = resolveLayer({ parameters: { gamma: scale } }, [1, 2, 4, 3], onnx);
    expect(resolved.ok ? '' : resolved.problem.message).toBe(
      'gamma has 3 values, but axis 1 of [1,2,4,3] has 2 channels: axis 3 has 3.',
    );
  },
  rank4_opset15_training0_3_outputs: 'a node that contradicts itself: reading a graph is to come',
  rank4_opset15_training1_1_output: 'a node that contradicts itself: reading a graph is to come',
  rank4_infer_spatial0_opset7: 'spatial=0 (statistics an element, opset 7) is not among the rules',
};

describe('errors that PyTorch and ONNX Runtime raise', () => {
  it('are all accounted for', () => {
    expect(recorded.map(({ name }) => name).sort()).toEqual(Object.keys(counterparts).sort());
    for (const [name, counterpart] of Object.entries(counterparts)) {
      if (typeof counterpart === 'string')
        console.log(`${name} has no counterpart: ${counterpart}`);
    }
  });

  for (const [name, counterpart] of Object.entries(counterparts)) {
    if (typeof counterpart === 'function') it(name, counterpart);
  }
});
