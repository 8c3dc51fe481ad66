import { describe, expect, it } from 'vitest';
import { threadsOf } from '../../../../../src/core/batchnorm/diagnose/threads';

describe('the threads of a source', () => {
  it('have addresses, with the owner or a repository that is known without', () => {
    expect(threadsOf('pytorch#5406, pytorch/vision#2079; y = gamma')).toEqual([
      { name: 'pytorch#5406', url: 'https://github.com/pytorch/pytorch/issues/5406' },
      { name: 'pytorch/vision#2079', url: 'https://github.com/pytorch/vision/issues/2079' },
    ]);
  });

  it('are left out where nobody knows whose they are', () => {
    expect(threadsOf('unknown#1; keras/layers/normalization.py:12')).toEqual([]);
  });
});
