import { expect } from 'vitest';
import { flagCombinations } from '../../src/core/batchnorm/flags';
import { createEngine } from '../../src/engine/engine';
import { holdToReference, tensorCount } from '../unit/engine/support';
import { printedSeed, Random } from './random';
import { randomInput, randomLayer, randomOptions, randomShape } from './randomLayers';

/** The engine computes what the reference computes, whatever the shape, axis and numbers. */
export async function holdEngineToReference(): Promise<void> {
  const random = new Random(printedSeed('engine'));
  const engine = createEngine();
  const before = await tensorCount(engine);
  for (let run = 0; run < 200; run++) {
    const shape = randomShape(random);
    const { how, tensor } = randomInput(random, shape);
    const { layer, mask } = randomOptions(random, randomLayer(random, shape), shape);
    const steps = random.pick([1, 1, 3]);
    try {
      await holdToReference(engine, layer, tensor, flagCombinations, steps, mask);
    } catch (error) {
      const where = `run ${run}: ${how} [${shape.join(',')}] axis ${layer.channelAxis}, ${layer.convention.id}, ${steps} steps, mask of ${mask?.length}, renorm ${layer.renorm !== undefined}, virtual ${layer.virtualBatchSize}`;
      throw new Error(where, { cause: error });
    }
  }
  expect(await tensorCount(engine)).toBe(before);
}
