import type * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import {
  cancelled,
  connect,
  protocolVersion,
  serve,
  type Api,
  type Client,
  type Handlers,
} from '../../protocol/rpc';
import { DisposableStore, type Disposable } from '../lifecycle';
import { parseReady } from './parsePanelAction';
import { webviewPort } from './webviewPort';

/**
 * The connection to the page in a webview. A hidden page is gone (nothing is retained), so only one that
 * has said that it is there is told anything; coming back, it asks for everything again.
 */
export class WebviewPage<Host extends Api, View extends Api> implements Disposable {
  readonly #store = new DisposableStore();
  readonly #client: Client<View>;
  #listening = false;

  /**
   * @param handlers what the page may ask; `ready` is answered through `greet`
   * @param log told of what was not expected
   */
  constructor(panel: vscode.WebviewPanel, handlers: Handlers<Host>, log: (error: unknown) => void) {
    const port = webviewPort(panel.webview);
    const client = connect<View>(port, { log });
    this.#client = client.api;
    this.#store.onDispose(() => client.close(cancelled));
    this.#store.onDispose(serve<Host>(port, handlers, { log }));
    this.#store.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#listening = false;
      }),
    );
  }

  /** The page, while there is one that listens. */
  get listening(): Client<View> | undefined {
    return this.#listening ? this.#client : undefined;
  }

  /** Checks a page's first message; from then on it is told what happens. */
  greet(greeting: unknown): Result<null> {
    const parsed = parseReady(greeting);
    if (!parsed.ok) return parsed;
    if (parsed.value.version !== protocolVersion) {
      return fail(
        'version-mismatch',
        'This page was made by another version of Normscope: reload the window to bring them together.',
      );
    }
    this.#listening = true;
    return ok(null);
  }

  dispose(): void {
    this.#store.dispose();
  }
}
