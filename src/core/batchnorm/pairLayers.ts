import { runSteps, type Steps } from '../steps';
import { longestCommon } from './comparing/longestCommon';
import { bareName, isCountedName, layerOrder, plainName } from './pairing/layerNames';
import {
  fewestShared,
  sharedNumbers,
  tellsNumbers,
  type SomeParameters,
} from './pairing/sharedNumbers';

/** What layers of two files are told apart by. */
export interface PairableLayer {
  readonly name: string;
  readonly channels: number;
  /** One value a channel. */
  readonly parameters: SomeParameters;
}

/** What made a pair: one name, the same numbers, or one place among the layers of as many channels. */
export type PairedBy = 'name' | 'value' | 'structure';

/** Indices into the two lists. */
export interface LayerPair {
  readonly a: number;
  readonly b: number;
  readonly pairedBy: PairedBy;
  /** Why another may be meant, as a sentence; absent where nothing speaks for another. */
  readonly doubt?: string;
  /** Another layer of the second list, which has the numbers of `a`. */
  readonly numbersIn?: number;
}

export interface LayerPairs {
  /** In the order of the first list. */
  readonly pairs: readonly LayerPair[];
  /** Without a partner. */
  readonly onlyA: readonly number[];
  readonly onlyB: readonly number[];
}

/**
 * Pairs the layers of two files, the surest evidence first: those of one name (wrappers such as `module.` aside, and
 * but for names that Keras counts); those that share numbers that no others share, up to what porting does to
 * statistics (`sharedNumbers.ts`); those whose names are the same but for a framework's spelling; and those at one
 * place in the order of channel counts.
 */
export function pairLayers(a: readonly PairableLayer[], b: readonly PairableLayer[]): LayerPairs {
  return runSteps(pairLayersInSteps(a, b));
}

/** The same in steps of a few milliseconds: every layer of one file may have to be held beside every one of the other. */
export function* pairLayersInSteps(
  a: readonly PairableLayer[],
  b: readonly PairableLayer[],
): Steps<LayerPairs> {
  const pairing = new Pairing(a, b, yield* sharingMost(a, b));
  pairing.byName(name => name);
  pairing.byName(bareName);
  pairing.byValue();
  pairing.byPlainName();
  pairing.byStructure();
  return pairing.result();
}

type Places = readonly [a: number, b: number];

class Pairing {
  private readonly pairs = new Map<number, LayerPair>();
  private readonly takenB = new Set<number>();
  /** In the order of their layers. */
  private readonly orderA: readonly number[];
  private readonly orderB: readonly number[];

  /** @param sharing layers that share more numbers with each other than either does with any other */
  constructor(
    private readonly a: readonly PairableLayer[],
    private readonly b: readonly PairableLayer[],
    private readonly sharing: ReadonlyMap<number, number>,
  ) {
    this.orderA = layerOrder(a.map(({ name }) => name));
    this.orderB = layerOrder(b.map(({ name }) => name));
  }

  /** Names that Keras counts are names only where both files have the same ones. */
  byName(named: (name: string) => string): void {
    const counted = (layers: readonly PairableLayer[]): string =>
      JSON.stringify(
        layers.flatMap(({ name }) => (isCountedName(name) ? [named(name)] : [])).sort(),
      );
    const areNames = counted(this.a) === counted(this.b);
    this.take(
      'name',
      this.sameNames(named, ({ name }) => areNames || !isCountedName(name)),
    );
  }

  byValue(): void {
    this.take('value', this.sharing);
  }

  byPlainName(): void {
    const same = this.sameNames(plainName, ({ name }) => !isCountedName(name));
    this.take(
      'name',
      same.filter(([a, b]) => this.layerA(a).channels === this.layerB(b).channels),
    );
  }

  /** In each stretch between the layers that are paired already, where those follow each other in both files. */
  byStructure(): void {
    const placeOf = new Map(this.orderB.map((b, place) => [b, place]));
    const stretches: { a: number[]; from: number; to: number }[] = [];
    let [stretch, from] = [[] as number[], 0];
    for (const a of this.orderA) {
      const pair = this.pairs.get(a);
      if (!pair) {
        stretch.push(a);
        continue;
      }
      const to = placeOf.get(pair.b) ?? 0;
      stretches.push({ a: stretch, from, to });
      [stretch, from] = [[], to + 1];
    }
    stretches.push({ a: stretch, from, to: this.orderB.length });
    const inOrder = stretches.every(({ from: start, to }) => start <= to);
    const freeB = (start?: number, end?: number): readonly number[] =>
      this.orderB.slice(start, end).filter(b => !this.takenB.has(b));
    const free = inOrder
      ? stretches.map(({ a, from: start, to }) => ({ a, b: freeB(start, to) }))
      : [{ a: this.orderA.filter(a => !this.pairs.has(a)), b: freeB() }];
    const found = free.flatMap(({ a, b }) => this.atOnePlace(a, b));
    this.take('structure', found, this.placeDoubt());
  }

  result(): LayerPairs {
    const pairs = [...this.pairs.values()].sort((p, q) => p.a - q.a);
    return {
      pairs: pairs.map(pair => this.withNumbersElsewhere(pair)),
      onlyA: [...this.a.keys()].filter(a => !this.pairs.has(a)),
      onlyB: [...this.b.keys()].filter(b => !this.takenB.has(b)),
    };
  }

