import type * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import {
  cancelled,
  connect,
  protocolVersion,
  serve,
  type Client,
  type Handlers,
} from '../../protocol/rpc';
import type {
  FileAction,
  FileHostApi,
  FileItem,
  FileState,
  FileViewApi,
} from '../../protocol/tensorFile';
import { DisposableStore, type Disposable } from '../lifecycle';
import { parseReady } from '../panel/parsePanelAction';
import { webviewPort } from '../panel/webviewPort';
import { parseFileAction } from './parseFileAction';
import type { TensorFileSession } from './tensorFileSession';

/** What a page asks of the host beyond its file. */
export interface FilePageRequests {
  /** Told of what was not expected. */
  readonly log: (error: unknown) => void;
  /** Does what opens, copies or reveals something. */
  run(session: TensorFileSession, action: FileAction): Promise<Result<null>>;
}

/** One page and the tensor file it shows. A hidden page is gone; coming back, it asks for everything again. */
export class TensorFilePanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #page: Client<FileViewApi>;
  #listening = false;
  /** A row to go to as soon as there is a page. */
  #revealing: FileItem | undefined;

  constructor(
    panel: vscode.WebviewPanel,
    readonly session: TensorFileSession,
    private readonly requests: FilePageRequests,
  ) {
    const port = webviewPort(panel.webview);
    const { log } = requests;
    const client = connect<FileViewApi>(port, { log });
    this.#page = client.api;
    this.#store.onDispose(() => client.close(cancelled));
    this.#store.onDispose(serve<FileHostApi>(port, this.#handlers(), { log }));
    this.#store.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#listening = false;
      }),
    );
    this.#store.add(
      session.onState(state => {
        if (this.#listening) void this.#page.show(state);
      }),
    );
    this.#store.add(
      session.onHealth(update => {
        if (this.#listening) void this.#page.health(update);
      }),
    );
  }

  /** Moves the page to a row, now or when it is there. */
  reveal(item: FileItem): void {
    if (this.#listening) void this.#page.reveal(item);
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
    const parsed = parseReady(greeting);
    if (!parsed.ok) return parsed;
    if (parsed.value.version !== protocolVersion) {
      return fail(
        'version-mismatch',
        'This page was made by another version of Normscope: reload the window to bring them together.',
      );
    }
    this.#listening = true;
    const item = this.#revealing;
    this.#revealing = undefined;
    if (item) void this.#page.reveal(item);
    return ok(this.session.state);
  }

  #act(message: unknown): Promise<Result<null>> | Result<null> {
    const parsed = parseFileAction(message);
    if (!parsed.ok) return parsed;
    return this.requests.run(this.session, parsed.value);
  }
}
