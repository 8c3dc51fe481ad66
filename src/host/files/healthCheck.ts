import type { Convention } from '../../core/batchnorm/convention';
import type { Result } from '../../core/problem';
import type {
  FileListing,
  HealthProgress,
  HealthUpdate,
  LayerHealth,
} from '../../protocol/tensorFile';
import { Emitter, type Disposable } from '../lifecycle';
import { movedLayers } from './fileChanges';
import type { FileLayer } from './fileEngine';
import { healthOf, incompleteHealth, parameterDigest, unreadHealth } from './layerHealth';

type ReadLayer = (name: string, signal: AbortSignal) => Promise<Result<FileLayer>>;

/** Updates are gathered for this many milliseconds: a page need not draw every layer by itself. */
const gatherFor = 100;

/** Looks at the parameters of a file's layers, one after the other, in the background. */
export class HealthCheck implements Disposable {
  readonly #read: ReadLayer;
  readonly #fallback: () => Convention;
  readonly #progressed: () => void;
  readonly #updates = new Emitter<HealthUpdate>();
  #listing: FileListing = { version: 0, tensors: [], layers: [] };
  #known: LayerHealth[] = [];
  /** What the parameters were when they were last looked at, by layer. */
  #digests = new Map<string, number>();
  #before: ReadonlyMap<string, number> = new Map();
  #moved: string[] = [];
  #compared = 0;
  #running: AbortController | undefined;
  #done: Promise<void> = Promise.resolve();

  /** @param progressed told when progress, or what moved, is worth drawing */
  constructor(read: ReadLayer, fallback: () => Convention, progressed: () => void) {
    this.#read = read;
    this.#fallback = fallback;
    this.#progressed = progressed;
    this.onUpdate = this.#updates.on;
  }

  readonly onUpdate: Emitter<HealthUpdate>['on'];

  get known(): HealthUpdate {
    return { listing: this.#listing.version, layers: this.#known };
  }

  get progress(): HealthProgress {
    return { checked: this.#known.length, running: this.#running !== undefined };
  }

  /** Which layers have other numbers than in the listing before; empty until all were looked at. */
  get moved(): string {
    const whole = this.#known.length === this.#listing.layers.length;
    return whole ? movedLayers(this.#moved, this.#compared) : '';
  }

  /** Another listing: everything is to be looked at anew. */
  list(listing: FileListing): void {
    this.stop();
    this.#listing = listing;
    this.#before = this.#digests;
    this.#digests = new Map();
    this.#known = [];
    this.#moved = [];
    this.#compared = 0;
  }

  /** Goes on where it stopped. */
  start(): void {
    if (this.#running || this.#known.length === this.#listing.layers.length) return;
    const running = new AbortController();
    this.#running = running;
    this.#done = this.#run(running.signal).finally(() => {
      if (this.#running === running) this.#running = undefined;
      if (!running.signal.aborted) this.#progressed();
    });
    this.#progressed();
  }

  stop(): void {
    if (!this.#running) return;
    this.#running.abort();
    this.#running = undefined;
    this.#progressed();
  }

  settled(): Promise<void> {
    return this.#done;
  }

  dispose(): void {
    this.#running?.abort();
    this.#updates.dispose();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let gathered: LayerHealth[] = [];
    let told = Date.now();
    const tell = (): void => {
      if (gathered.length === 0 || signal.aborted) return;
      this.#updates.fire({ listing: this.#listing.version, layers: gathered });
      gathered = [];
      told = Date.now();
      this.#progressed();
    };
    for (let i = this.#known.length; i < this.#listing.layers.length; i++) {
      const health = await this.#look(i, signal);
      if (signal.aborted) return;
      this.#known.push(health);
      gathered.push(health);
      if (Date.now() - told > gatherFor) tell();
    }
    tell();
  }

  async #look(index: number, signal: AbortSignal): Promise<LayerHealth> {
    const { name = '', incomplete } = this.#listing.layers[index] ?? {};
    if (incomplete) return incompleteHealth(index, incomplete);
    const read = await this.#read(name, signal);
    if (!read.ok) return unreadHealth(index, read.problem);
    if (!signal.aborted) this.#compare(name, parameterDigest(read.value.statement));
    return healthOf(index, read.value, this.#fallback());
  }

  #compare(name: string, digest: number): void {
    this.#digests.set(name, digest);
    const before = this.#before.get(name);
    if (before === undefined) return;
    this.#compared++;
    if (before !== digest) this.#moved.push(name);
  }
}
