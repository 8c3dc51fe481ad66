import { findInPairs } from '../core/batchnorm/comparing/findings/registry';
import { comparePair } from '../core/batchnorm/comparing/layerPair';
import { fail, ok, type Result } from '../core/problem';
import { defaultTolerance, type Tolerance } from '../core/statistics/compare';
import type { Command, CommandArguments, Report } from './command';
import { compareFiles, compareTensorPair, type FilesCompared } from './compareFiles';
import { reportComparison } from './compareReport';
import { compareTargets, type CompareTargets, type SideLayer } from './compareTargets';
import { notesOf, type Target } from './source';
import type { Sources } from './sources';

const layersOnly = 'layers-only';

/** `compare A B`: two tensors, two layers, or all that two files have in common. */
export const compareCommand: Command = {
  name: 'compare',
  operands: 'A B',
  help: 'two tensors, layers or checkpoints',
  options: [
    { name: 'rtol', value: 'X', help: 'of the tolerance |a − b| ≤ atol + rtol·|b| (1e-5)' },
    { name: 'atol', value: 'X', help: 'of the tolerance (1e-8)' },
    { name: 'equal-nan', help: 'count NaN as equal to NaN; else, as in numpy.allclose, it is not' },
    { name: layersOnly, help: 'of two files, compare the batch-norm layers alone' },
  ],
  run,
};

async function run(given: CommandArguments, sources: Sources): Promise<Result<Report>> {
  const tolerance = readTolerance(given);
  if (!tolerance.ok) return tolerance;
  const a = await sources.open(given.operands[0] as string);
  if (!a.ok) return a;
  const b = await sources.open(given.operands[1] as string);
  if (!b.ok) return b;
  const targets = compareTargets(a.value, b.value);
  if (!targets.ok) return targets;
  const onlyLayers = given.switches.has(layersOnly);
  const compared = await compare(
    targets.value,
    { a: a.value, b: b.value },
    tolerance.value,
    onlyLayers,
  );
  if (!compared.ok) return compared;
  const labels = { a: given.operands[0] as string, b: given.operands[1] as string };
  const report = reportComparison(compared.value, labels, tolerance.value);
  const files = new Set([a.value.source, b.value.source]);
  return ok({ ...report, notes: [...files].flatMap(notesOf) });
}

async function compare(
  targets: CompareTargets,
  { a, b }: { readonly a: Target; readonly b: Target },
  tolerance: Tolerance,
  onlyLayers: boolean,
): Promise<Result<FilesCompared>> {
  switch (targets.kind) {
    case 'tensors': {
      const row = await compareTensorPair(targets.a, targets.b, tolerance);
      return row.ok ? ok({ layers: [], tensors: [row.value], findings: [] }) : row;
    }
    case 'layers':
      return compareTwoLayers(targets.a, targets.b, tolerance);
    case 'files':
      return compareFiles(a.source, b.source, tolerance, onlyLayers);
  }
}

async function compareTwoLayers(
  a: SideLayer,
  b: SideLayer,
  tolerance: Tolerance,
): Promise<Result<FilesCompared>> {
  const [first, second] = [await a.read(), await b.read()];
  if (!first.ok) return first;
  if (!second.ok) return second;
  const pair = comparePair(first.value, second.value, tolerance);
  if (!pair.ok) return pair;
  return ok({
    layers: [
      {
        a: a.name,
        b: b.name,
        channels: first.value.channels,
        pairedBy: 'name',
        doubt: null,
        foldedInto: null,
        pair: pair.value,
      },
    ],
    tensors: [],
    findings: findInPairs([pair.value]),
  });
}

function readTolerance({ values, switches }: CommandArguments): Result<Tolerance> {
  const rtol = readBound('rtol', values.rtol, defaultTolerance.rtol);
  if (!rtol.ok) return rtol;
  const atol = readBound('atol', values.atol, defaultTolerance.atol);
  if (!atol.ok) return atol;
  return ok({ rtol: rtol.value, atol: atol.value, equalNan: switches.has('equal-nan') });
}

function readBound(name: string, text: string | undefined, otherwise: number): Result<number> {
  if (text === undefined) return ok(otherwise);
  const value = text.trim() === '' ? NaN : Number(text);
  if (Number.isFinite(value) && value >= 0) return ok(value);
  return fail(
    'usage',
    `--${name} is "${text}": give a number of at least 0, such as ${otherwise}.`,
  );
}
