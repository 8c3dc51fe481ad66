import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { flagCombinations, type Flags } from '../../src/core/batchnorm/flags';
import type { BatchNormLayer } from '../../src/core/batchnorm/layer';
import type { Tensor } from '../../src/core/tensor/tensor';
import { createEngine } from '../../src/engine/engine';
import { threadMemory } from '../../src/engine/memory/engineMemory';
import {
  allowHelpers,
  dismissHelpers,
  sharedFrom,
  teamFor,
} from '../../src/engine/threads/threadTeam';
import { toWireLayer } from '../../src/protocol/wireLayer';
import { loadCopy, never, readWhole, tensorCount } from '../unit/engine/support';
import { buildHelpers, type HelperBundles } from '../unit/engine/threads/helperBundles';
import { ready } from '../unit/engine/threads/runShared';
import { printedSeed, Random } from './random';
import { randomInput, randomLayer } from './randomLayers';

const engine = createEngine();
const cases = 8;
let bundles: HelperBundles;

beforeAll(async () => {
  bundles = await buildHelpers();
});

afterAll(async () => {
  await dismissHelpers();
  await bundles.dispose();
  expect(threadMemory()?.used).toBe(0);
});

/** Channels first, last or in the middle, of any number, and just large enough for threads. */
function largeShape(random: Random): readonly number[] {
  const rank = random.integer(2, 4);
  const axis = random.integer(0, rank - 1);
  const shape = Array.from({ length: rank }, () => random.integer(1, random.pick([3, 17, 300])));
  const size = shape.reduce((product, n, i) => (i === axis ? product : product * n), 1);
  shape[axis] = Math.ceil((sharedFrom * (1 + random.next())) / size);
  return shape[axis] > 20_000 ? largeShape(random) : shape;
}

/** Every number of a step in its bits. NaN has many patterns, and which one comes out is the processor's affair. */
function digest(values: object): string {
  const hash = createHash('sha1');
  const add = (value: unknown): void => {
    if (value instanceof Float32Array || value instanceof Float64Array) {
      const copy = value.slice();
      for (let i = 0; i < copy.length; i++) if (Number.isNaN(copy[i])) copy[i] = NaN;
      hash.update(new Uint8Array(copy.buffer));
    } else if (ArrayBuffer.isView(value)) hash.update(Buffer.from(value.buffer));
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(add);
    else hash.update(String(value));
  };
  add(values);
  return hash.digest('hex');
}

async function stepAll(layer: BatchNormLayer, input: Tensor): Promise<string[]> {
  const { id } = await loadCopy(engine, input);
  const found: string[] = [];
  for (const flags of flagCombinations) found.push(await stepOnce(id, layer, flags));
  await engine.close(id, never);
  expect(await tensorCount(engine)).toBe(0);
  return found;
}

/** @returns a digest of the trace and of the output, or the problem */
async function stepOnce(input: number, layer: BatchNormLayer, flags: Flags): Promise<string> {
  const done = await engine.step({ input, layer: toWireLayer(layer), flags, steps: 1 }, never);
  if (!done.ok) return done.problem.code;
  return digest([done.value.trace, await readWhole(engine, done.value.output)]);
}

it('one, two, three and four threads find the same bits', async () => {
  const random = new Random(printedSeed('threads'));
  for (let run = 0; run < cases; run++) {
    const shape = largeShape(random);
    const layer = randomLayer(random, shape);
    const { how, tensor } = randomInput(random, shape);
    await dismissHelpers();
    const wanted = await stepAll(layer, tensor);
    for (const helpers of [1, 2, 3]) {
      allowHelpers({ start: bundles.start, helpers, log: line => expect.fail(line) });
      await ready(teamFor(sharedFrom) ?? expect.fail('no team'), helpers);
      const where = `run ${run}: ${how} [${shape.join(',')}] axis ${layer.channelAxis}, ${layer.convention.id}, ${helpers} helpers`;
      expect(await stepAll(layer, tensor), where).toEqual(wanted);
      await dismissHelpers();
    }
  }
}, 300_000);
