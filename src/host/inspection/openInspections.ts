import { DisposableStore, Emitter, type Disposable } from '../lifecycle';
import { InspectionSession } from './session';
import type { KeptInspection, SessionServices } from './sessionServices';
import type { InspectionSource } from './source';

/** The inspections that are open, and which of them commands act on: the one looked at last. */
export class OpenInspections implements Disposable {
  readonly #services: SessionServices;
  readonly #open = new Map<InspectionSession, DisposableStore>();
  readonly #opened = new Emitter<InspectionSession>();
  readonly #changed = new Emitter<InspectionSession | undefined>();
  readonly #closed = new Emitter<InspectionSession>();
  /** In the order they were looked at, the latest last. */
  readonly #seen = new Set<InspectionSession>();
  #active: InspectionSession | undefined;

  constructor(services: SessionServices) {
    this.#services = services;
  }

  readonly onOpened = this.#opened.on;

  readonly onClosed = this.#closed.on;

  /** Fires when another inspection is the active one, and whenever the active one shows something new. */
  readonly onActiveChanged = this.#changed.on;

  get active(): InspectionSession | undefined {
    return this.#active;
  }

  get all(): readonly InspectionSession[] {
    return [...this.#open.keys()];
  }

  create(source: InspectionSource, kept?: KeptInspection): InspectionSession {
    const session = new InspectionSession(this.#services, source, kept);
    const owned = new DisposableStore();
    owned.add(session);
    owned.add(
      session.onState(() => {
        if (session === this.#active) this.#changed.fire(session);
      }),
    );
    this.#open.set(session, owned);
    this.#opened.fire(session);
    return session;
  }

  /** Lets go of something with the inspection. */
  own(session: InspectionSession, item: Disposable): void {
    const owned = this.#open.get(session);
    if (owned) owned.add(item);
    else item.dispose();
  }

  activate(session: InspectionSession): void {
    if (session === this.#active || !this.#open.has(session)) return;
    this.#active = session;
    this.#seen.delete(session);
    this.#seen.add(session);
    this.#changed.fire(session);
  }

  close(session: InspectionSession): void {
    this.#open.get(session)?.dispose();
    this.#open.delete(session);
    this.#seen.delete(session);
    this.#closed.fire(session);
    if (session !== this.#active) return;
    this.#active = [...this.#seen].at(-1) ?? [...this.#open.keys()].at(-1);
    this.#changed.fire(this.#active);
  }

  dispose(): void {
    for (const owned of this.#open.values()) owned.dispose();
    this.#open.clear();
    this.#opened.dispose();
    this.#closed.dispose();
    this.#changed.dispose();
  }
}
