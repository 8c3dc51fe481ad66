import { longestCommon } from './comparing/longestCommon';
import { parameterNames, type ParameterName } from './layer';

/** What layers of two files are told apart by. */
export interface PairableLayer {
  readonly name: string;
  readonly channels: number;
  readonly parameters: Readonly<Partial<Record<ParameterName, Float64Array>>>;
}

/** What made a pair: one name, one place among the layers of as many channels, or the same numbers. */
export type PairedBy = 'name' | 'structure' | 'value';

/** Indices into the two lists. */
export interface LayerPair {
  readonly a: number;
  readonly b: number;
  readonly pairedBy: PairedBy;
}

export interface LayerPairs {
  /** In the order of the first list. */
  readonly pairs: readonly LayerPair[];
  /** Without a partner. */
  readonly onlyA: readonly number[];
  readonly onlyB: readonly number[];
}

/**
 * Pairs the layers of two files: those of one name (wrappers such as `module.` aside), then those at one
 * place in the order of channel counts, unless the numbers say that another is meant; and those that only
 * the numbers can tell.
 */
export function pairLayers(a: readonly PairableLayer[], b: readonly PairableLayer[]): LayerPairs {
  const pairing = new Pairing(a, b);
  pairing.byName(name => name);
  pairing.byName(bareName);
  pairing.byStructureAndValue();
  return pairing.result();
}

function bareName(name: string): string {
  return name.replace(/^((module|model|_orig_mod)[./])+/, '');
}

class Pairing {
  private readonly pairs: LayerPair[] = [];
  private freeA: number[];
  private freeB: number[];

  constructor(
    private readonly a: readonly PairableLayer[],
    private readonly b: readonly PairableLayer[],
  ) {
    this.freeA = [...a.keys()];
    this.freeB = [...b.keys()];
  }

  byName(named: (name: string) => string): void {
    const inA = uniqueNames(this.a, this.freeA, named);
    const inB = uniqueNames(this.b, this.freeB, named);
    this.take(
      'name',
      (function* () {
        for (const [name, a] of inA) {
          const b = inB.get(name);
          if (b !== undefined) yield [a, b] as const;
        }
      })(),
    );
  }

  byStructureAndValue(): void {
    const [orderA, orderB] = [this.freeA, this.freeB];
    const alike = this.alike();
    const sameOrder =
      orderA.length === orderB.length &&
      orderA.every((a, i) => this.a[a]?.channels === this.b[orderB[i] as number]?.channels);
    // One order of channel counts in both: numbers only overrule the places that they contradict.
    const certain = sameOrder
      ? alike.filter(([a, b]) => orderA.indexOf(a) !== orderB.indexOf(b))
      : alike;
    this.take('value', certain);
    const channelsA = this.freeA.map(a => (this.a[a] as PairableLayer).channels);
    const channelsB = this.freeB.map(b => (this.b[b] as PairableLayer).channels);
    const places = longestCommon(channelsA, channelsB);
    const [freeA, freeB] = [this.freeA, this.freeB];
    this.take(
      'structure',
      places.map(([i, j]) => [freeA[i] as number, freeB[j] as number] as const),
    );
  }

  result(): LayerPairs {
    const pairs = this.pairs.sort((p, q) => p.a - q.a);
    return { pairs, onlyA: this.freeA, onlyB: this.freeB };
  }

  /** Free layers that hold the same numbers as exactly one of the other file, which holds them too. */
  private alike(): (readonly [a: number, b: number])[] {
    const partners = new Map<number, number[]>();
    const claims = new Map<number, number>();
    for (const a of this.freeA) {
      const found = this.freeB.filter(b =>
        holdSame(this.a[a] as PairableLayer, this.b[b] as PairableLayer),
      );
      partners.set(a, found);
      for (const b of found) claims.set(b, (claims.get(b) ?? 0) + 1);
    }
    return [...partners].flatMap(([a, [b, ...more]]) =>
      b !== undefined && more.length === 0 && claims.get(b) === 1 ? [[a, b] as const] : [],
    );
  }

  private take(pairedBy: PairedBy, found: Iterable<readonly [a: number, b: number]>): void {
    const [usedA, usedB] = [new Set<number>(), new Set<number>()];
    for (const [a, b] of found) {
      this.pairs.push({ a, b, pairedBy });
      usedA.add(a);
      usedB.add(b);
    }
    this.freeA = this.freeA.filter(a => !usedA.has(a));
    this.freeB = this.freeB.filter(b => !usedB.has(b));
  }
}

/** Without those that two layers have. */
function uniqueNames(
  layers: readonly PairableLayer[],
  free: readonly number[],
  named: (name: string) => string,
): Map<string, number> {
  const found = new Map<string, number>();
  const twice = new Set<string>();
  for (const index of free) {
    const name = named((layers[index] as PairableLayer).name);
    if (found.has(name)) twice.add(name);
    found.set(name, index);
  }
  for (const name of twice) found.delete(name);
  return found;
}

/** Within what storing in float16 or another order of operations would change. */
function holdSame(a: PairableLayer, b: PairableLayer): boolean {
  if (a.channels !== b.channels) return false;
  const shared = parameterNames.filter(role => a.parameters[role] && b.parameters[role]);
  return shared.length > 0 && shared.every(role => near(a.parameters[role], b.parameters[role]));
}

function near(a: Float64Array | undefined, b: Float64Array | undefined): boolean {
  if (a === undefined || b?.length !== a.length) return false;
  return a.every((x, i) => {
    const y = b[i] as number;
    return Object.is(x, y) || Math.abs(x - y) <= 1e-6 + 1e-3 * Math.abs(y);
  });
}
