import { describe, expect, it } from 'vitest';
import {
  baseName,
  diskUrisOf,
  escapeGlob,
  isRunFileName,
  parseSource,
  sameSource,
  sourceTitle,
} from '../../../../src/host/inspection/source';

describe('a source', () => {
  const literal = {
    kind: 'literal',
    uri: 'file:///a.py',
    range: { start: 3, end: 9 },
    name: 'x',
  } as const;
  const resource = { kind: 'resource', uri: 'file:///a.py' } as const;
  const call = { ...literal, kind: 'call', input: { kind: 'own', seed: 1 } } as const;

  it('survives JSON', () => {
    for (const source of [literal, resource, call]) {
      expect(parseSource(JSON.parse(JSON.stringify(source)))).toEqual(source);
    }
  });

  it('is read from the disk where it is a tensor file, whatever editor has it open', () => {
    const tensor = { kind: 'tensor', uri: 'file:///x.csv', name: '' } as const;
    const layer = { kind: 'layer', uri: 'file:///m.pt', name: 'bn' } as const;
    const over = (source: typeof tensor | typeof resource): readonly string[] =>
      diskUrisOf({ ...layer, input: { kind: 'source', source } });
    expect([literal, resource].flatMap(diskUrisOf)).toEqual([]);
    expect(diskUrisOf(tensor)).toEqual(['file:///x.csv']);
    expect(over(tensor)).toEqual(['file:///m.pt', 'file:///x.csv']);
    expect(over(resource)).toEqual(['file:///m.pt']);
  });

  it('kept before literals had names is still one', () => {
    const { name: _, ...nameless } = literal;
    expect(parseSource(nameless)).toEqual({ ...literal, name: '' });
  });

  it.each([
    null,
    {},
    { kind: 'resource' },
    { kind: 'literal', uri: 'file:///a' },
    { kind: 'literal', uri: 'file:///a', range: { start: 5, end: 2 } },
    { kind: 'call', uri: 'file:///a', range: { start: 2, end: 5 }, name: 'bn' },
    { kind: 'call', uri: 'file:///a', name: 'bn', input: { kind: 'own', seed: 1 } },
    { kind: 'command', uri: 'file:///a' },
  ])('is not %j', value => {
    expect(parseSource(value)).toBeUndefined();
  });

  it('is the same where it starts at the same place', () => {
    expect(sameSource(literal, { ...literal, range: { start: 3, end: 40 } })).toBe(true);
    expect(sameSource(literal, { ...literal, range: { start: 4, end: 9 } })).toBe(false);
    expect(sameSource(literal, resource)).toBe(false);
    expect(sameSource(resource, { ...resource, uri: 'file:///b.py' })).toBe(false);
  });

  it('is called by the last part of its path', () => {
    expect(baseName('file:///a%20b/c%20d.bn.json')).toBe('c d.bn.json');
    expect(baseName('vscode-notebook-cell:/x/n.ipynb#W0')).toBe('n.ipynb');
    expect(baseName('file:///%zz')).toBe('%zz');
  });

  it('is titled by the name of its tensor and of its file', () => {
    expect(sourceTitle(literal)).toBe('x · a.py');
    expect(sourceTitle({ ...literal, name: '' })).toBe('a.py');
    expect(sourceTitle(resource)).toBe('a.py');
  });

  it('is watched by a pattern that names it alone', () => {
    expect(escapeGlob('a[1]{2}*?.json')).toBe('a[[]1[]][{]2[}][*][?].json');
  });

  it('knows run files by name', () => {
    expect(isRunFileName('/x/seed.bn.json')).toBe(true);
    expect(isRunFileName('/x/package.json')).toBe(false);
  });
});
