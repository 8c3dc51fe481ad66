import { beforeEach, describe, expect, it } from 'vitest';
import {
  EngineMemory,
  openMemory,
  reservedBytes,
  type Block,
} from '../../../../src/engine/memory/engineMemory';
import { hostWebAssembly } from '../../../../src/engine/memory/hostWebAssembly';
import { printedSeed, Random } from '../../../property/random';
import { problemOf, valueOf } from '../support';

let memory: EngineMemory;

beforeEach(() => {
  const opened = openMemory();
  if (opened === undefined) throw new Error('Node allows shared memory');
  memory = opened;
});

describe('the engine memory', () => {
  it('keeps its first bytes for the kernels, and blocks on cache lines', () => {
    const first = valueOf(memory.allocate(5));
    const second = valueOf(memory.allocate(100));
    expect(first).toEqual({ address: reservedBytes, bytes: 5 });
    expect(second.address).toBe(reservedBytes + 64);
  });

  it('gives the same bytes again once they are free', () => {
    const block = valueOf(memory.allocate(4000));
    valueOf(memory.allocate(64));
    memory.free(block);
    expect(valueOf(memory.allocate(4000)).address).toBe(block.address);
  });

  it('gives back the tail of a block that shrinks', () => {
    const block = valueOf(memory.allocate(10_000));
    const { used } = memory;
    const values = memory.float32(block, 10).fill(3);
    expect(memory.shrink(block, 100)).toEqual({ address: block.address, bytes: 100 });
    expect(memory.used).toBe(used - 10_048 + 128);
    const next = valueOf(memory.allocate(9000));
    expect(next.address).toBe(block.address + 128);
    expect(Array.from(values)).toEqual(new Array(10).fill(3));
    memory.free(block);
    memory.free(next);
    expect(memory.used).toBe(0);
    expect(() => memory.shrink(block, 10)).toThrow('no block');
  });

  it('joins what is freed next to each other', () => {
    const blocks = [1, 2, 3].map(() => valueOf(memory.allocate(64)));
    const after = valueOf(memory.allocate(64));
    for (const i of [0, 2, 1]) memory.free(blocks[i]!);
    expect(valueOf(memory.allocate(192)).address).toBe(blocks[0]!.address);
    memory.free(after);
  });

  it('keeps views valid while it grows, and knows them for its own', () => {
    const block = valueOf(memory.allocate(4 * 1000));
    const before = memory.float32(block, 1000).fill(7);
    const large = valueOf(memory.allocate(50_000_000));
    const after = memory.float32(block, 1000);
    after[3] = 8;
    expect(before[3]).toBe(8);
    expect(memory.addressOf(before)).toBe(block.address);
    expect(memory.addressOf(after)).toBe(block.address);
    expect(memory.blockOf(memory.float32(large, 10))?.address).toBe(large.address);
    expect(memory.blockOf(before.subarray(1))).toBeUndefined();
    expect(memory.addressOf(new Float32Array(4))).toBeUndefined();
  });

  it('refuses what it has no room for, with the size and the limit', () => {
    const small = new EngineMemory(
      new hostWebAssembly.Memory({ initial: 16, maximum: 64, shared: true }),
      64 * 65_536,
    );
    const held = valueOf(small.allocate(1_000_000));
    const { code, message } = problemOf(small.allocate(4_000_000));
    expect(code).toBe('out-of-memory');
    expect(message).toContain('4000000 bytes');
    expect(message).toContain('4194304');
    small.free(held);
    expect(small.allocate(4_000_000).ok).toBe(true);
  });

  it('says so when a block is freed twice', () => {
    const block = valueOf(memory.allocate(64));
    memory.free(block);
    expect(() => memory.free(block)).toThrow('no block');
  });

  it('never gives bytes to two at once, and gets all of them back', () => {
    const random = new Random(printedSeed('memory'));
    const held: { readonly block: Block; readonly mark: number }[] = [];
    for (let turn = 0; turn < 3000; turn++) {
      if (held.length > 0 && random.next() < 0.45) {
        const [one] = held.splice(random.integer(0, held.length - 1), 1);
        const { block, mark } = one!;
        expect(memory.uint8(block, block.bytes).every(byte => byte === mark)).toBe(true);
        memory.free(block);
      } else {
        const block = valueOf(memory.allocate(random.integer(1, random.pick([100, 1000, 50_000]))));
        const mark = turn % 251;
        memory.uint8(block, block.bytes).fill(mark);
        held.push({ block, mark });
      }
    }
    for (const { block } of held) memory.free(block);
    expect(memory.used).toBe(0);
    const whole = memory.memory.buffer.byteLength - reservedBytes;
    expect(valueOf(memory.allocate(whole)).address).toBe(reservedBytes);
  });
});
