import { afterAll, describe, expect, it } from 'vitest';
import { layerAfter } from '../../src/core/batchnorm/layer';
import { step } from '../../src/core/batchnorm/step';
import { channelMoments } from '../../src/core/statistics/reference';
import { channelLayout } from '../../src/core/tensor/shape';
import { createEngine } from '../../src/engine/engine';
import { toWireLayer } from '../../src/protocol/wireLayer';
import { casesOf, reasonNotHeld, type GoldenCase, type Tolerance } from './cases';
import { expectClose, holdCase, type Runner } from './hold';
import { goldenFiles, loadRecords } from './records';

/** float32 outputs of numbers of any size; the statistics are float64 sums of float32 inputs. */
const float32: Tolerance = { abs: 2e-6, rel: 2e-6 };

const engine = createEngine();
const { signal } = new AbortController();

const run: Runner = async (layer, input, flags, steps, mask) => {
  // The engine takes its inputs over.
  const masked = mask && { mask: { shape: [mask.length], dtype: 'bool' as const, data: mask } };
  const loaded = await engine.load({ ...input, data: input.data.slice(), ...masked }, signal);
  if (!loaded.ok) return loaded;
  const request = { input: loaded.value.id, layer: toWireLayer(layer), flags, steps };
  const stepped = await engine.step(request, signal);
  if (!stepped.ok) {
    await engine.close(loaded.value.id, signal);
    return stepped;
  }
  const { trace, output, ...rest } = stepped.value;
  const count = input.data.length;
  const read = await engine.read({ tensor: output.id, start: 0, count }, signal);
  await engine.close(loaded.value.id, signal);
  if (!read.ok) return read;
  const after = layerAfter(layer, { ...trace, ...rest });
  return { ok: true, value: { output: read.value, layer: after, batch: trace.batch } };
};

const cases = goldenFiles
  .flatMap(loadRecords)
  .filter(record => reasonNotHeld(record) === null)
  .flatMap(casesOf);

// tfjs has no float64: to float32 these inputs are others, and are held to the reference over those.
const rounded = cases.filter(({ calls }) => calls.some(({ input }) => losesToFloat32(input.data)));
const apart = new Set(rounded);
const held = cases.filter(golden => !apart.has(golden));

describe('the engine against golden vectors', () => {
  for (const golden of held) {
    it(golden.name, () => holdCase(golden, run, toleranceFor(golden.layer.precision)));
  }

  for (const golden of rounded) {
    it(`${golden.name}, with its input rounded to float32`, async () => {
      await holdToReference(golden);
      await holdCase(golden, run, roundingAllowance(golden));
    });
  }

  it('holds every case', () => {
    console.log(`${cases.length} golden cases held by the engine`);
    for (const golden of rounded)
      console.log(`  with its input rounded to float32: ${golden.name}`);
    expect(held.length + rounded.length).toBe(cases.length);
    expect(cases.length).toBeGreaterThanOrEqual(180);
    expect(rounded.length).toBe(1);
    expect(held.filter(({ mask }) => mask !== undefined).length).toBe(4);
    expect(held.filter(({ layer }) => layer.renorm !== undefined).length).toBe(2);
  });

  afterAll(async () => {
    const memory = await engine.memory(null, signal);
    expect(memory.ok && memory.value.numTensors, 'tensors left behind').toBe(0);
  });
});

function toleranceFor(precision: 'float32' | 'float64'): Tolerance {
  return precision === 'float64' ? { abs: 5e-6, rel: 5e-6 } : float32;
}

/** Over the input that float32 makes of the record's, the engine computes what the reference does. */
async function holdToReference({ layer: first, calls, flags, mask }: GoldenCase): Promise<void> {
  let layer = first;
  for (const { input, steps } of calls) {
    const seen = { ...input, data: Float32Array.from(input.data) };
    const ran = await run(layer, input, flags, steps, mask);
    const wanted = step(layer, seen, flags, steps, mask);
    if (!ran.ok || !wanted.ok) throw new Error('refused');
    const { output, layer: after } = ran.value;
    for (const [what, got, reference] of [
      ['output', output, wanted.value.output.data],
      ['moving mean', after.movingMean, wanted.value.layer.movingMean],
      ['moving variance', after.movingVariance, wanted.value.layer.movingVariance],
    ] as const) {
      expectClose(what, Array.from(got), Array.from(reference), float32);
    }
    layer = after;
  }
}

/**
 * What rounding every element by at most δ can do to a record's numbers: a mean moves by δ and a standard
 * deviation σ by δ, so an output by |gamma|·(2 + |xhat|)·δ/σ, and a variance by 2σδ + δ².
 */
function roundingAllowance({ layer, calls }: GoldenCase): Tolerance {
  let abs = 0;
  for (const { input } of calls) {
    const { n, variance } = channelMoments(
      input.data,
      channelLayout(input.shape, layer.channelAxis),
    );
    const moved = Float64Array.from(input.data, x => Math.abs(Math.fround(x) - x));
    const delta = Math.max(...moved);
    variance.forEach((v, c) => {
      const sigma = Math.sqrt(v + layer.epsilon);
      // No element is farther from the mean than √n standard deviations.
      const output = (2 + Math.sqrt(n[c] as number)) * (delta / sigma);
      abs = Math.max(
        abs,
        Math.abs(layer.gamma[c] as number) * output,
        2 * sigma * delta + delta ** 2,
      );
    });
  }
  return { abs, rel: 0 };
}

/** Whether rounding moves a value by more than a millionth of the range that the values cover. */
function losesToFloat32(data: ArrayLike<number>): boolean {
  const values = Array.from(data).filter(Number.isFinite);
  const range = Math.max(...values) - Math.min(...values);
  return values.some(x => Math.abs(Math.fround(x) - x) > 1e-6 * range);
}
