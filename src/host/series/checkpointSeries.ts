import { parameterNames } from '../../core/batchnorm/layer';
import { disagreements } from '../../core/batchnorm/series/agreeing';
import { orderMembers, type MemberOrder } from '../../core/batchnorm/series/orderMembers';
import type { Result } from '../../core/problem';
import type { SeriesProgress } from '../../protocol/series';
import { Emitter, isAborted, type Disposable } from '../lifecycle';
import { examineSeries, type ExaminedSeries } from './examineSeries';
import {
  mostNumbers,
  readMember,
  type ChosenMember,
  type ReadingServices,
  type ReadMember,
} from './seriesReader';

/** Checkpoints that one series reads; of more, as many are taken evenly. */
export const mostMembers = 200;

/** Milliseconds after which nobody writes on at a checkpoint. */
const settledAfter = 10_000;

/** A checkpoint that is not drawn. */
export interface LeftOut {
  readonly member: ChosenMember;
  /** A sentence. */
  readonly reason: string;
}

/** What is known of a series so far. */
export interface SeriesView {
  readonly reading: SeriesProgress | null;
  readonly order: MemberOrder | undefined;
  /** Steps of the members that are drawn, where their names have them. */
  readonly steps: readonly number[] | undefined;
  readonly examined: ExaminedSeries | undefined;
  readonly leftOut: readonly LeftOut[];
  readonly notes: readonly string[];
}

const nothingYet: SeriesView = {
  reading: { what: 'Looking for checkpoints', done: 0, total: 0 },
  order: undefined,
  steps: undefined,
  examined: undefined,
  leftOut: [],
  notes: [],
};

/** Several checkpoints of one run: reads them one after the other, and examines what was read. */
export class CheckpointSeries implements Disposable {
  readonly #changed = new Emitter<null>();
  #view = nothingYet;
  #revision = 0;
  #running: AbortController | undefined;
  /** Ends reading, and not what comes after it. */
  #reading: AbortController | undefined;
  #done: Promise<void> = Promise.resolve();
  /** What was read, by address: a checkpoint that is as it was is not read again when the series is followed. */
  readonly #kept = new Map<string, ReadMember>();
  /** Whether somebody stopped reading, who does not want it to go on by itself. */
  #stopped = false;

  constructor(
    private readonly find: () => Promise<Result<readonly ChosenMember[]>>,
    private readonly services: ReadingServices,
  ) {}

  /** Fires when there is something else to show. */
  readonly onChanged = this.#changed.on;

  get view(): SeriesView {
    return this.#view;
  }

  /** Another number whenever another series has been examined. */
  get revision(): number {
    return this.#revision;
  }

  /** Reads everything anew; what is shown stays until then. */
  read(): Promise<void> {
    this.#kept.clear();
    this.#stopped = false;
    this.#show({ reading: nothingYet.reading });
    return this.#start(() => true);
  }

  /**
   * Takes in what is new or was written again, and forgets what is gone; nothing where all is as it was.
   * @param now the clock that files are dated by
   */
  follow(now = Date.now()): Promise<void> {
    if (this.#stopped) return this.#done;
    return this.#start(found => this.isUnsettled(now) || !this.#isKnown(found));
  }

  /** Whether a checkpoint that cannot be read was written so lately that it may still be being written. */
  isUnsettled(now: number): boolean {
    return [...this.#kept.values()].some(
      ({ member, problem }) => problem !== undefined && now - member.changed < settledAfter,
    );
  }

  /** Ends reading; what was read is examined and shown. */
  stop(): void {
    this.#stopped = true;
    this.#reading?.abort();
  }

  settled(): Promise<void> {
    return this.#done;
  }

  dispose(): void {
    this.#running?.abort();
    this.#reading?.abort();
    this.#changed.dispose();
  }

  /** @param isWanted whether these are read */
  #start(isWanted: (found: readonly ChosenMember[]) => boolean): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.#done = this.#run(running.signal, isWanted);
    return this.#done;
  }

  #isKnown(found: readonly ChosenMember[]): boolean {
    return (
      this.#view.reading === null &&
      found.length === this.#kept.size &&
      found.every(member => this.#keptOf(member) !== undefined)
    );
  }

