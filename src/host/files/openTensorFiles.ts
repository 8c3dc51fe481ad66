import { Emitter, type Disposable } from '../lifecycle';
import { TensorFileSession, type FileServices } from './tensorFileSession';

/** The tensor files that are open in an editor, and which of them commands act on. */
export class OpenTensorFiles implements Disposable {
  readonly #services: FileServices;
  readonly #sessions = new Map<string, { readonly session: TensorFileSession; views: number }>();
  readonly #changed = new Emitter<undefined>();
  /** In the order they were looked at, the latest last. */
  readonly #seen = new Set<TensorFileSession>();
  #active: TensorFileSession | undefined;

  constructor(services: FileServices) {
    this.#services = services;
  }

  /** Fires when a file is opened or closed, becomes the active one, is listed anew or cannot be, or has another row selected. */
  readonly onChanged = this.#changed.on;

  /** The one looked at last. */
  get active(): TensorFileSession | undefined {
    return this.#active;
  }

  get all(): readonly TensorFileSession[] {
    return [...this.#sessions.values()].map(({ session }) => session);
  }

  find(uri: string): TensorFileSession | undefined {
    return this.#sessions.get(uri)?.session;
  }

  /** One session a file, however many editors show it; each `open` needs its `close`. */
  open(uri: string): TensorFileSession {
    const known = this.#sessions.get(uri);
    if (known) {
      known.views++;
      return known.session;
    }
    const session = new TensorFileSession(this.#services, uri);
    this.#sessions.set(uri, { session, views: 1 });
    session.onState(state => {
      if (state.kind !== 'loading') this.#changed.fire(undefined);
    });
    session.onSelected(() => this.#changed.fire(undefined));
    this.#changed.fire(undefined);
    return session;
  }

  activate(session: TensorFileSession): void {
    this.#active = session;
    this.#seen.delete(session);
    this.#seen.add(session);
    this.#changed.fire(undefined);
  }

  close(session: TensorFileSession): void {
    const known = this.#sessions.get(session.uri);
    if (!known || --known.views > 0) return;
    this.#sessions.delete(session.uri);
    this.#seen.delete(session);
    session.dispose();
    if (session === this.#active) this.#active = [...this.#seen].at(-1) ?? this.all.at(-1);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    for (const { session } of this.#sessions.values()) session.dispose();
    this.#sessions.clear();
    this.#changed.dispose();
  }
}
