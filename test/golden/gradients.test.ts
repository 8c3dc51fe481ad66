import { afterAll, describe, expect, it } from 'vitest';
import { gradients, type Gradients } from '../../src/core/batchnorm/gradients';
import type { Result } from '../../src/core/problem';
import { createEngine } from '../../src/engine/engine';
import { toWireLayer } from '../../src/protocol/wireLayer';
import { casesOf, type GoldenCase } from './cases';
import { expectClose } from './hold';
import { goldenFiles, loadRecords, toNumbers, type GoldenRecord, type Numbers } from './records';

/** What a record calls each gradient. */
const names: Readonly<Record<string, (all: AllGradients) => ArrayLike<number> | null>> = {
  grad_x: all => all.x,
  grad_gamma: all => all.gamma,
  grad_beta: all => all.beta,
  grad_moving_mean: all => all.movingMean,
  grad_moving_variance: all => all.movingVariance,
};

const records = goldenFiles.flatMap(loadRecords).filter(({ dy }) => dy !== undefined);

/** Computes all gradients of a case's first call. */
type Differentiate = (golden: GoldenCase, dy: Float64Array) => Promise<Result<AllGradients>>;

type AllGradients = { readonly [K in keyof Gradients]: Gradients[K] | Float32Array };

const reference: Differentiate = ({ layer, flags, calls }, dy) => {
  const input = calls[0]?.input;
  if (!input) throw new Error('no call');
  return Promise.resolve(gradients(layer, input, dy, flags));
};

const engine = createEngine();
const { signal } = new AbortController();

const inEngine: Differentiate = async ({ layer, flags, calls }, dy) => {
  const input = calls[0]?.input;
  if (!input) throw new Error('no call');
  const loaded = await engine.load({ ...input, data: input.data.slice() }, signal);
  if (!loaded.ok) return loaded;
  const given = { shape: input.shape, dtype: 'float64', data: dy } as const;
  const found = await engine.gradients(
    {
      input: loaded.value.id,
      layer: toWireLayer(layer),
      flags,
      upstream: { kind: 'given', tensor: given },
      elements: { start: 0, count: dy.length },
    },
    signal,
  );
  await engine.close(loaded.value.id, signal);
  return found.ok ? { ok: true, value: { ...found.value, x: found.value.elements } } : found;
};

/** Compares every gradient that the record expects; returns how many. */
async function holdRecord(
  record: GoldenRecord,
  differentiate: Differentiate,
  atLeast: number,
): Promise<number> {
  const [golden] = casesOf(record);
  if (!golden) throw new Error(`${record.name}: no case`);
  const all = await differentiate(golden, Float64Array.from(toNumbers(record.dy ?? [])));
  if (!all.ok) throw new Error(all.problem.message);
  const held = Object.entries(names).filter(([name]) => Array.isArray(record.expected[name]));
  for (const [name, of] of held) {
    const { abs, rel } = golden.tolerance(name);
    const within = { abs: Math.max(abs, atLeast), rel: Math.max(rel, atLeast) };
    const actual = Array.from(of(all.value) ?? []);
    expectClose(name, actual, record.expected[name] as Numbers, within);
  }
  return held.length;
}

describe('gradients against golden vectors', () => {
  for (const record of records) {
    const expected = Object.keys(record.expected).filter(key => key.startsWith('grad_'));
    it(`${record.file}: ${record.name}`, async () => {
      expect(expected.length).toBeGreaterThan(0);
      expect(await holdRecord(record, reference, 0)).toBe(expected.length);
    });

    it(`${record.file}: ${record.name}, in the engine`, async () => {
      expect(await holdRecord(record, inEngine, 1e-6)).toBe(expected.length);
    });
  }

  it('are of PyTorch, TensorFlow and tfjs', () => {
    expect(new Set(records.map(({ file }) => file))).toEqual(
      new Set(['pytorch', 'tensorflow', 'tfjs-core']),
    );
    expect(records.length).toBe(11);
  });

  afterAll(async () => {
    const memory = await engine.memory(null, signal);
    expect(memory.ok && memory.value.numTensors, 'tensors left behind').toBe(0);
  });
});
