import { reservedBytes, type EngineMemory } from '../memory/engineMemory';
import { hostWebAssembly, type CompiledModule } from '../memory/hostWebAssembly';
import { bytes } from './assembly/kernels.wasm';

/** Rows of a matrix: x, rows, width, rows looked at together, totals. */
type Rows = [x: number, rows: number, width: number, tile: number, totals: number];

/** Which runs of a tensor: see assembly/runMoments.ts. */
type Runs = [
  from: number,
  to: number,
  channels: number,
  inner: number,
  begin: number,
  count: number,
];

/** What src/engine/kernels/assembly/index.ts exports, as JavaScript sees it. Addresses are in bytes. */
export interface CompiledKernels {
  heapBase(): number;
  scanNumbers(text: number, state: number, powers: number, into: number, room: number): number;
  asciiLength(text: number, length: number): number;
  addRows(...rows: Rows): void;
  addRowsShifted(...rows: [...Rows, shifts: number]): void;
  addRuns(x: number, ...runs: [...Runs, totals: number]): void;
  addRunsShifted(x: number, ...runs: [...Runs, totals: number, shifts: number]): void;
  mergeTotals(totals: number, bytes: number, parts: number): void;
  mergeExtremes(totals: number, bytes: number, parts: number): void;
  rowExtremes(...rows: Rows): void;
  runExtremes(x: number, ...runs: [...Runs, totals: number]): void;
  normalizeRows(x: number, y: number, rows: number, width: number, vectors: number): void;
  normalizeRuns(x: number, y: number, ...runs: [...Runs, vectors: number]): void;
  countRows(x: number, rows: number, width: number, columns: number, tables: number): void;
  countRuns(x: number, ...runs: [...Runs, columns: number, width: number, tables: number]): void;
  binRows(
    x: number,
    rows: number,
    width: number,
    bins: number,
    columns: number,
    counts: number,
  ): void;
  binRuns(
    x: number,
    ...runs: [...Runs, bins: number, columns: number, width: number, counts: number, lanes: number]
  ): void;
  copyBytes(from: number, to: number, bytes: number): void;
  readBytes(from: number, bytes: number): number;
}

const instances = new WeakMap<EngineMemory, CompiledKernels>();

/** The kernels over a memory. Compiling them takes a few milliseconds, once. */
export function kernelsOver(memory: EngineMemory): CompiledKernels {
  const known = instances.get(memory);
  if (known !== undefined) return known;
  const kernels = instantiate(memory);
  instances.set(memory, kernels);
  return kernels;
}

function instantiate({ memory }: EngineMemory): CompiledKernels {
  const { exports } = new hostWebAssembly.Instance(compiledKernels(), { env: { memory } });
  const kernels = exports as CompiledKernels;
  if (kernels.heapBase() > reservedBytes) {
    throw new Error(`the kernels' constants take ${kernels.heapBase()} bytes of ${reservedBytes}`);
  }
  return kernels;
}

let module: CompiledModule | undefined;

/** The module, which other threads may instantiate over the same memory. */
export function compiledKernels(): CompiledModule {
  return (module ??= new hostWebAssembly.Module(bytes));
}
