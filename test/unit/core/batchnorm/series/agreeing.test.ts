import { describe, expect, it } from 'vitest';
import { disagreements } from '../../../../../src/core/batchnorm/series/agreeing';

function member(layers: Record<string, number>): Parameters<typeof disagreements>[0][number] {
  return { layers: Object.entries(layers).map(([name, channels]) => ({ name, channels })) };
}

describe('disagreements', () => {
  it('finds none among checkpoints of one model, one with fewer layers among them', () => {
    const members = [member({ a: 4, b: 8 }), member({ a: 4 }), member({ a: 4, b: 8 })];
    expect(disagreements(members)).toEqual([undefined, undefined, undefined]);
  });

  it('names the layer with another number of channels, and both numbers', () => {
    const members = [member({ a: 4, b: 8 }), member({ a: 4, b: 16 }), member({ a: 4, b: 8 })];
    expect(disagreements(members)).toEqual([
      undefined,
      'b has 16 channels in it, and 8 in the others.',
      undefined,
    ]);
  });

  it('leaves out what has no layer, or none of the others', () => {
    expect(
      disagreements([member({ a: 4 }), member({}), member({ a: 4 }), member({ z: 4 })]),
    ).toEqual([
      undefined,
      'no batch-norm layer was found in it.',
      undefined,
      'none of its batch-norm layers is in another checkpoint.',
    ]);
  });

  it('takes a single checkpoint as it is', () => {
    expect(disagreements([member({ a: 4 })])).toEqual([undefined]);
  });
});
