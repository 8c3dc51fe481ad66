import { expect, it } from 'vitest';
import { flagCombinations } from '../../src/core/batchnorm/flags';
import type { Upstream } from '../../src/core/batchnorm/upstream';
import { sizeOf } from '../../src/core/tensor/shape';
import { createEngine } from '../../src/engine/engine';
import { holdGradients } from '../unit/engine/holdGradients';
import { tensorCount } from '../unit/engine/support';
import { printedSeed, Random } from './random';
import { randomInput, randomLayer, randomOptions, randomShape } from './randomLayers';

function randomUpstream(random: Random, shape: readonly number[]): Upstream {
  const data = (): Float32Array =>
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal());
  return random.pick<() => Upstream>([
    () => ({ kind: 'ones' }),
    () => ({ kind: 'random', seed: random.integer(0, 2 ** 31) }),
    () => ({ kind: 'given', tensor: { shape, dtype: 'float32', data: data() } }),
  ])();
}

it('the engine differentiates as the closed form does, whatever the shape, axis, rules and numbers', async () => {
  const seed = printedSeed('gradients');
  const engine = createEngine();
  for (let run = 0; run < 250; run++) {
    const random = new Random(seed + run);
    const shape = randomShape(random);
    const { how, tensor } = randomInput(random, shape);
    const { layer, mask } = randomOptions(random, randomLayer(random, shape), shape);
    const flags = random.pick(flagCombinations);
    const upstream = randomUpstream(random, shape);
    try {
      await holdGradients(engine, layer, tensor, flags, upstream, mask);
    } catch (error) {
      const where = `seed ${seed + run}: ${how} [${shape.join(',')}] axis ${layer.channelAxis}, ${layer.convention.id}, ${JSON.stringify(flags)}, dy ${upstream.kind}, mask of ${mask?.length}, renorm ${layer.renorm !== undefined}, virtual ${layer.virtualBatchSize}`;
      throw new Error(where, { cause: error });
    }
  }
  expect(await tensorCount(engine)).toBe(0);
}, 60_000);
