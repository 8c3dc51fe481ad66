import { describe, expect, it } from 'vitest';
import { conventions, findConvention } from '../../../../src/core/batchnorm/conventions/registry';
import { explainGradients } from '../../../../src/core/batchnorm/explainGradients';
import { flagCombinations, type Flags } from '../../../../src/core/batchnorm/flags';
import { gradients } from '../../../../src/core/batchnorm/gradients';
import { makeLayer, valueOf } from '../../engine/support';

const shape = [3, 2, 2, 4];
const input = { shape, dtype: 'float32', data: new Float32Array(48).map((_, i) => i % 7) } as const;
const frozen: Flags = { training: true, trainable: false };

function explain(id: string, flags: Flags, masked = false): string {
  const convention = valueOf(findConvention(id));
  return explainGradients(makeLayer(convention, shape, 3), shape.length, flags, masked);
}

describe('explainGradients', () => {
  it.each(conventions)('$id: agrees with the gradients under every flag', convention => {
    for (const flags of flagCombinations) {
      const layer = makeLayer(convention, shape, 3);
      const found = valueOf(gradients(layer, input, new Float64Array(48).fill(1), flags));
      const text = explainGradients(layer, 4, flags, false);
      expect(text.includes('depend on the input')).toBe(found.normalizedWith === 'batch');
      expect(text.includes('gamma and beta learn')).toBe(found.parametersLearn);
    }
  });

  it.each(conventions)('$id: says where a plain sum asks nothing of the input', convention => {
    for (const flags of flagCombinations) {
      const layer = makeLayer(convention, shape, 3);
      const { x } = valueOf(gradients(layer, input, new Float64Array(48).fill(1), flags));
      const nothing = x.every(dx => Math.abs(dx) < 1e-6);
      expect(explainGradients(layer, 4, flags, false, 'ones').includes('asks nothing of x')).toBe(
        nothing,
      );
      expect(explainGradients(layer, 4, flags, false, 'random')).not.toContain('asks nothing');
    }
  });

  it('tells a frozen layer of TensorFlow 1 from one of Keras', () => {
    expect(explain('tf1', frozen)).toMatch(/^The batch's mean and variance depend on the input/);
    expect(explain('keras2', frozen)).toMatch(/^The moving mean and variance are constants/);
    for (const id of ['tf1', 'keras2']) expect(explain(id, frozen)).toContain('by no optimiser');
  });

  it('speaks of a mask only where it has an effect', () => {
    const both = { training: true, trainable: true };
    expect(explain('keras3', both, true)).toContain('mask leaves out');
    expect(explain('keras3', both)).not.toContain('mask');
    expect(explain('keras3', frozen, true)).not.toContain('mask');
    expect(explain('pytorch', both, true)).not.toContain('mask');
  });
});
