import { describe, expect, it } from 'vitest';
import { verdict, workedFormula, type FormulaLine } from '../../../../src/core/batchnorm/explain';
import { conventions } from '../../../../src/core/batchnorm/conventions/registry';
import { flagCombinations, type Flags } from '../../../../src/core/batchnorm/flags';
import type { BatchNormLayer } from '../../../../src/core/batchnorm/layer';
import { step } from '../../../../src/core/batchnorm/step';
import { seedImage, seedLayer, tensor, unwrap } from './seed';

const on = { training: true, trainable: true };
const frozen = { training: true, trainable: false };
const off = { training: false, trainable: true };
const say = (id: string, flags: Flags, change: Partial<BatchNormLayer> = {}): string =>
  verdict(seedLayer(id, change), 4, flags).text;

describe('the verdict', () => {
  it('tells the three meanings of training without trainable apart', () => {
    expect(say('tf1', frozen)).toBe(
      "The batch's own mean and variance normalise, because training=True selects them whatever trainable says; the moving statistics stay, because since TF 1.6 a layer with trainable=False collects no UPDATE_OPS (up to TF 1.5 they would move); gamma and beta are frozen.",
    );
    expect(say('keras2', frozen)).toBe(
      'The moving mean and variance normalise and stay as they are, because in tf.keras since TF 2.0 trainable=False puts the layer in inference mode even when training=True; gamma and beta are frozen.',
    );
    expect(say('tfjs', frozen)).toBe(
      "The batch's own mean and variance normalise, because training: true selects them whatever trainable says; the moving statistics take the batch in, because tfjs-layers (4.22.0) updates them inside call() without looking at trainable; gamma and beta are frozen.",
    );
  });

  it("says that PyTorch's requires_grad stops the gradients only", () => {
    expect(say('pytorch', frozen)).toMatch(
      /the moving statistics take the batch in, because requires_grad=False stops the gradients of weight and bias only/,
    );
  });

  it('names the mode in which nothing moves', () => {
    expect(say('pytorch', off)).toBe(
      'The moving mean and variance normalise and stay as they are, because the PyTorch module is in evaluation mode (model.eval()).',
    );
  });

  it('is one sentence that agrees with the step, whatever the convention and the flags', () => {
    for (const { id } of conventions) {
      for (const flags of flagCombinations) {
        const said = verdict(seedLayer(id), 4, flags);
        const { trace } = unwrap(step(seedLayer(id), seedImage, flags));
        expect(said.normalizedWith).toBe(trace.normalizedWith);
        expect(said.updated).toBe(trace.updated);
        const subject = trace.normalizedWith === 'batch' ? "The batch's own" : 'The moving';
        expect(said.text.startsWith(subject), said.text).toBe(true);
        expect(said.text.includes('take the batch in'), said.text).toBe(trace.updated);
        expect(said.text, said.text).toMatch(/^[^]*[^.]\.$/);
        expect(said.text.includes('undefined')).toBe(false);
      }
    }
  });

  it('does not call it an update when the momentum gives the batch no weight', () => {
    expect(say('tf1', on, { momentum: 1 })).toMatch(
      /the moving statistics stay, because a momentum of 1 gives the batch no weight/,
    );
    expect(say('pytorch', on, { momentum: 0 })).toMatch(
      /a momentum of 0 gives the batch no weight/,
    );
    expect(say('pytorch', on, { momentum: null })).not.toMatch(/no weight/);
  });

  it('speaks of layers that keep or track no moving statistics', () => {
    expect(say('pytorch', off, { tracking: 'none' })).toMatch(
      /^The batch's own mean and variance normalise and the moving statistics stay, because this layer was made without moving statistics/,
    );
    expect(say('pytorch', on, { tracking: 'frozen' })).toMatch(
      /the moving statistics stay, because this layer does not track them/,
    );
  });
});

