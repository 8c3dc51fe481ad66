import type { Folds } from '../../core/batchnorm/comparing/compareLayers';
import type { Problem, Result } from '../../core/problem';
import type { FilesAction, FilesSpec, FilesState, FilesView } from '../../protocol/comparedFiles';
import type { TensorFiles } from '../files/fileEngine';
import { compareStatements, findFoldsBetween } from '../findings/lazyDoctor';
import { baseName } from '../inspection/source';
import { Emitter, isAborted, type Disposable } from '../lifecycle';
import { describeFiles } from './describeFiles';
import { foldFiles, type WeightServices } from './foldReader';
import { filesTitle } from './filesSpec';
import { readFile, type ReadFile } from './readFile';

export interface FilesServices extends WeightServices {
  readonly files: Pick<TensorFiles, 'list' | 'layer' | 'tensor'>;
  /** Where a file is, for a person. */
  readonly place: (uri: string) => string;
}

/** Both files, as they were read. */
interface ReadFiles {
  readonly a: ReadFile;
  readonly b: ReadFile;
  readonly folds: Folds;
}

type PageAction = Exclude<FilesAction, { readonly kind: 'openPair' | 'copyReport' }>;

/** Two checkpoints: reads their batch norms, pairs and compares them. */
export class FilesSession implements Disposable {
  readonly #states = new Emitter<FilesState>();
  #spec: FilesSpec;
  #state: FilesState;
  #read: ReadFiles | undefined;
  #view: FilesView | undefined;
  #work = new AbortController();
  #done: Promise<void> = Promise.resolve();

  constructor(
    private readonly services: FilesServices,
    spec: FilesSpec,
  ) {
    this.#spec = spec;
    this.#state = { kind: 'loading', what: 'Reading', done: 0, total: 0, restore: spec };
  }

  readonly onState = this.#states.on;

  get state(): FilesState {
    return this.#state;
  }

  get spec(): FilesSpec {
    return this.#spec;
  }

  /** Resolves when nothing is under way any more. */
  async settled(): Promise<void> {
    let done;
    do {
      done = this.#done;
      await done;
    } while (done !== this.#done);
  }

  /** Reads both files anew; what is shown stays until then. */
  refresh(): Promise<void> {
    return this.#start(signal => this.#load(signal));
  }

  act(action: PageAction): void {
    switch (action.kind) {
      case 'readAgain':
        void this.refresh();
        return;
      case 'setTolerance':
        this.#spec = { ...this.#spec, tolerance: action.tolerance };
        break;
      case 'swap':
        this.#spec = { ...this.#spec, a: this.#spec.b, b: this.#spec.a };
        this.#read = this.#read && swapped(this.#read);
    }
    void this.#start(signal =>
      this.#read ? this.#compare(this.#read, signal) : this.#load(signal),
    );
  }

  dispose(): void {
    this.#work.abort();
    this.#states.dispose();
  }

  /** Newest wins. */
  #start(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#work.abort();
    const { signal } = (this.#work = new AbortController());
    if (this.#view) this.#show({ ...this.#view, busy: true });
    const before = this.#done;
    this.#done = before.then(() => (signal.aborted ? undefined : work(signal)));
    return this.#done;
  }

  async #load(signal: AbortSignal): Promise<void> {
    const { a, b } = this.#spec;
    const first = await this.#readOne(a, signal);
    if (!first.ok) {
      this.#fail(first.problem, signal);
      return;
    }
    const second = await this.#readOne(b, signal);
    if (!second.ok) {
      this.#fail(second.problem, signal);
      return;
    }
    const folds = await this.#folds(first.value, second.value, signal);
    if (!folds) return;
    this.#read = { a: first.value, b: second.value, folds };
    await this.#compare(this.#read, signal);
  }

  /** Weights are read where layers have no partner only. */
  #folds(a: ReadFile, b: ReadFile, signal: AbortSignal): Promise<Folds | undefined> {
    const [fileA, fileB] = [
      { uri: this.#spec.a, tensors: a.tensors },
      { uri: this.#spec.b, tensors: b.tensors },
    ];
    const files = {
      ofA: foldFiles(fileA, fileB, this.services, signal),
      ofB: foldFiles(fileB, fileA, this.services, signal),
    };
    return findFoldsBetween(a.layers, b.layers, files, signal);
  }

  #readOne(uri: string, signal: AbortSignal): Promise<Result<ReadFile>> {
    const what = `Reading ${baseName(uri)}`;
    const progress = (done: number, total: number): void => {
      // What is shown stays while it is read again.
      if (this.#view || signal.aborted) return;
      this.#tell({ kind: 'loading', what, done, total, restore: this.#spec });
    };
    progress(0, 0);
    return readFile(uri, this.services.files, progress, signal);
  }

  async #compare({ a, b, folds }: ReadFiles, signal: AbortSignal): Promise<void> {
    const { tolerance } = this.#spec;
    const compared = await compareStatements(a.layers, b.layers, { tolerance, folds }, signal);
    if (!compared || isAborted(signal)) return;
    this.#show({
      a: this.#side(this.#spec.a, a),
      b: this.#side(this.#spec.b, b),
      tolerance,
      ...describeFiles(compared, [...a.problems, ...b.problems], tolerance),
      busy: false,
      problem: null,
    });
  }

  #side(uri: string, { layers, problems }: ReadFile): FilesView['a'] {
    return {
      name: baseName(uri),
      place: this.services.place(uri),
      layers: layers.length + problems.length,
    };
  }

  #fail(problem: Problem, signal: AbortSignal): void {
    if (signal.aborted) return;
    // What was read before is worth more than an empty page.
    if (this.#view) {
      this.#show({ ...this.#view, busy: false, problem });
      return;
    }
    const title = filesTitle(this.#spec);
    this.#tell({ kind: 'failed', title, problem, restore: this.#spec });
  }

  #show(view: FilesView): void {
    this.#view = view;
    this.#tell({ kind: 'ready', view, restore: this.#spec });
  }

  #tell(state: FilesState): void {
    this.#state = state;
    this.#states.fire(state);
  }
}

function swapped({ a, b, folds }: ReadFiles): ReadFiles {
  return { a: b, b: a, folds: { ofA: folds.ofB, ofB: folds.ofA } };
}
