import * as vscode from 'vscode';
import { isRecord } from '../guards';
import { DisposableStore, type Disposable } from '../lifecycle';

/** What shows pages of one kind. */
export interface Pages<Kept, State> extends Disposable {
  /** @returns what the page shows once all of it was read */
  open(kept: Kept): Promise<State>;
  /** Fills a panel that has come back. */
  attach(panel: vscode.WebviewPanel, kept: Kept): unknown;
}

/** How a kind of page is loaded and restored. */
export interface PageKind<Kept, State> {
  readonly viewType: string;
  /** Reads back what a page kept; undefined for anything unexpected. */
  readonly parse: (restore: unknown) => Kept | undefined;
  readonly load: () => Promise<Pages<Kept, State>>;
}

/** Loads what shows pages of one kind with the first of them, and brings them back after a reload of the window. */
export class LazyPages<Kept, State> implements vscode.WebviewPanelSerializer, Disposable {
  readonly #store = new DisposableStore();
  #loaded: Promise<Pages<Kept, State>> | undefined;

  constructor(private readonly kind: PageKind<Kept, State>) {
    this.#store.add(vscode.window.registerWebviewPanelSerializer(kind.viewType, this));
  }

  async open(kept: Kept): Promise<State> {
    return (await this.#load()).open(kept);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = isRecord(state) ? this.kind.parse(state.restore) : undefined;
    if (kept) (await this.#load()).attach(panel, kept);
    else panel.dispose();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #load(): Promise<Pages<Kept, State>> {
    return (this.#loaded ??= this.kind.load().then(pages => this.#store.add(pages)));
  }
}
