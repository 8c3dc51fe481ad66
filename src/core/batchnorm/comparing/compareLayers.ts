import type { Tolerance } from '../../statistics/compare';
import { runSteps, type Steps } from '../../steps';
import {
  pairLayersInSteps,
  type LayerPair,
  type PairableLayer,
  type PairedBy,
} from '../pairLayers';
import { findInPairsInSteps, type PairFinding } from './findings/registry';
import { comparedLayer, comparePair, type ComparedLayer, type ComparedPair } from './layerPair';
import type { Statement } from '../statement';
import type { FoundFold } from '../folding/findFolds';
import { foldFindings } from '../folding/foldFindings';
import { compareProblem, pairingFindings, unpairedFindings } from './pairingFindings';

/** Two layers, or one without a partner. */
export interface LayerRow {
  /** Name of the layer of A; null where B's has no partner. */
  readonly a: string | null;
  readonly b: string | null;
  readonly channels: number;
  readonly pairedBy: PairedBy | null;
  /** Why another layer may be meant, as a sentence; null where nothing speaks for another. */
  readonly doubt: string | null;
  /** The weight of the other file that a layer without a partner is folded into; null where it is in none. */
  readonly foldedInto: string | null;
  /** Undefined where they could not be compared, or there is no partner. */
  readonly pair: ComparedPair | undefined;
}

export interface LayersCompared {
  /** Pairs in the order of A, then the layers of A and of B that have no partner. */
  readonly rows: readonly LayerRow[];
  /** What is wrong with the pairing first, then what differs. */
  readonly findings: readonly PairFinding[];
}

/** Batch norms of one file that the other one has in its weights. */
export interface Folds {
  /** Of A in B. */
  readonly ofA: readonly FoundFold[];
  readonly ofB: readonly FoundFold[];
}

/**
 * Pairs the layers of two files and compares them, parameter by parameter.
 * @param a in the order of their file
 * @param folds of layers that have no partner (`unpairedLayers`)
 */
export function compareLayers(
  a: readonly ComparedLayer[],
  b: readonly ComparedLayer[],
  tolerance: Tolerance,
  folds?: Folds,
): LayersCompared {
  return runSteps(compareLayersInSteps(a, b, tolerance, folds));
}

/** The layers of each file that the other one does not have. */
export function* unpairedLayers(
  a: readonly ComparedLayer[],
  b: readonly ComparedLayer[],
): Steps<{ readonly a: readonly ComparedLayer[]; readonly b: readonly ComparedLayer[] }> {
  const { onlyA, onlyB } = yield* pairLayersInSteps(a.map(pairable), b.map(pairable));
  return {
    a: onlyA.map(i => a[i] as ComparedLayer),
    b: onlyB.map(i => b[i] as ComparedLayer),
  };
}

/** The same in steps of a few milliseconds. */
export function* compareLayersInSteps(
  a: readonly ComparedLayer[],
  b: readonly ComparedLayer[],
  tolerance: Tolerance,
  folds: Folds = { ofA: [], ofB: [] },
): Steps<LayersCompared> {
  const pairs = yield* pairLayersInSteps(a.map(pairable), b.map(pairable));
  const problems: PairFinding[] = [];
  const rows: LayerRow[] = [];
  for (const pair of pairs.pairs) {
    const [first, second] = [a[pair.a] as ComparedLayer, b[pair.b] as ComparedLayer];
    const compared = comparePair(first, second, tolerance);
    if (!compared.ok) problems.push(compareProblem(compared.problem, first.name));
    rows.push(pairedRow(first, second, pair, compared.ok ? compared.value : undefined));
    yield;
  }
  // A file without any layers is not one that lacks them.
  const both = a.length > 0 || b.length > 0;
  const names = (layers: readonly ComparedLayer[]): string[] => layers.map(({ name }) => name);
  const alone = [
    ...pairs.onlyA.map(i => aloneRow(a[i] as ComparedLayer, 'a', folds.ofA)),
    ...pairs.onlyB.map(i => aloneRow(b[i] as ComparedLayer, 'b', folds.ofB)),
  ];
  const unpaired = alone.filter(({ foldedInto }) => foldedInto === null);
  const pairing = [
    ...(both
      ? unpairedFindings(
          unpaired.flatMap(row => row.a ?? []),
          unpaired.flatMap(row => row.b ?? []),
        )
      : []),
    ...pairingFindings(pairs, names(a), names(b)),
  ];
  const compared = rows.flatMap(({ pair }) => (pair ? [pair] : []));
  return {
    rows: [...rows, ...alone],
    findings: [
      ...problems,
      ...pairing,
      ...foldFindings(folds.ofA, 'A'),
      ...foldFindings(folds.ofB, 'B'),
      ...(yield* findInPairsInSteps(compared)),
    ],
  };
}

/** A layer as its file states it. */
export interface NamedStatement {
  readonly name: string;
  readonly channels: number;
  readonly statement: Statement;
}

/** `compareLayersInSteps` of what files state. */
export function compareStatements(
  a: readonly NamedStatement[],
  b: readonly NamedStatement[],
  tolerance: Tolerance,
  folds?: Folds,
): Steps<LayersCompared> {
  return compareLayersInSteps(statedLayers(a), statedLayers(b), tolerance, folds);
}

/** `unpairedLayers` of what files state. */
export function unpairedStatements(
  a: readonly NamedStatement[],
  b: readonly NamedStatement[],
): ReturnType<typeof unpairedLayers> {
  return unpairedLayers(statedLayers(a), statedLayers(b));
}

function statedLayers(stated: readonly NamedStatement[]): ComparedLayer[] {
  return stated.map(({ name, channels, statement }) => comparedLayer(name, statement, channels));
}

function pairable({ name, channels, statement }: ComparedLayer): PairableLayer {
  return { name, channels, parameters: statement.parameters };
}

function pairedRow(
  a: ComparedLayer,
  b: ComparedLayer,
  { pairedBy, doubt }: LayerPair,
  pair: ComparedPair | undefined,
): LayerRow {
  const names = { a: a.name, b: b.name, channels: a.channels };
  return { ...names, pairedBy, doubt: doubt ?? null, foldedInto: null, pair };
}

function aloneRow(
  { name, channels }: ComparedLayer,
  side: 'a' | 'b',
  folds: readonly FoundFold[],
): LayerRow {
  const named = side === 'a' ? { a: name, b: null } : { a: null, b: name };
  const foldedInto = folds.find(({ layer }) => layer === name)?.foldedWeight ?? null;
  return { ...named, channels, pairedBy: null, doubt: null, foldedInto, pair: undefined };
}
