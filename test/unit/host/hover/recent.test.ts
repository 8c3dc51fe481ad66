import { describe, expect, it } from 'vitest';
import { Recent } from '../../../../src/host/hover/recent';

describe('Recent', () => {
  it('keeps what was used last', () => {
    const recent = new Recent<string, number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    expect(recent.get('a')).toBe(1);
    recent.set('c', 3);
    expect([recent.get('a'), recent.get('b'), recent.get('c')]).toEqual([1, undefined, 3]);
  });
  it('replaces a value without dropping another, and forgets on demand', () => {
    const recent = new Recent<string, number>(2);
    recent.set('a', 1);
    recent.set('b', 2);
    recent.set('b', 3);
    expect(recent.size).toBe(2);
    recent.delete('a');
    expect([recent.get('a'), recent.get('b')]).toEqual([undefined, 3]);
    recent.clear();
    expect(recent.size).toBe(0);
  });
});
