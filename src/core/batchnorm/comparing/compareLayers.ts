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
import { compareProblem, pairingFindings } from './pairingFindings';

/** Two layers, or one without a partner. */
export interface LayerRow {
  /** Name of the layer of A; null where B's has no partner. */
  readonly a: string | null;
  readonly b: string | null;
  readonly channels: number;
  readonly pairedBy: PairedBy | null;
  /** Why another layer may be meant, as a sentence; null where nothing speaks for another. */
  readonly doubt: string | null;
  /** Undefined where they could not be compared, or there is no partner. */
  readonly pair: ComparedPair | undefined;
}

export interface LayersCompared {
  /** Pairs in the order of A, then the layers of A and of B that have no partner. */
  readonly rows: readonly LayerRow[];
  /** What is wrong with the pairing first, then what differs. */
  readonly findings: readonly PairFinding[];
}

/**
 * Pairs the layers of two files and compares them, parameter by parameter.
 * @param a in the order of their file
 */
export function compareLayers(
  a: readonly ComparedLayer[],
  b: readonly ComparedLayer[],
  tolerance: Tolerance,
): LayersCompared {
  return runSteps(compareLayersInSteps(a, b, tolerance));
}

/** The same in steps of a few milliseconds. */
export function* compareLayersInSteps(
  a: readonly ComparedLayer[],
  b: readonly ComparedLayer[],
  tolerance: Tolerance,
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
  const pairing = both ? pairingFindings(pairs, names(a), names(b)) : [];
  const compared = rows.flatMap(({ pair }) => (pair ? [pair] : []));
  return {
    rows: [
      ...rows,
      ...pairs.onlyA.map(i => aloneRow(a[i] as ComparedLayer, 'a')),
      ...pairs.onlyB.map(i => aloneRow(b[i] as ComparedLayer, 'b')),
    ],
    findings: [...problems, ...pairing, ...(yield* findInPairsInSteps(compared))],
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
): Steps<LayersCompared> {
  const layers = (stated: readonly NamedStatement[]): ComparedLayer[] =>
    stated.map(({ name, channels, statement }) => comparedLayer(name, statement, channels));
  return compareLayersInSteps(layers(a), layers(b), tolerance);
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
  return { a: a.name, b: b.name, channels: a.channels, pairedBy, doubt: doubt ?? null, pair };
}

function aloneRow({ name, channels }: ComparedLayer, side: 'a' | 'b'): LayerRow {
  const named = side === 'a' ? { a: name, b: null } : { a: null, b: name };
  return { ...named, channels, pairedBy: null, doubt: null, pair: undefined };
}
