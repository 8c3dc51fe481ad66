import type * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import type { PanelAction, PanelHostApi, PanelState, PanelViewApi } from '../../protocol/panel';
import {
  cancelled,
  connect,
  protocolVersion,
  serve,
  type Client,
  type Handlers,
} from '../../protocol/rpc';
import type { InspectionSession } from '../inspection/session';
import { DisposableStore, type Disposable } from '../lifecycle';
import { parsePanelAction, parseReady, parseRowsRequest } from './parsePanelAction';
import { webviewPort } from './webviewPort';

/** What a page asks of the host beyond its inspection. */
export interface PanelRequests {
  /** Told of what was not expected. */
  readonly log: (error: unknown) => void;
  reveal(session: InspectionSession): void;
  run(
    action: Extract<PanelAction, { kind: 'command' }>,
    session: InspectionSession | undefined,
  ): void;
  drop(addresses: readonly string[]): void;
}

/**
 * One page and the inspection it shows. A hidden page is gone (nothing is retained), so states are only
 * sent to one that has said that it is there; coming back, it asks for the state again.
 */
export class InspectionPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #session: InspectionSession | undefined;
  readonly #requests: PanelRequests;
  readonly #page: Client<PanelViewApi>;
  #listening = false;

  constructor(
    readonly panel: vscode.WebviewPanel,
    session: InspectionSession | undefined,
    requests: PanelRequests,
  ) {
    this.#session = session;
    this.#requests = requests;
    const port = webviewPort(panel.webview);
    const log = requests.log;
    const client = connect<PanelViewApi>(port, { log });
    this.#page = client.api;
    this.#store.onDispose(() => client.close(cancelled));
    this.#store.onDispose(serve<PanelHostApi>(port, this.#handlers(), { log }));
    this.#store.add(
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#listening = false;
      }),
    );
    if (session) this.#store.add(session.onState(state => this.#show(state)));
  }

  get session(): InspectionSession | undefined {
    return this.#session;
  }

  dispose(): void {
    this.#store.dispose();
  }

  #handlers(): Handlers<PanelHostApi> {
    return {
      ready: greeting => this.#ready(greeting),
      act: action => this.#act(action),
      rows: request => {
        const parsed = parseRowsRequest(request);
        if (!parsed.ok) return parsed;
        return this.#session?.rows(parsed.value) ?? fail('nothing-open', 'There are no channels.');
      },
    };
  }

  #ready(greeting: unknown): Result<PanelState> {
    const parsed = parseReady(greeting);
    if (!parsed.ok) return parsed;
    if (parsed.value.version !== protocolVersion) {
      return fail(
        'version-mismatch',
        'This panel was made by another version of Normscope: reload the window to bring them together.',
      );
    }
    this.#listening = true;
    return ok(this.#session?.state ?? { kind: 'empty' });
  }

  async #act(message: unknown): Promise<Result<null>> {
    const parsed = parsePanelAction(message);
    if (!parsed.ok) return parsed;
    const action = parsed.value;
    if (action.kind === 'command') {
      this.#requests.run(action, this.#session);
      return ok(null);
    }
    if (action.kind === 'drop') {
      this.#requests.drop(action.addresses);
      return ok(null);
    }
    const session = this.#session;
    if (!session) return fail('nothing-open', 'Open a tensor first.');
    if (action.kind === 'revealSource') {
      this.#requests.reveal(session);
      return ok(null);
    }
    return session.act(action);
  }

  #show(state: PanelState): void {
    if (this.#listening) void this.#page.show(state);
  }
}
