import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import type { Trace } from '../../../../src/core/batchnorm/trace';
import { createEngine } from '../../../../src/engine/engine';
import { openMemory } from '../../../../src/engine/memory/engineMemory';
import * as memories from '../../../../src/engine/memory/engineMemory';
import type { HelperData } from '../../../../src/engine/threads/helperData';
import {
  allowHelpers,
  dismissHelpers,
  sharedFrom,
  teamFor,
} from '../../../../src/engine/threads/threadTeam';
import { toWireLayer } from '../../../../src/protocol/wireLayer';
import { loadCopy, makeLayer, never, readWhole, tensorCount, valueOf } from '../support';
import { buildHelpers, type HelperBundles } from './helperBundles';
import { ready } from './runShared';

const log = (): void => undefined;
let bundles: HelperBundles;

beforeAll(async () => {
  bundles = await buildHelpers();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await dismissHelpers();
});
afterAll(() => bundles.dispose());

it('starts helpers at the first pass that is large enough, once', async () => {
  const start = vi.fn(bundles.start);
  allowHelpers({ start, helpers: 2, log });
  expect(teamFor(sharedFrom - 1)).toBeUndefined();
  expect(start).not.toHaveBeenCalled();
  const team = teamFor(sharedFrom) ?? expect.fail('no team');
  expect(start).toHaveBeenCalledTimes(2);
  expect(team.ready).toBe(0);
  expect(teamFor(2 * sharedFrom)).toBe(team);
  expect(start).toHaveBeenCalledTimes(2);
  await ready(team, 2);
});

it('starts none on one processor, none without leave, none without shared memory', () => {
  const start = vi.fn(bundles.start);
  expect(teamFor(sharedFrom)).toBeUndefined();
  allowHelpers({ start, helpers: 0, log });
  expect(teamFor(sharedFrom)).toBeUndefined();
  allowHelpers({ start, helpers: 1, log });
  vi.spyOn(memories, 'threadMemory').mockReturnValue(undefined);
  expect(teamFor(sharedFrom)).toBeUndefined();
  expect(start).not.toHaveBeenCalled();
  expect(openMemory()).toBeDefined();
});

const shape = [20_000, 65];
const layer = toWireLayer(makeLayer(tf1, shape, 1));
const input = {
  shape,
  dtype: 'float32',
  data: Float32Array.from({ length: 1_300_000 }, (_, i) => Math.sin(i) + 2),
} as const;

/** A step over a tensor that helpers are for. */
async function stepOnce(): Promise<{ readonly trace: Trace; readonly output: Buffer }> {
  const engine = createEngine();
  const { id } = await loadCopy(engine, input);
  const flags = { training: true, trainable: true };
  const stepped = valueOf(await engine.step({ input: id, layer, flags, steps: 1 }, never));
  const output = await readWhole(engine, stepped.output);
  await engine.close(id, never);
  expect(await tensorCount(engine)).toBe(0);
  expect(memories.threadMemory()?.used).toBe(0);
  return { trace: stepped.trace, output: Buffer.from(output.buffer) };
}

it('a step does not wait for helpers, nor need them', async () => {
  const wanted = await stepOnce();
  const starts: readonly ((data: HelperData) => ReturnType<HelperBundles['start']>)[] = [
    bundles.start,
    bundles.startOdd('silent'),
    bundles.startOdd('leaves'),
    () => {
      throw new Error('no threads here');
    },
  ];
  for (const start of starts) {
    allowHelpers({ start, helpers: 1, log });
    for (let time = 0; time < 2; time++) {
      const { trace, output } = await stepOnce();
      expect(trace).toEqual(wanted.trace);
      expect(output.equals(wanted.output)).toBe(true);
    }
    await dismissHelpers();
  }
});
