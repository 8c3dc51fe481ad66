import { describe, expect, it } from 'vitest';
import {
  javascriptLanguage,
  jsonLanguage,
  pythonLanguage,
  textLanguage,
} from '../../../../src/core/text/literalLanguage';
import { isMark, structureMarks } from '../../../../src/core/text/structureMarks';

describe('the characters that structure a document', () => {
  it.each([
    [jsonLanguage, '()[]{},\n"/', `'#\`ax1. `],
    [pythonLanguage, `()[]{},\n"'#`, '/`ax1. '],
    [javascriptLanguage, '()[]{},\n"\'`/', '#ax1. '],
    [textLanguage, '()[]{},\n', `"'/#ax1. é`],
  ])('are those of its language: $id', (language, some, others) => {
    const marks = structureMarks(language);
    const codes = (text: string): number[] => Array.from(text, char => char.charCodeAt(0));
    expect(codes(some).map(code => isMark(marks, code))).toEqual(codes(some).map(() => true));
    expect(codes(others).map(code => isMark(marks, code))).toEqual(codes(others).map(() => false));
  });
});
