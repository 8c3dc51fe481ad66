import { describe, expect, it } from 'vitest';
import { languageProfile } from '../../../../src/core/text/literalLanguage';
import { findTensorLiteral } from '../../../../src/core/text/literals';
import { deservesHover } from '../../../../src/host/hover/deservesHover';
import { defaultHoverSettings, parseHoverSettings } from '../../../../src/host/hover/hoverSettings';

function deserves(marked: string, languageId: string, settings = defaultHoverSettings): boolean {
  const text = marked.replace('¦', '');
  const literal = findTensorLiteral(text, marked.indexOf('¦'), languageProfile(languageId));
  return literal !== undefined && deservesHover(literal, settings);
}

describe('deservesHover', () => {
  it.each<[boolean, string, string]>([
    [false, 'x = [1, ¦2, 3]', 'python'],
    [false, 'x = (1, ¦2)', 'python'],
    [false, 'x = [[1, ¦2]]', 'python'],
    [true, 'x = [[1, ¦2], [3, 4]]', 'python'],
    [true, 'x = np.array([1, ¦2])', 'python'],
    [true, 'x = torch.tensor([[¦1]])', 'python'],
    [true, `x = [${'1, '.repeat(15)}¦2]`, 'python'],
    [false, `x = [${'1, '.repeat(14)}¦2]`, 'python'],
    [false, '"editor.rulers": [80, ¦100]', 'json'],
    [true, '{"x": [[80, ¦100], [1, 2]]}', 'json'],
    [false, 'see [1¦] and [2]', 'markdown'],
    [false, 'x = [[1, 2], [3¦]]', 'python'],
    [true, 'x = np.array([[1, 2], [3¦]])', 'python'],
    [true, 'array([0., ..., ¦9.])', 'plaintext'],
    [false, '[1 ... ¦9]', 'plaintext'],
    [true, '[1 2 ... 8 ¦9]', 'plaintext'],
  ])('%s: %s', (expected, marked, languageId) => {
    expect(deserves(marked, languageId)).toBe(expected);
  });

  it('shows the list of three to whoever asked for it', () => {
    const settings = { ...defaultHoverSettings, minimumListElements: 3 };
    expect(deserves('x = [1, ¦2, 3]', 'python', settings)).toBe(true);
    expect(deserves('x = [1, ¦2]', 'python', settings)).toBe(false);
  });
});

describe('parseHoverSettings', () => {
  it('takes what is valid, and the default for the rest', () => {
    const values: Record<string, unknown> = {
      enabled: false,
      minimumElements: 9,
      minimumListElements: '3',
    };
    expect(parseHoverSettings(key => values[key])).toEqual({
      enabled: false,
      minimumElements: 9,
      minimumListElements: defaultHoverSettings.minimumListElements,
    });
    expect(parseHoverSettings(() => undefined)).toEqual(defaultHoverSettings);
  });
});
