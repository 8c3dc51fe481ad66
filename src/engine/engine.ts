import { ok, type Problem, type Result } from '../core/problem';
import { parseDocument, refuseBinary, type ParsedRunFile } from '../core/text/parseRunFile';
import { defaultConvention, findConvention } from '../core/batchnorm/conventions/registry';
import { isLinesName } from '../core/text/jsonDocument';
import { formatPlace, formatPosition } from '../core/text/lines';
import type { NumberMemory } from '../core/text/numberMemory';
import type { RunFile } from '../core/text/runFile';
import type { EngineApi, EngineSource } from '../protocol/engine';
import { cancelled } from '../protocol/rpc';
import { plainHost, type EngineHost } from './files/engineHost';
import { TensorFileRequests } from './files/fileRequests';
import { borrowNumbers, type BorrowedNumbers } from './memory/residentNumbers';
import { fileContent } from './reading/byteContent';
import { findPosition, readDocument, readText } from './reading/readDocument';
import type { TensorRequests } from './tensorRequests';

/** What the engine offers, as functions of this process: the worker serves them, the CLI calls them. */
export type Engine = {
  readonly [M in keyof EngineApi]: (
    argument: Parameters<EngineApi[M]>[0],
    signal: AbortSignal,
  ) => ReturnType<EngineApi[M]>;
};

/**
 * Makes an engine. tfjs is loaded by the first request that needs a tensor, so that checking a run file
 * never waits for it.
 * @param host reads files of virtual file systems, and is told of progress
 */
export function createEngine(host: EngineHost = plainHost): Engine {
  const files = new TensorFileRequests(host);
  let loaded: Promise<TensorRequests> | undefined;
  const tensors = (): Promise<TensorRequests> =>
    (loaded ??= import('./tensorRequests').then(module => module.openTensors()));
  return {
    check,
    open: (source, signal) =>
      withNumbers(async numbers => {
        const file = await readRunFile(source, numbers, signal);
        if (!file.ok) return file;
        const requests = await tensors();
        if (signal.aborted) return { ok: false, problem: cancelled };
        const opened = requests.open(file.value);
        if (opened.ok) numbers.give(file.value.input.data);
        return opened;
      }),
    catalog: (request, signal) => files.catalog(request, signal),
    openEntry: (request, signal) =>
      withNumbers(async numbers => {
        const read = await files.readEntry(request, numbers, signal);
        if (!read.ok) return read;
        const { tensor, notes, beside } = read.value;
        const input = (await tensors()).load(tensor);
        if (!input.ok) return input;
        numbers.give(tensor.data);
        return ok({ input: input.value, notes, beside });
      }),
    readLayer: (request, signal) => files.readLayer(request, signal),
    locate: ({ source, offset }) => Promise.resolve(locate(source, offset)),
    load: async input => (await tensors()).load(input),
    step: async (request, signal) => (await tensors()).step(request, signal),
    read: async request => (await tensors()).read(request),
    cells: async (request, signal) => (await tensors()).cells(request, signal),
    compare: async (request, signal) => (await tensors()).compare(request, signal),
    ratios: async (request, signal) => (await tensors()).ratios(request, signal),
    copy: async tensor => (await tensors()).copy(tensor),
    spread: async (request, signal) => (await tensors()).spread(request, signal),
    histogram: async (request, signal) => (await tensors()).histogram(request, signal),
    extremes: async (request, signal) => (await tensors()).extremes(request, signal),
    gradients: async (request, signal) => (await tensors()).gradients(request, signal),
    preview: async (request, signal) => (await tensors()).preview(request, signal),
    close: async tensor => (loaded === undefined ? ok(null) : (await loaded).close(tensor)),
    memory: async () =>
      loaded === undefined ? ok({ numTensors: 0, numBytes: 0 }) : (await loaded).memory(),
  };
}

/** Work with numbers that are read meanwhile, of which what is not given away goes at its end. */
async function withNumbers<T>(work: (numbers: BorrowedNumbers) => Promise<T>): Promise<T> {
  const numbers = borrowNumbers();
  try {
    return await work(numbers);
  } finally {
    numbers.dispose();
  }
}

function check(source: EngineSource, signal: AbortSignal): Promise<Result<readonly Problem[]>> {
  return withNumbers(async numbers => {
    const parsed = await parse(source, numbers, signal);
    if (!parsed.ok) return parsed;
    return ok(parsed.value.ok ? parsed.value.value.problems : parsed.value.problems);
  });
}

/** @returns the most important problem where the file has an error; `check` returns them all */
async function readRunFile(
  source: EngineSource,
  numbers: NumberMemory,
  signal: AbortSignal,
): Promise<Result<RunFile>> {
  const parsed = await parse(source, numbers, signal);
  if (!parsed.ok) return parsed;
  if (parsed.value.ok) return ok(parsed.value.value);
  const [problem] = parsed.value.problems;
  if (problem === undefined) throw new Error('a run file was refused without a problem');
  return { ok: false, problem };
}

async function parse(
  source: EngineSource,
  numbers: NumberMemory,
  signal: AbortSignal,
): Promise<Result<ParsedRunFile>> {
  const fallback =
    source.fallback === undefined ? ok(defaultConvention) : findConvention(source.fallback);
  if (!fallback.ok) return fallback;
  const binary = source.kind === 'text' ? refuseBinary(source.text) : undefined;
  if (binary) return ok({ ok: false, problems: [binary] });
  const document =
    source.kind === 'text'
      ? await readText(source.text, source.lines === true, signal, numbers)
      : await readDocument(fileContent(source.path), isLinesName(source.path), signal, numbers);
  return document.ok ? ok(parseDocument(document.value, { fallback: fallback.value })) : document;
}

function locate(source: EngineSource, offset: number): Result<string> {
  if (source.kind === 'text') return ok(formatPlace(source.text, offset));
  const position = findPosition(fileContent(source.path), offset);
  return position.ok ? ok(formatPosition(position.value)) : position;
}
