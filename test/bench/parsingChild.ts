// A process of its own for one way to parse a file: prints how long it took and what memory it had at most.
import { readFileSync } from 'node:fs';
import { borrowNumbers } from '../../src/engine/memory/residentNumbers';
import { fileContent } from '../../src/engine/reading/byteContent';
import { readDocument } from '../../src/engine/reading/readDocument';

const [kind, file] = process.argv.slice(2) as [string, string];

type Nested = readonly (number | Nested)[];

/** As a program would that knows no better: every number into one typed array. */
function flatten(value: Nested): Float32Array {
  const count = (list: Nested): number =>
    typeof list[0] === 'number'
      ? list.length
      : (list as Nested[]).reduce((n, x) => n + count(x), 0);
  const flat = new Float32Array(count(value));
  let at = 0;
  const copy = (list: Nested): void => {
    for (const item of list) {
      if (typeof item === 'number') flat[at++] = item;
      else copy(item);
    }
  };
  copy(value);
  return flat;
}

async function ours(): Promise<number> {
  const { signal } = new AbortController();
  const read = await readDocument(fileContent(file), false, signal, borrowNumbers());
  const root = read.ok ? read.value.root : undefined;
  if (root?.kind !== 'numbers' || !root.array.closed) throw new Error('the file was not read');
  return root.array.data.length;
}

async function measure(): Promise<void> {
  const text = kind === 'jsonParse' ? readFileSync(file, 'latin1') : '';
  // The buffer that the text was read into goes a moment after it is collected.
  globalThis.gc?.();
  await new Promise(resolve => setTimeout(resolve, 300));
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const elements = kind === 'jsonParse' ? flatten(JSON.parse(text) as Nested).length : await ours();
  const milliseconds = performance.now() - start;
  const peakBytes = process.resourceUsage().maxRSS * 1024 - before;
  console.log(JSON.stringify({ milliseconds, peakBytes, elements }));
}

void measure();