  /** As it was read, where it is as it was and could be. */
  #keptOf({ uri, changed }: ChosenMember): ReadMember | undefined {
    const kept = this.#kept.get(uri);
    return kept?.member.changed === changed ? kept : undefined;
  }

  async #run(
    signal: AbortSignal,
    isWanted: (found: readonly ChosenMember[]) => boolean,
  ): Promise<void> {
    const found = await this.find();
    if (isAborted(signal)) return;
    if (!found.ok) {
      this.#show({ reading: null, notes: [found.problem.message] });
      return;
    }
    if (!isWanted(found.value)) return;
    const names = new Set(found.value.map(({ uri }) => uri));
    for (const uri of this.#kept.keys()) if (!names.has(uri)) this.#kept.delete(uri);
    const order = orderMembers(found.value);
    const { taken, leftOut } = thinned(found.value, order);
    const read = await this.#readAll(taken, signal);
    if (isAborted(signal)) return;
    const stopped = taken.length - read.length;
    this.#show({ reading: { what: 'Examining', done: read.length, total: taken.length } });
    const sorted = sortOut(read);
    const examined = await examineSeries(sorted.kept, signal);
    if (examined === undefined || isAborted(signal)) return;
    this.#revision++;
    const { steps } = order;
    const placeOf = new Map(order.order.map((member, i) => [found.value[member], i]));
    this.#show({
      reading: null,
      order,
      steps: steps && sorted.kept.map(({ member }) => steps[placeOf.get(member) ?? 0] ?? NaN),
      examined,
      leftOut: [...leftOut, ...sorted.leftOut],
      notes: [
        ...(stopped > 0
          ? [`Stopped after ${read.length} of ${taken.length} checkpoints; “Read again” reads all.`]
          : []),
        ...sorted.kept.flatMap(({ member, notes }) => notes.map(note => `${member.name}: ${note}`)),
      ],
    });
  }

  async #readAll(
    members: readonly ChosenMember[],
    signal: AbortSignal,
  ): Promise<readonly ReadMember[]> {
    const reading = new AbortController();
    this.#reading = reading;
    const stop = (): void => reading.abort();
    signal.addEventListener('abort', stop);
    const room = { numbers: mostNumbers };
    const read: ReadMember[] = [];
    for (const member of members) {
      this.#show({
        reading: { what: `Reading ${member.name}`, done: read.length, total: members.length },
      });
      const kept = this.#keptOf(member);
      const again = kept?.problem === undefined ? kept : undefined;
      if (again) room.numbers -= numbersOf(again);
      const one = again
        ? { ...again, member }
        : await readMember(member, this.services, room, reading.signal);
      if (one === undefined) break;
      this.#kept.set(member.uri, one);
      read.push(one);
    }
    signal.removeEventListener('abort', stop);
    return read;
  }

  #show(change: Partial<SeriesView>): void {
    this.#view = { ...this.#view, ...change };
    this.#changed.fire(null);
  }
}

function numbersOf({ layers }: ReadMember): number {
  return layers.reduce((sum, { channels }) => sum + channels * parameterNames.length, 0);
}

interface Sorted {
  readonly kept: readonly ReadMember[];
  readonly leftOut: readonly LeftOut[];
}

/** Those that can be set beside each other, and the others with the reason. */
function sortOut(read: readonly ReadMember[]): Sorted {
  const readable = read.filter(({ problem }) => problem === undefined);
  const reasons = disagreements(readable);
  const leftOut = [
    ...read.flatMap(({ member, problem }) =>
      problem === undefined ? [] : [{ member, reason: problem }],
    ),
    ...readable.flatMap(({ member }, i) => {
      const reason = reasons[i];
      return reason === undefined ? [] : [{ member, reason: `It was left out: ${reason}` }];
    }),
  ];
  return { kept: readable.filter((_, i) => reasons[i] === undefined), leftOut };
}

/** The members in their order: of too many, the first, the last and as many between as are read. */
function thinned(
  members: readonly ChosenMember[],
  { order, leftOut }: MemberOrder,
): { readonly taken: readonly ChosenMember[]; readonly leftOut: readonly LeftOut[] } {
  const ordered = order.flatMap(i => members[i] ?? []);
  const placeless = leftOut.flatMap(({ member: i, reason }): LeftOut[] => {
    const member = members[i];
    return member ? [{ member, reason: `It was left out: ${reason}` }] : [];
  });
  if (ordered.length <= mostMembers) return { taken: ordered, leftOut: placeless };
  const chosen = new Set(
    Array.from({ length: mostMembers }, (_, i) =>
      Math.round((i * (ordered.length - 1)) / (mostMembers - 1)),
    ),
  );
  const reason = `It was not read: of ${ordered.length} checkpoints ${mostMembers} are, evenly taken.`;
  return {
    taken: ordered.filter((_, i) => chosen.has(i)),
    leftOut: [
      ...placeless,
      ...ordered.flatMap((member, i) => (chosen.has(i) ? [] : [{ member, reason }])),
    ],
  };
}
