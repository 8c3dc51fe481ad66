import type * as vscode from 'vscode';
import { ok, type Result } from '../../core/problem';
import type { Handlers } from '../../protocol/rpc';
import type {
  FileAction,
  FileHostApi,
  FileItem,
  FileState,
  FileViewApi,
} from '../../protocol/tensorFile';
import { DisposableStore, type Disposable } from '../lifecycle';
import { WebviewPage } from '../panel/webviewPage';
import { parseFileAction } from './parseFileAction';
import type { TensorFileSession } from './tensorFileSession';

/** What a page asks of the host beyond its file. */
export interface FilePageRequests {
  /** Told of what was not expected. */
  readonly log: (error: unknown) => void;
  /** Does what opens, copies or reveals something. */
  run(session: TensorFileSession, action: FileAction): Promise<Result<null>>;
}

/** One page and the tensor file it shows. */
export class TensorFilePanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #page: WebviewPage<FileHostApi, FileViewApi>;
  /** A row to go to as soon as there is a page. */
  #revealing: FileItem | undefined;

  constructor(
    panel: vscode.WebviewPanel,
    readonly session: TensorFileSession,
    private readonly requests: FilePageRequests,
  ) {
    this.#page = this.#store.add(new WebviewPage(panel, this.#handlers(), requests.log));
    this.#store.add(session.onState(state => void this.#page.listening?.show(state)));
    this.#store.add(session.onHealth(update => void this.#page.listening?.health(update)));
  }

  /** Moves the page to a row, now or when it is there. */
  reveal(item: FileItem): void {
    const page = this.#page.listening;
    if (page) void page.reveal(item);
    else this.#revealing = item;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #handlers(): Handlers<FileHostApi> {
    return {
      ready: greeting => this.#ready(greeting),
      listing: () => this.session.listing(),
      health: () => ok(this.session.health()),
      act: message => this.#act(message),
    };
  }

  #ready(greeting: unknown): Result<FileState> {
    const greeted = this.#page.greet(greeting);
    if (!greeted.ok) return greeted;
    const item = this.#revealing;
    this.#revealing = undefined;
    if (item) this.reveal(item);
    return ok(this.session.state);
  }

  #act(message: unknown): Promise<Result<null>> | Result<null> {
    const parsed = parseFileAction(message);
    if (!parsed.ok) return parsed;
    return this.requests.run(this.session, parsed.value);
  }
}
