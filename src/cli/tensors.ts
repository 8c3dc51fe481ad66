import type { EntrySummary } from '../core/formats/entrySummary';
import { ok, type Result } from '../core/problem';
import { summaryOfChannel } from '../core/statistics/summary';
import { float32, type Json } from '../core/text/json';
import { summaryLine } from '../core/text/summaryLine';
import { formatShape } from '../core/tensor/shape';
import { shortStoredDType } from '../core/tensor/shortStoredDType';
import type { Command, CommandArguments, Report } from './command';
import { findTensor, notesOf, type SourceTensor } from './source';
import type { Sources } from './sources';
import { layOutPairs, layOutTable, type Column } from './table';

/** `tensors FILE`: names, shapes, dtypes and sizes. */
export const tensorsCommand: Command = {
  name: 'tensors',
  operands: 'FILE',
  help: 'what the file holds',
  options: [],
  run: (given, sources) => report(given, sources, describeTensors),
};

/** `summary FILE`: what is in each tensor, a line each. */
export const summaryCommand: Command = {
  name: 'summary',
  operands: 'FILE',
  help: 'one line a tensor',
  options: [],
  run: (given, sources) => report(given, sources, summarizeTensors),
};

type Described = Pick<Report, 'json' | 'lines' | 'notes'>;
type Describe = (
  tensors: readonly SourceTensor[],
) => Promise<Result<Described>> | Result<Described>;

async function report(
  { operands }: CommandArguments,
  sources: Sources,
  describe: Describe,
): Promise<Result<Report>> {
  const target = await sources.open(operands[0] as string);
  if (!target.ok) return target;
  const { source, name } = target.value;
  const named = name === undefined ? ok(source.tensors) : listed(findTensor(source, name));
  if (!named.ok) return named;
  const described = await describe(named.value);
  if (!described.ok) return described;
  const { notes, ...rest } = described.value;
  return ok({ ...rest, notes: [...notesOf(source), ...notes], status: 0 });
}

function listed(found: Result<SourceTensor>): Result<readonly SourceTensor[]> {
  return found.ok ? ok([found.value]) : found;
}

const describeTensors: Describe = tensors =>
  ok({
    json: tensors.map(({ name, shape, dtype, bytes }) => ({
      name,
      shape: [...shape],
      dtype,
      bytes,
    })),
    lines: () => (tensors.length === 0 ? [none] : table(tensors)),
    notes: [],
  });

function table(tensors: readonly SourceTensor[]): string[] {
  const column = (
    head: string,
    align: Column['align'],
    cell: (tensor: SourceTensor) => string,
  ): Column => ({ head, align, cells: tensors.map(cell) });
  return layOutTable([
    column('name', 'left', ({ name }) => name),
    column('shape', 'left', ({ shape }) => formatShape(shape)),
    column('dtype', 'left', ({ dtype }) => shortStoredDType(dtype)),
    column('bytes', 'right', ({ bytes }) => `${bytes}`),
  ]);
}

const none = 'no arrays of numbers';

interface Summarized extends EntrySummary {
  readonly name: string;
  readonly stored: string;
}

/** One that cannot be read is said beside the others; where it is the only one, that is the failure. */
async function summarizeTensors(tensors: readonly SourceTensor[]): Promise<Result<Described>> {
  const summaries: Summarized[] = [];
  const notes: string[] = [];
  for (const { name, dtype: stored, summarize } of tensors) {
    const summarized = await summarize();
    if (summarized.ok) summaries.push({ ...summarized.value, name, stored });
    else if (tensors.length === 1) return summarized;
    else notes.push(summarized.problem.message);
  }
  return ok({
    json: summaries.map(asJson),
    lines: () => (tensors.length === 0 ? [none] : layOutPairs(summaries.map(asPair))),
    notes,
  });
}

function asJson({ name, shape, stored, dtype, summary }: Summarized): Json {
  const { min, max, mean, std, ...counts } = summaryOfChannel(summary);
  const exact = (x: number): Json => (dtype === 'float32' ? float32(x) : x);
  return {
    name,
    shape: [...shape],
    dtype: stored,
    ...counts,
    min: exact(min),
    max: exact(max),
    mean,
    std,
  };
}

function asPair({ name, shape, stored, summary }: Summarized): readonly [string, string] {
  return [name, summaryLine({ shape, dtype: stored }, summary)];
}
