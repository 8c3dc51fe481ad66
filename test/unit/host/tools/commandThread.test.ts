import { describe, expect, it } from 'vitest';
import { asToolInput } from '../../../../src/host/tools/commandThread';

describe('asToolInput', () => {
  it.each([
    ['--steps is "0": give a whole number.', '"steps" is "0": give a whole number.'],
    ['name one of them with --layer, such as bn1.', 'name one of them with "layer", such as bn1.'],
    ['--no-training is given.', '"training" is given.'],
    ['There is no file /a/x--layer.pt.', 'There is no file /a/x--layer.pt.'],
  ])('%s', (refusal, message) => {
    expect(asToolInput(refusal)).toBe(message);
  });
});
