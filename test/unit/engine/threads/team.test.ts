import type { Worker } from 'node:worker_threads';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ChannelLayout } from '../../../../src/core/tensor/shape';
import type { SingleAffine } from '../../../../src/engine/kernels/affine';
import { emptyStatistics, type InputStatistics } from '../../../../src/engine/kernels/moments';
import type { Pass } from '../../../../src/engine/kernels/pass';
import { threadDevice, type Device } from '../../../../src/engine/kernels/simd/device';
import { SimdExtremes } from '../../../../src/engine/kernels/simd/extremes';
import { SimdMoments } from '../../../../src/engine/kernels/simd/moments';
import { SimdNormalize } from '../../../../src/engine/kernels/simd/normalize';
import { fastWidth, planWalk, widened } from '../../../../src/engine/kernels/simd/walk';
import { Team, type TeamOptions } from '../../../../src/engine/threads/team';
import { printedSeed, Random } from '../../../property/random';
import { valueOf } from '../support';
import { buildHelpers, type HelperBundles } from './helperBundles';
import type { Oddity } from './oddHelper';
import { alone, ready, together } from './runShared';

const device: Device = threadDevice() ?? expect.fail('Node has shared memory');
const seed = printedSeed('team');
let bundles: HelperBundles;
const teams: Team[] = [];
const log: string[] = [];

beforeAll(async () => {
  bundles = await buildHelpers();
});

afterEach(async () => {
  await Promise.all(teams.splice(0).map(team => team.close()));
  log.length = 0;
});

afterAll(() => bundles.dispose());

function openTeam(options: Partial<TeamOptions>): Team {
  const team = new Team(device.memory, {
    start: bundles.start,
    helpers: 1,
    log: text => log.push(text),
    ...options,
  });
  teams.push(team);
  return team;
}

/** Both kinds of walks, with several parts of each, and with elements that are in no whole row. */
const layouts: readonly ChannelLayout[] = [
  { outer: 20_001, channels: 60, inner: 1 },
  { outer: 40_003, channels: 33, inner: 1 },
  { outer: 700, channels: 2000, inner: 1 },
  { outer: 40, channels: 33, inner: 1001 },
  { outer: 2, channels: 2, inner: 600_001 },
];

interface Work {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly affine: SingleAffine;
  readonly passes: (into: InputStatistics) => (() => Pass)[];
}

/** Every pass that threads share, over a tensor in the engine's memory. */
async function withWork(layout: ChannelLayout, use: (work: Work) => Promise<void>): Promise<void> {
  const random = new Random(seed);
  const size = layout.outer * layout.channels * layout.inner;
  const walk = planWalk(layout) ?? expect.fail('too small');
  const before = device.memory.used;
  const blocks = [1, 2].map(() => valueOf(device.memory.allocate(size * 4)));
  const [x, y] = blocks.map(block => device.memory.float32(block, size)) as [
    Float32Array,
    Float32Array,
  ];
  // Half of it so far from 0 that the moments take a second pass.
  const far = random.boolean() ? 1e4 : 0;
  for (let i = 0; i < size; i++) x[i] = far + random.next();
  const column = (): Float32Array =>
    Float32Array.from({ length: layout.channels }, () => random.normal());
  const affine = { mean: column(), rest: column(), scale: column(), beta: column() };
  const passes = (into: InputStatistics): (() => Pass)[] => [
    () => valueOf(SimdMoments.open(device, widened(walk, fastWidth.moments), into)),
    () => valueOf(SimdExtremes.open(device, walk, into)),
    () => valueOf(SimdNormalize.open(device, walk, affine)),
  ];
  await use({ x, y, affine, passes });
  for (const block of blocks) device.memory.free(block);
  expect(device.memory.used, 'nothing is left in the memory').toBe(before);
}

function bitsOf(statistics: InputStatistics, y: Float32Array): Buffer[] {
  const { mean, variance, min, max } = statistics;
  return [mean, variance, min, max, y].map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(Buffer.from(buffer, byteOffset, byteLength)),
  );
}

function aloneBits({ x, y, passes }: Work, layout: ChannelLayout): Buffer[] {
  const into = emptyStatistics(layout);
  for (const open of passes(into)) alone(open(), x, y);
  return bitsOf(into, y);
}

function expectBits(found: readonly Buffer[], wanted: readonly Buffer[]): void {
  expect(found.map((bytes, i) => bytes.equals(wanted[i]!))).toEqual(wanted.map(() => true));
}

describe.each([1, 2, 3])('with %i helpers', helpers => {
  it.each(layouts)('$outer × $channels × $inner gives the same bits', async layout => {
    const random = new Random(seed + helpers);
    const team = openTeam({ helpers });
    await ready(team, helpers);
    await withWork(layout, async work => {
      const { x, y, passes } = work;
      const wanted = aloneBits(work, layout);
      for (const share of [0, 0.5, 1]) {
        const into = emptyStatistics(layout);
        y.fill(NaN);
        let taken = 0;
        const own = (): boolean => random.next() < share;
        for (const open of passes(into)) taken += await together(team, own, open(), x, y);
        if (share === 0) expect(taken, 'helpers did everything').toBe(0);
        expectBits(bitsOf(into, y), wanted);
      }
    });
    expect(log).toEqual([]);
  });
});

