import { describe, expect, it } from 'vitest';
import type { TensorCatalog } from '../../../../src/core/formats/catalog';
import { jsonLines } from '../../../../src/core/formats/jsonLines';
import { mostTextBytes } from '../../../../src/core/formats/limits';
import { recognise } from '../../../../src/core/formats/registry';
import { fakeSource } from './fakeSource';
import { entryOf, never, refusalOf, services, valuesOf } from './fixtures';

function open(text: string): Promise<TensorCatalog> {
  const bytes = new TextEncoder().encode(text);
  return jsonLines.open(fakeSource('a.jsonl', bytes), services, never);
}

describe('JSON Lines', () => {
  it('are known by their name', () => {
    const head = new TextEncoder().encode('{"a": [1]}');
    expect(recognise(head, 'LOG.jsonl')).toBe(jsonLines);
    expect(recognise(head, 'log.ndjson')).toBe(jsonLines);
  });

  it('of arrays are one tensor', async () => {
    const catalog = await open('[[1, 2]]\n[[3, 4]]\n');
    expect(catalog.entries.map(({ name, shape }) => [name, shape])).toEqual([['input', [2, 1, 2]]]);
    expect([...(await valuesOf(catalog, 'input'))]).toEqual([1, 2, 3, 4]);
  });

  it('of objects are tensors named by their line, of which a part can be read', async () => {
    const catalog = await open('{"x": [1, 2], "é": "text"}\n{"x": [3, 4, 5]}');
    expect(catalog.entries.map(({ name }) => name)).toEqual(['1/x', '2/x']);
    const { content } = entryOf(catalog, '2/x');
    if (content.kind !== 'readable') throw new Error(content.reason);
    const { data } = await content.read({ signal: never, range: { start: 1, count: 2 } });
    expect([...data]).toEqual([4, 5]);
  });

  it('say that they are a recording of a training run, where they are', async () => {
    const { notes } = await open('{"step": 1, "layer": "bn1", "movingMean": [1, 2]}\n');
    expect(notes.join(' ')).toContain('Normscope: Open Recording…');
    expect((await open('{"x": [1, 2]}')).notes).toEqual([]);
  });

  it('are read in pieces', async () => {
    const lines = Array.from({ length: 40_000 }, (_, i) => `[${i}, ${i / 2}, 1, 2, 3]`);
    const { entries } = await open(lines.join('\n'));
    expect(entries[0]?.shape).toEqual([40_000, 5]);
  });

  it('say where they are wrong', async () => {
    expect(await refusalOf(() => open('{"x": [1, 2]}\n{"x": [1 2]}'))).toMatch(
      /^line 2, column 10: .*comma/,
    );
    expect(await refusalOf(() => open(''))).toContain('empty');
    const binary = fakeSource('a.jsonl', new Uint8Array([0x5b, 0xff, 0xfe, 0x00]));
    expect(await refusalOf(() => jsonLines.open(binary, services, never))).toContain('UTF-8');
  });

  it('have a limit, which is said, and can be cancelled', async () => {
    const huge = { ...fakeSource('a.jsonl', new Uint8Array(4)), size: mostTextBytes + 1 };
    expect(await refusalOf(() => jsonLines.open(huge, services, never))).toContain(
      'inspect the file itself',
    );
    const controller = new AbortController();
    controller.abort();
    const { heed } = await import('../../../../src/core/formats/badFile');
    const source = fakeSource('a.jsonl', new TextEncoder().encode('[1]\n'.repeat(200_000)));
    const slow = {
      ...source,
      // eslint-disable-next-line @typescript-eslint/require-await -- what a source refuses, it rejects
      readInto: async (_: Uint8Array, __: number, signal: AbortSignal) => heed(signal),
    };
    expect(await refusalOf(() => jsonLines.open(slow, services, controller.signal))).toBe(
      'Cancelled.',
    );
  });
});
