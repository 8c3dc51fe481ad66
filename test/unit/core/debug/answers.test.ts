import { describe, expect, it } from 'vitest';
import { decodeAnswer, isCutAnswer } from '../../../../src/core/debug/answers';

const whole = `'b${Buffer.from('x'.repeat(300)).toString('base64')}'`;

describe('an answer of a debug adapter', () => {
  it('is bytes, in quotes or not', () => {
    expect(decodeAnswer(whole)).toMatchObject({ encoding: 'base64' });
    expect(decodeAnswer('h00ff')).toEqual({ encoding: 'hex', text: '00ff' });
  });

  it.each([
    ['shortened in the middle', `${whole.slice(0, 100)}...${whole.slice(-100)}`, true],
    ['without its end', whole.slice(0, 102), true],
    ['an exception', `NameError("name 'x' is not defined")`, false],
    ['one that begins as bytes do', 'broken pipe', false],
    ['nothing', '', false],
  ])('that does not decode is cut or words: %s', (_, text, isCut) => {
    expect(decodeAnswer(text)).toBeUndefined();
    expect(isCutAnswer(text)).toBe(isCut);
  });
});
