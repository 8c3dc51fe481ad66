import { describe, expect, it } from 'vitest';
import { mostCells } from '../../../../src/protocol/engineCells';
import { readSlice } from '../../../../src/host/takeAway/readSlice';
import { problemOf, valueOf } from '../../engine/support';
import { openSession } from '../inspection/openSession';

describe('a slice to take away', () => {
  it('may have rows that are longer than one reply', async () => {
    const columns = mostCells + 3;
    const row = Array.from({ length: columns }, (_, i) => i % 7);
    const text = `{"x": [[${row.join()}]], "axis": 0, "gamma": [2], "beta": [0]}`;
    const { session } = await openSession(text);
    const never = new AbortController().signal;
    const { tensor, what } = valueOf(await readSlice(session, 'input', never, Infinity));
    expect(tensor.shape).toEqual([1, columns]);
    expect(
      Buffer.compare(new Uint8Array(Float32Array.from(row).buffer), bytesOf(tensor.data)),
    ).toBe(0);
    expect(what).toBe('input of seed.bn.json');
    expect(problemOf(await readSlice(session, 'input', never, 1000)).code).toBe('slice-too-large');
  }, 60_000);
});

function bytesOf(data: ArrayBufferView): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}
