import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fileContent } from '../../../../src/engine/reading/byteContent';
import { findPosition, readDocument } from '../../../../src/engine/reading/readDocument';
import { never, valueOf } from '../support';

const rows = 6_500_000;
const row =
  '[0.25, -1.5, 3e-1, 0.1234567, 100, 7.5e2, -0.001, 12345.678, 1, 2, 3, 4, 0.3333333333333333],\n';

it('a file longer than any string is read to the end, in memory for its numbers', async context => {
  const wanted = process.env.NORMSCOPE_HUGE === '1';
  if (!wanted)
    console.log(`not run: it writes ${rows * row.length} bytes; NORMSCOPE_HUGE=1 runs it`);
  context.skip(!wanted, 'NORMSCOPE_HUGE=1 runs it');
  const folder = await mkdtemp(path.join(tmpdir(), 'normscope-'));
  const file = path.join(folder, 'huge.json');
  try {
    const descriptor = openSync(file, 'w');
    writeSync(descriptor, '{"input": [\n');
    const block = row.repeat(10_000);
    for (let written = 0; written < rows; written += 10_000) writeSync(descriptor, block);
    writeSync(descriptor, `${row.slice(0, -2)}\n], "last": 1}`);
    closeSync(descriptor);
    const document = valueOf(await readDocument(fileContent(file), false, never));
    const [input, last] = document.members;
    expect(input?.value.kind === 'numbers' && input.value.array.shape).toEqual([rows + 1, 13]);
    const position = findPosition(fileContent(file), last?.keyRange.start ?? 0);
    expect(valueOf(position)).toEqual({ line: rows + 3, column: 4 });
    const resident = process.resourceUsage().maxRSS * 1024;
    expect(resident).toBeLessThan(rows * 13 * 4 + 350e6);
  } finally {
    rmSync(folder, { recursive: true });
  }
}, 600_000);