  private layerA(index: number): PairableLayer {
    return this.a[index] as PairableLayer;
  }

  private layerB(index: number): PairableLayer {
    return this.b[index] as PairableLayer;
  }

  private sameNames(
    named: (name: string) => string,
    counts: (layer: PairableLayer) => boolean,
  ): Places[] {
    const inB = this.uniqueNames(this.b, b => this.takenB.has(b), named, counts);
    const inA = this.uniqueNames(this.a, a => this.pairs.has(a), named, counts);
    return [...inA].flatMap(([name, a]) => {
      const b = inB.get(name);
      return b === undefined ? [] : [[a, b] as const];
    });
  }

  /** Of the layers that have no partner yet; without names that two of them have. */
  private uniqueNames(
    layers: readonly PairableLayer[],
    isTaken: (index: number) => boolean,
    named: (name: string) => string,
    counts: (layer: PairableLayer) => boolean,
  ): Map<string, number> {
    const found = new Map<string, number>();
    const twice = new Set<string>();
    layers.forEach((layer, index) => {
      if (isTaken(index) || !counts(layer)) return;
      const name = named(layer.name);
      if (found.has(name)) twice.add(name);
      found.set(name, index);
    });
    for (const name of twice) found.delete(name);
    return found;
  }

  private atOnePlace(a: readonly number[], b: readonly number[]): Places[] {
    const places = longestCommon(
      a.map(index => this.layerA(index).channels),
      b.map(index => this.layerB(index).channels),
    );
    return places.map(([i, j]) => [a[i] as number, b[j] as number]);
  }

  /** A place tells for certain where no other layer of as many channels is left, and the numbers do not deny it. */
  private placeDoubt(): (places: Places) => string | undefined {
    const countA = countChannels(this.a, index => this.pairs.has(index));
    const countB = countChannels(this.b, index => this.takenB.has(index));
    return ([a, b]) => {
      const [first, second] = [this.layerA(a), this.layerB(b)];
      const { channels } = first;
      const [inA, inB] = [countA.get(channels) ?? 0, countB.get(channels) ?? 0];
      const numbers =
        tellsNumbers(first.parameters) && tellsNumbers(second.parameters)
          ? sharedNumbers(first.parameters, second.parameters) === 0
          : undefined;
      const told =
        numbers === true ? 'no number of the two is the same' : 'their numbers do not tell';
      if (inA > 1 || inB > 1) {
        return `Their order alone pairs them: of ${channels} channels A has ${inA} and B has ${inB} such layers, and ${told}.`;
      }
      return numbers === true
        ? `They are the only two of ${channels} channels, but ${told}.`
        : undefined;
    };
  }

  /** A pair by name, where the numbers say another. */
  private withNumbersElsewhere(pair: LayerPair): LayerPair {
    const numbersIn = this.sharing.get(pair.a);
    if (numbersIn === undefined || numbersIn === pair.b) return pair;
    const doubt = `The numbers of ${this.layerA(pair.a).name} are in ${this.layerB(numbersIn).name} of B.`;
    return { ...pair, numbersIn, doubt };
  }

  private take(
    pairedBy: PairedBy,
    found: Iterable<Places>,
    doubtOf: (places: Places) => string | undefined = () => undefined,
  ): void {
    const taken = [...found].filter(([a, b]) => !this.pairs.has(a) && !this.takenB.has(b));
    const doubts = taken.map(doubtOf);
    taken.forEach(([a, b], i) => {
      const doubt = doubts[i];
      this.pairs.set(a, { a, b, pairedBy, ...(doubt !== undefined && { doubt }) });
      this.takenB.add(b);
    });
  }
}

function countChannels(
  layers: readonly PairableLayer[],
  isTaken: (index: number) => boolean,
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  layers.forEach(({ channels }, index) => {
    if (!isTaken(index)) counts.set(channels, (counts.get(channels) ?? 0) + 1);
  });
  return counts;
}

/** Pairs of which each shares more numbers with the other than with any layer besides. */
function* sharingMost(
  a: readonly PairableLayer[],
  b: readonly PairableLayer[],
): Steps<ReadonlyMap<number, number>> {
  const bestOfA = a.map(() => new Best());
  const bestOfB = b.map(() => new Best());
  for (const [i, first] of a.entries()) {
    b.forEach((second, j) => {
      if (first.channels !== second.channels) return;
      const shared = sharedNumbers(first.parameters, second.parameters);
      bestOfA[i]?.offer(j, shared);
      bestOfB[j]?.offer(i, shared);
    });
    yield;
  }
  return new Map(
    bestOfA.flatMap(({ only }, i) =>
      only !== undefined && bestOfB[only]?.only === i ? [[i, only] as const] : [],
    ),
  );
}

/** The one that shares most; none where two share as much. */
class Best {
  private most = fewestShared - 1;
  only: number | undefined;

  offer(index: number, shared: number): void {
    if (shared < this.most || shared < fewestShared) return;
    this.only = shared > this.most ? index : undefined;
    this.most = shared;
  }
}