it('helpers see memory that was added after their start', async () => {
  const team = openTeam({ helpers: 2 });
  await ready(team, 2);
  const pages = device.memory.pages;
  const large = valueOf(device.memory.allocate(pages * 65_536));
  expect(device.memory.pages).toBeGreaterThan(pages);
  const layout = { outer: 30_000, channels: 64, inner: 1 };
  await withWork(layout, async work => {
    expect(work.x.byteOffset).toBeGreaterThan(pages * 65_536 - 30e6);
    const wanted = aloneBits(work, layout);
    const into = emptyStatistics(layout);
    for (const open of work.passes(into)) {
      expect(await together(team, () => false, open(), work.x, work.y)).toBe(0);
    }
    expectBits(bitsOf(into, work.y), wanted);
  });
  device.memory.free(large);
});

it('has one job at a time, and helps nobody before it is there', async () => {
  const layout = layouts[0]!;
  await withWork(layout, async ({ x, y, passes }) => {
    const first = passes(emptyStatistics(layout))[0]!();
    const calls = first.calls!(x, y);
    const team = openTeam({});
    expect(team.begin(calls)).toBeUndefined();
    await ready(team, 1);
    const job = team.begin(calls) ?? expect.fail();
    expect(team.begin(calls)).toBeUndefined();
    await job.close();
    await (team.begin(calls) ?? expect.fail()).close();
    first.dispose();
  });
});

it('a job that is closed in the middle leaves nobody at work', async () => {
  const layout = layouts[0]!;
  const team = openTeam({ helpers: 2 });
  await ready(team, 2);
  await withWork(layout, async ({ x, y, passes }) => {
    const pass = passes(emptyStatistics(layout))[2]!();
    for (let i = 0; i < 200; i++) {
      y.fill(0, 0, 100);
      const job = team.begin(pass.calls!(x, y)) ?? expect.fail();
      if (i % 2 === 1) await new Promise(resolve => setImmediate(resolve));
      await job.close();
      const after = Buffer.from(y.buffer, y.byteOffset, y.byteLength);
      const copy = Buffer.from(after);
      await new Promise(resolve => setImmediate(resolve));
      if (i % 20 === 0) expect(after.equals(copy)).toBe(true);
    }
    pass.dispose();
  });
});

describe('a helper that fails', () => {
  /** Lets an odd helper take a call of each pass, and finishes without it. */
  async function survives(oddity: Oddity): Promise<void> {
    const layout = layouts[0]!;
    await withWork(layout, async work => {
      const { x, y, passes } = work;
      const wanted = aloneBits(work, layout);
      const into = emptyStatistics(layout);
      y.fill(NaN);
      for (const open of passes(into)) {
        const workers: Worker[] = [];
        const start = bundles.startOdd(oddity);
        const team = openTeam({
          start: data => {
            const worker = start(data);
            workers.push(worker);
            return worker;
          },
          // The others end by themselves, sooner or later.
          patience: ['stuck', 'writes half'].includes(oddity) ? 100 : 60_000,
        });
        await ready(team, 1);
        let taken = false;
        workers[0]!.on('message', () => (taken = true));
        await together(team, () => taken, open(), x, y);
        expect(taken).toBe(true);
        expect(team.ready).toBe(0);
      }
      expectBits(bitsOf(into, y), wanted);
    });
  }

  it('by leaving is done without', async () => {
    await survives('leaves');
  });

  it('by an exception is done without, and logged', async () => {
    await survives('throws');
    expect(log).toHaveLength(3);
    expect(log[0]).toContain('an odd helper');
  });

  it('by getting stuck is terminated, and logged', async () => {
    await survives('stuck');
    expect(log).toHaveLength(3);
    expect(log[0]).toContain('does not come to an end');
  });

  it('in the middle of a part leaves no trace of it', async () => {
    await survives('writes half');
  });

  it('by never being there is nobody’s concern', async () => {
    const team = openTeam({ start: bundles.startOdd('silent'), patience: 100 });
    await new Promise(resolve => setTimeout(resolve, 100));
    expect(team.ready).toBe(0);
  });

  it('by not starting is logged', () => {
    const none = openTeam({
      start: () => {
        throw new Error('no more threads');
      },
    });
    expect(none.ready).toBe(0);
    expect(log).toEqual(['a helper thread cannot be started: Error: no more threads']);
  });

  it('by being stuck for good ends the engine rather than corrupt its memory', async () => {
    const fatal = vi.fn();
    const workers: Worker[] = [];
    const start = bundles.startOdd('stuck');
    const team = openTeam({
      start: data => {
        const worker = start(data);
        workers.push(worker);
        return worker;
      },
      patience: 50,
      lastPatience: 50,
      fatal,
    });
    await ready(team, 1);
    const [worker] = workers as [Worker];
    const terminate = worker.terminate.bind(worker);
    worker.terminate = () => new Promise(() => undefined);
    const layout = layouts[0]!;
    await withWork(layout, async ({ x, y, passes }) => {
      const pass = passes(emptyStatistics(layout))[0]!();
      const job = team.begin(pass.calls!(x, y)) ?? expect.fail();
      await new Promise(resolve => worker.once('message', resolve));
      let settled = false;
      void job.settled().then(() => (settled = true));
      await expect.poll(() => fatal.mock.calls.length, { timeout: 10_000 }).toBe(1);
      await new Promise(resolve => setTimeout(resolve, 100));
      expect(settled).toBe(false);
      pass.dispose();
    });
    worker.terminate = terminate;
  });
});
