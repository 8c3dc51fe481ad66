// A process of its own for one thing that is done with a large file: prints how long it took and what it cost.
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { main } from '../../src/cli/main';
import { findLayers } from '../../src/core/batchnorm/findLayers';
import type { TensorCatalog } from '../../src/core/formats/catalog';
import { summarizeEntry } from '../../src/core/formats/entrySummary';
import { openCatalog } from '../../src/core/formats/registry';
import { openFile } from '../../src/engine/files/fileSource';
import { nodeServices } from '../../src/engine/files/nodeServices';
import { watchedSource } from '../../src/engine/files/watchedSource';
import type { FileMeasured } from './files';
import { quantile } from './measure';

const [what, path] = process.argv.slice(2) as [string, string];
const { signal } = new AbortController();

interface Opened {
  readonly catalog: TensorCatalog;
  readonly bytesRead: () => number;
}

async function open(): Promise<Opened> {
  const file = await openFile(path);
  if (!file.ok) throw new Error(file.problem.message);
  let bytes = 0;
  const source = watchedSource(file.value, count => (bytes += count));
  const catalog = await openCatalog(source, nodeServices, signal);
  if (!catalog.ok) throw new Error(catalog.problem.message);
  return { catalog: catalog.value, bytesRead: () => bytes };
}

async function list(): Promise<FileMeasured> {
  const start = performance.now();
  const { catalog, bytesRead } = await open();
  const layers = findLayers(catalog);
  const milliseconds = performance.now() - start;
  if (!path.endsWith('.npy') && layers.length < 100) throw new Error(`${layers.length} layers`);
  return { milliseconds, bytesRead: bytesRead() };
}

/** In turn with reading as many bytes and nothing else. */
async function read(): Promise<FileMeasured> {
  const { catalog } = await open();
  const [, entry] = catalog.entries;
  if (entry?.content.kind !== 'readable') throw new Error('nothing to read');
  const bytes = new Uint8Array(entry.bytes).fill(1);
  const into = new Float32Array(entry.shape[0] ?? 0).fill(1);
  const descriptor = openSync(path, 'r');
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < 7; round++) {
    const start = performance.now();
    for (let done = 0; done < bytes.length;) {
      done += readSync(descriptor, bytes, done, bytes.length - done, bytes.length + done);
    }
    const between = performance.now();
    await entry.content.read({ signal, into });
    times[0].push(between - start);
    times[1].push(performance.now() - between);
  }
  closeSync(descriptor);
  const [alone, tensor] = times.map(all => quantile(all, 0.5)) as [number, number];
  return { milliseconds: tensor, share: tensor / alone };
}

async function summarise(): Promise<FileMeasured> {
  const { catalog } = await open();
  const [entry] = catalog.entries;
  if (!entry) throw new Error('nothing to summarise');
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const { summary } = await summarizeEntry(entry, signal);
  const milliseconds = performance.now() - start;
  if (summary.n[0] !== entry.bytes / 4) throw new Error('elements were left out');
  return { milliseconds, peakBytes: process.resourceUsage().maxRSS * 1024 - before };
}

/** With the other one beside it, as the command line does it. */
async function compare(...options: string[]): Promise<FileMeasured> {
  return command(1, 'compare', path, besidePath(), ...options);
}

function besidePath(): string {
  return path.replace('before', 'after');
}

/** @param expected its exit status */
async function command(expected: number, ...args: string[]): Promise<FileMeasured> {
  const [start, read] = [performance.now(), bytesReadSoFar()];
  let printed = 0;
  const status = await main([...args, '--json'], {
    write: text => {
      printed += text.length;
      return Promise.resolve(true);
    },
    complain: line => console.error(line),
    readInput: () => Promise.resolve(new Uint8Array(0)),
  });
  if (status !== expected || printed === 0) {
    throw new Error(`${args.join(' ')} ended with status ${status}`);
  }
  return { milliseconds: performance.now() - start, bytesRead: bytesReadSoFar() - read };
}

/** By this process, from files that are in memory too. */
function bytesReadSoFar(): number {
  const counts = readFileSync('/proc/self/io', 'latin1');
  return Number(/^rchar: (\d+)$/m.exec(counts)?.[1] ?? NaN);
}

const jobs: Readonly<Record<string, () => Promise<FileMeasured>>> = {
  list,
  read,
  summarise,
  compare: () => compare(),
  compareLayers: () => compare('--layers-only'),
  doctor: () => command(0, 'doctor', path),
  doctorBoth: () => command(0, 'doctor', path, besidePath()),
};

void jobs[what]?.().then(measured => {
  console.log(JSON.stringify(measured));
  process.exit(0);
});
