import {
  compareLayers,
  type Folds,
  type LayerRow,
} from '../core/batchnorm/comparing/compareLayers';
import type { PairFinding } from '../core/batchnorm/comparing/findings/registry';
import type { ComparedLayer } from '../core/batchnorm/comparing/layerPair';
import { compareProblem } from '../core/batchnorm/comparing/pairingFindings';
import { biasOf } from '../core/batchnorm/folding/weightNames';
import { guarded } from '../core/formats/badFile';
import { compareEntries, PairMemory } from '../core/formats/compareEntries';
import { fail, ok, type Problem, type Result } from '../core/problem';
import { ComparisonStream, type Comparison, type Tolerance } from '../core/statistics/compare';
import { findFoldsIn } from './compareFolds';
import { sideLayers } from './compareTargets';
import type { Source, SourceTensor } from './source';

const { signal } = new AbortController();

/** A tensor that both files have. */
export interface TensorRow {
  readonly name: string;
  /** Its shape, for places in it. */
  readonly shape: readonly number[];
  /** What its numbers and those beside them are printed as. */
  readonly dtype: 'float32' | 'float64';
  readonly comparison: Comparison;
}

export interface FilesCompared {
  readonly layers: readonly LayerRow[];
  readonly tensors: readonly TensorRow[];
  readonly findings: readonly PairFinding[];
}

/** Pairs the layers of two files and compares them, and all tensors that have one name in both. */
export async function compareFiles(
  a: Source,
  b: Source,
  tolerance: Tolerance,
  layersOnly: boolean,
): Promise<Result<FilesCompared>> {
  const found: PairFinding[] = [];
  const layersA = await readLayers(a, found);
  const layersB = await readLayers(b, found);
  const folds = await findFoldsIn({ a, b }, layersA, layersB);
  const { rows: layers, findings } = compareLayers(layersA, layersB, tolerance, folds);
  found.push(...findings);
  const covered = new Set([...coveredTensors(a, b, layers), ...foldedTensors(a, folds)]);
  const tensors = layersOnly ? [] : await compareTensors(a, b, { tolerance, covered, found });
  if (layers.every(({ pair }) => !pair) && tensors.length === 0 && found.length === 0) {
    return fail(
      'nothing-in-common',
      `${a.label} and ${b.label} have ${layersOnly ? 'no batch-norm layers' : 'no batch-norm layers and no tensor of one name'}: name what is compared with #NAME.`,
    );
  }
  return ok({ layers, tensors, findings: found });
}

async function readLayers(source: Source, found: PairFinding[]): Promise<ComparedLayer[]> {
  const layers: ComparedLayer[] = [];
  for (const layer of sideLayers(source)) {
    const read = await layer.read();
    if (read.ok) layers.push(read.value);
    else found.push(compareProblem(read.problem, layer.name));
  }
  return layers;
}

/** Tensors that have one name in both files and were compared as parameters of a layer. */
function coveredTensors(a: Source, b: Source, rows: readonly LayerRow[]): ReadonlySet<string> {
  const [inA, inB] = [a, b].map(
    source => new Map(sideLayers(source).map(({ name, tensors }) => [name, tensors])),
  );
  return new Set(
    rows.flatMap(({ a: nameA, b: nameB, pair }) => {
      if (!pair) return [];
      const others = inB?.get(nameB ?? '') ?? [];
      return (inA?.get(nameA ?? '') ?? []).filter(tensor => others.includes(tensor));
    }),
  );
}

/** Weights that are other numbers because something was folded into them, and their biases: that is said already. */
function foldedTensors(a: Source, { ofA, ofB }: Folds): string[] {
  return [...ofA, ...ofB]
    .filter(({ weight, foldedWeight }) => weight === foldedWeight)
    .flatMap(({ weight, fold }) => {
      const bias = biasOf(weight, a.tensors, fold.gamma.length);
      return bias === undefined ? [weight] : [weight, bias];
    });
}

interface TensorWork {
  readonly tolerance: Tolerance;
  /** Tensors to leave out. */
  readonly covered: ReadonlySet<string>;
  readonly found: PairFinding[];
}

async function compareTensors(
  a: Source,
  b: Source,
  { tolerance, covered, found }: TensorWork,
): Promise<TensorRow[]> {
  const inB = new Map(b.tensors.map(tensor => [tensor.name, tensor]));
  const rows: TensorRow[] = [];
  const memory = new PairMemory();
  for (const first of a.tensors) {
    const second = inB.get(first.name);
    if (!second || covered.has(first.name)) continue;
    const compared = await compareTensorPair(first, second, tolerance, memory);
    if (compared.ok) rows.push(compared.value);
    else found.push(compareProblem(compared.problem));
  }
  return rows;
}

/** @returns a problem where one cannot be read or their shapes differ */
export async function compareTensorPair(
  a: SourceTensor,
  b: SourceTensor,
  tolerance: Tolerance,
  memory?: PairMemory,
): Promise<Result<TensorRow>> {
  const stream = new ComparisonStream(tolerance);
  const compared = await guarded(a.name, () =>
    compareEntries(a.entry, b.entry, stream, signal, memory),
  );
  if (!compared.ok) return { ok: false, problem: withoutFile(compared.problem, a.name) };
  const { name } = a;
  const contents = [a.entry.content, b.entry.content];
  const isFloat32 = contents.every(one => one.kind === 'readable' && one.dtype === 'float32');
  const dtype = isFloat32 ? 'float32' : 'float64';
  return ok({ name, shape: shapeRead(a), dtype, comparison: stream.comparison() });
}

/** As its numbers are read: a complex tensor has one more axis, of 2. */
function shapeRead({ shape, entry: { content } }: SourceTensor): readonly number[] {
  return content.kind === 'readable' && content.numbers === 2 ? [...shape, 2] : shape;
}

/** The message names both tensors already. */
function withoutFile(problem: Problem, file: string): Problem {
  return { ...problem, message: problem.message.replace(`${file}: `, '') };
}
