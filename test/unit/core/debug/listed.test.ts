import { describe, expect, it } from 'vitest';
import { parseDescription, type Description } from '../../../../src/core/debug/answers';
import { isUnwell, listedDetail, listedText } from '../../../../src/core/debug/listed';

function described(value: unknown): Description {
  const parsed = parseDescription(JSON.stringify(value), 'x');
  if (!parsed.ok) throw new Error(parsed.problem.message);
  return parsed.value;
}

const health = { of: 4, nan: 2, infinite: 1, minimum: -1, maximum: 3, mean: 0.5, digest: '' };
const tensor = { kind: 'tensor', type: 'Tensor', framework: 'PyTorch', dtype: 'float32' };

describe('what a list says of a value', () => {
  it('is dtype, shape, device and what is not finite', () => {
    const value = described({ ...tensor, shape: [2, 3], device: 'cuda:0', health });
    expect(listedText(value)).toBe('float32 [2,3] · cuda:0 · 2 NaN, 1 ∞ in the first 4');
    expect(listedDetail(value)).toContain('-1 to 3, mean 0.5, the first 4 of 6');
    expect(isUnwell(value)).toBe(true);
  });

  it('says when nothing was looked at', () => {
    const value = described({ ...tensor, shape: [2], device: 'cpu', health: null });
    expect(listedText(value)).toBe('float32 [2]');
    expect(listedDetail(value)).toContain('not looked at');
    expect(isUnwell(value)).toBe(false);
  });

  it('is class, channels and mode of a layer', () => {
    const layer = { kind: 'layer', type: 'BatchNorm2d', channels: 3, parameters: {} };
    const value = described({ ...layer, training: false, epsilon: 1e-5, momentum: null });
    expect(listedText(value)).toBe('BatchNorm2d, 3 channels · evaluation');
    expect(listedDetail(value)).toContain('epsilon 0.00001, momentum none');
  });

  it('is the reason where it is not read', () => {
    const value = described({ kind: 'refused', reason: 'symbolic', message: 'it is symbolic' });
    expect(listedText(value)).toBe('it is symbolic');
    expect(listedDetail(value)).toBe('Not read: it is symbolic.');
  });
});