describe('the worked formula', () => {
  const lines = (
    id: string,
    flags: Flags,
    change: Partial<BatchNormLayer> = {},
    steps = 1,
  ): readonly FormulaLine[] => {
    const layer = seedLayer(id, change);
    const { trace } = unwrap(step(layer, seedImage, flags, steps));
    return workedFormula(layer, trace, 4, flags, { channel: 0, x: 4 }).lines;
  };

  it("puts the seed's numbers in, in TensorFlow 1's own update", () => {
    expect(lines('tf1', on)).toEqual([
      {
        name: 'y',
        symbols: 'gamma · (x − batch mean) / √(batch variance + epsilon) + beta',
        numbers: '2 · (4 − 3.25) / √(6.6875 + 0.001) + 1',
        result: '1.5799985',
      },
      {
        name: 'moving mean',
        symbols: 'moving mean − (moving mean − batch mean) · float32(1 − momentum)',
        numbers: '0 − (0 − 3.25) · float32(1 − 0.99)',
        result: '0.03249997',
      },
      {
        name: 'moving variance',
        symbols:
          'moving variance − (moving variance − batch variance · n/max(n − 1, 1)) · float32(1 − momentum)',
        numbers: '1 − (1 − 6.6875 · 4/max(4 − 1, 1)) · float32(1 − 0.99)',
        result: '1.0791667',
      },
    ]);
  });

  it('turns the momentum round for PyTorch', () => {
    expect(lines('pytorch', on)[2]).toEqual({
      name: 'moving variance',
      symbols: '(1 − momentum) · moving variance + momentum · batch variance · n/(n − 1)',
      numbers: '(1 − 0.01) · 1 + 0.01 · 6.6875 · 4/(4 − 1)',
      result: '1.0791667',
    });
  });

  it('counts batches in the cumulative average', () => {
    expect(lines('pytorch', on, { momentum: null, batchesTracked: 9 })[1]).toMatchObject({
      symbols: '(1 − 1/(batches so far + 1)) · moving mean + 1/(batches so far + 1) · batch mean',
      numbers: '(1 − 1/10) · 0 + 1/10 · 3.25',
      result: '0.325',
    });
  });

  it('says where nothing is updated', () => {
    expect(lines('tf1', off)).toEqual([
      {
        name: 'y',
        symbols: 'gamma · (x − moving mean) / √(moving variance + epsilon) + beta',
        numbers: '2 · (4 − 0) / √(1 + 0.001) + 1',
        result: '8.996003',
      },
      {
        name: 'moving mean',
        symbols: 'moving mean (not updated)',
        numbers: '0',
        result: '0',
      },
      {
        name: 'moving variance',
        symbols: 'moving variance (not updated)',
        numbers: '1',
        result: '1',
      },
    ]);
  });

  it('puts negative numbers in brackets', () => {
    const change = { beta: new Float64Array(4).fill(-1), movingMean: new Float64Array(4).fill(-2) };
    expect(lines('tf1', off, change)[0]?.numbers).toBe('2 · (4 − (−2)) / √(1 + 0.001) + (−1)');
  });

  it('works the last of several steps', () => {
    const after = unwrap(step(seedLayer('keras3'), seedImage, on, 2)).layer;
    const [, mean] = lines('keras3', on, {}, 3);
    const before = unwrap(step(after, seedImage, on)).layer;
    expect(mean?.numbers).toMatch(/^0\.99 · 0\.064674996 \+ \(1 − 0\.99\) · 3\.25$/);
    expect(Math.fround(Number(mean?.result))).toBe(before.movingMean[0]);
  });

  it("shows the guard that makes PyTorch's 1/√0 a 0", () => {
    const layer = seedLayer('pytorch', { epsilon: 0 });
    const flat = tensor([1, 2, 1, 4], [5, 5, 5, 5, 5, 5, 5, 5]);
    const { trace } = unwrap(step(layer, flat, on));
    expect(workedFormula(layer, trace, 4, on, { channel: 0, x: 5 }).lines[0]).toEqual({
      name: 'y',
      symbols: 'beta (batch variance + epsilon is 0, and 1/√0 is taken as 0)',
      numbers: '1',
      result: '1',
    });
  });

  it('shows epsilon as the kernel uses it', () => {
    expect(lines('tf1', off, { epsilon: 1e-9 })[0]?.numbers).toMatch(/√\(1 \+ 0\.00001001\)/);
  });
});
