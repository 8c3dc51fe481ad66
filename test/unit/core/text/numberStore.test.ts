import { expect, it } from 'vitest';
import type { JsonDocument } from '../../../../src/core/text/jsonDocument';
import { readJsonDocument } from '../../../../src/core/text/readJsonDocument';
import { plainMemory, type NumberMemory } from '../../../../src/core/text/numberMemory';

const many = 300_000;
const long = `[${Array.from({ length: many }, (_, i) => i).join(',')}]`;

function read(text: string, memory: Partial<NumberMemory>): JsonDocument {
  return readJsonDocument(text, { tools: { memory: { ...plainMemory, ...memory } } });
}

function codes(document: JsonDocument): string[] {
  return document.problems.all().map(({ code }) => code);
}

it('refuses more numbers than the limit, before there is memory for them', () => {
  const lengths: number[] = [];
  const document = read(long, {
    limit: 200_000,
    allocate: length => {
      lengths.push(length);
      return plainMemory.allocate(length);
    },
  });
  expect(codes(document)).toEqual(['tensor-too-large']);
  expect(document.problems.all()[0]?.message).toContain('more than 200000 numbers');
  expect(Math.max(...lengths)).toBeLessThanOrEqual(200_000);
  expect(codes(read('[[1,2],[3,4]]', { limit: 3 }))).toEqual([]);
});

it('says so where there is no memory', () => {
  const document = read(long, { allocate: () => undefined });
  expect(codes(document)).toEqual(['out-of-memory']);
});

it('asks once for a long array, gives the rest back, and everything where it is none of numbers', () => {
  let taken = 0;
  let calls = 0;
  const memory: NumberMemory = {
    limit: plainMemory.limit,
    allocate: length => {
      calls++;
      taken += length;
      return new Float32Array(length);
    },
    release: array => (taken -= array.length),
    trim: (array, length) => {
      taken -= array.length - length;
      return array.subarray(0, length);
    },
  };
  const { root } = read(long, memory);
  expect(root?.kind === 'numbers' && root.array.data.at(-1)).toBe(many - 1);
  expect(taken).toBe(many);
  expect(calls).toBeLessThanOrEqual(2);
  expect(read(`${long.slice(0, -1)}, {}]`, memory).root?.kind).toBe('list');
  expect(taken).toBe(many);
});
