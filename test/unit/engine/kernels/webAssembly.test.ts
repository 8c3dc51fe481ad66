import { expect, it } from 'vitest';
import { bytes } from '../../../../src/engine/kernels/assembly/kernels.wasm';
import { kernelsOver } from '../../../../src/engine/kernels/webAssembly';
import { openMemory, reservedBytes } from '../../../../src/engine/memory/engineMemory';

it('the kernels leave the memory to the allocator', () => {
  const memory = openMemory();
  if (memory === undefined) throw new Error('Node allows shared memory');
  const kernels = kernelsOver(memory);
  expect(kernels.heapBase()).toBeGreaterThanOrEqual(0);
  expect(kernels.heapBase()).toBeLessThanOrEqual(reservedBytes);
});

it('have nothing in the memory that threads would share: no data, no start', () => {
  const sections = new Set<number>();
  let at = 8;
  const size = (): number => {
    let [value, shift] = [0, 0];
    for (let more = true; more; shift += 7) {
      const byte = bytes[at++] ?? expect.fail('the module is cut off');
      value |= (byte & 127) << shift;
      more = byte > 127;
    }
    return value;
  };
  while (at < bytes.length) {
    sections.add(bytes[at++]!);
    const length = size();
    at += length;
  }
  const [code, start, data] = [10, 8, 11];
  expect([sections.has(code), sections.has(start), sections.has(data)]).toEqual([
    true,
    false,
    false,
  ]);
});
