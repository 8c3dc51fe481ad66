import { describe, expect, it } from 'vitest';
import { orderMembers } from '../../../../../src/core/batchnorm/series/orderMembers';

/** Members that were written in the order of the list. */
function ordered(names: readonly string[]): ReturnType<typeof orderMembers> & { names: string[] } {
  const found = orderMembers(names.map((name, changed) => ({ name, changed })));
  return { ...found, names: found.order.map(i => names[i]!) };
}

describe('orderMembers', () => {
  it.each([
    [
      ['e10.pt', 'e9.pt', 'e1.pt'],
      ['e1.pt', 'e9.pt', 'e10.pt'],
      [1, 9, 10],
    ],
    [
      ['epoch=1-step=200.ckpt', 'epoch=0-step=100.ckpt', 'epoch=1-step=300.ckpt'],
      ['epoch=0-step=100.ckpt', 'epoch=1-step=200.ckpt', 'epoch=1-step=300.ckpt'],
      [100, 200, 300],
    ],
    [
      ['checkpoint-1000/model.safetensors', 'checkpoint-500/model.safetensors'],
      ['checkpoint-500/model.safetensors', 'checkpoint-1000/model.safetensors'],
      [500, 1000],
    ],
    // Keras writes the epoch and the validation loss.
    [
      ['weights.02-0.41.h5', 'weights.01-0.52.h5'],
      ['weights.01-0.52.h5', 'weights.02-0.41.h5'],
      [1, 2],
    ],
    [
      ['resnet50_step20.pt', 'resnet50_step3.pt'],
      ['resnet50_step3.pt', 'resnet50_step20.pt'],
      [3, 20],
    ],
  ])('puts %j in the order of their steps', (names, order, steps) => {
    const found = ordered(names);
    expect(found.by).toBe('step');
    expect(found.names).toEqual(order);
    expect(found.steps).toEqual(steps);
  });

  it('is natural where no number alone tells them apart', () => {
    const found = ordered(['e2_b1.pt', 'e1_b10.pt', 'e1_b1.pt', 'e2_b10.pt']);
    expect(found.names).toEqual(['e1_b1.pt', 'e1_b10.pt', 'e2_b1.pt', 'e2_b10.pt']);
    expect(found.by).toBe('step');
    expect(found.steps).toBeUndefined();
  });

  it.each([
    [['last.pt', 'best.pt']],
    [['resnet50_last.h5', 'resnet50_best.h5']],
    [['only1.pt']],
    [[]],
  ])('goes by date where names have no step: %j', names => {
    expect(ordered(names)).toMatchObject({ by: 'date', names, steps: undefined, leftOut: [] });
  });

  it('goes by date whatever the order in which they are given', () => {
    const found = orderMembers([
      { name: 'b.pt', changed: 30 },
      { name: 'a.pt', changed: 10 },
      { name: 'c.pt', changed: 20 },
    ]);
    expect(found.order).toEqual([1, 2, 0]);
  });

  it('leaves out what has no step among those that have', () => {
    const found = ordered(['e2.pt', 'best.pt', 'e1.pt']);
    expect(found.names).toEqual(['e1.pt', 'e2.pt']);
    expect(found.leftOut).toEqual([
      {
        member: 1,
        reason: 'its name has no step as “e1.pt” has: choose it together with files of its kind.',
      },
    ]);
  });
});
