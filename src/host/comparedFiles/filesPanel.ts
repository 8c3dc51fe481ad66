import type * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import type {
  FilesAction,
  FilesHostApi,
  FilesState,
  FilesViewApi,
} from '../../protocol/comparedFiles';
import type { Handlers } from '../../protocol/rpc';
import { parseTolerance } from '../compare/compareSpec';
import { isIndex, isRecord } from '../guards';
import { DisposableStore, Throttle, type Disposable } from '../lifecycle';
import { WebviewPage } from '../panel/webviewPage';
import { filesReport } from './filesReport';
import type { FilesSession } from './filesSession';

/** What a page asks of the host beyond its session. */
export interface FilesRequests {
  /** Told of what was not expected. */
  readonly log: (error: unknown) => void;
  /** Shows two layers beside each other, by their names. */
  readonly openPair: (a: string, b: string) => void;
  readonly copyReport: (text: string) => void;
}

/** Milliseconds between two states that only tell how far reading is. */
const showEvery = 100;

/** One page and the two files that it compares. */
export class FilesPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #page: WebviewPage<FilesHostApi, FilesViewApi>;

  constructor(
    panel: vscode.WebviewPanel,
    readonly session: FilesSession,
    private readonly requests: FilesRequests,
  ) {
    this.#store.add(session);
    this.#page = this.#store.add(new WebviewPage(panel, this.#handlers(), requests.log));
    const show = this.#store.add(new Throttle(() => this.#show(), showEvery));
    this.#store.add(session.onState(() => show.run()));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #show(): void {
    void this.#page.listening?.show(this.session.state);
  }

  #handlers(): Handlers<FilesHostApi> {
    return {
      ready: greeting => this.#ready(greeting),
      act: message => {
        const action = parseAction(message);
        return action ? this.#act(action) : badMessage;
      },
    };
  }

  #ready(greeting: unknown): Result<FilesState> {
    const greeted = this.#page.greet(greeting);
    return greeted.ok ? ok(this.session.state) : greeted;
  }

  #act(action: FilesAction): Result<null> {
    const { state } = this.session;
    const view = state.kind === 'ready' ? state.view : undefined;
    switch (action.kind) {
      case 'openPair': {
        const { a, b } = view?.rows[action.row] ?? {};
        // What a page shows may be older than what is shown to it now.
        if (typeof a === 'string' && typeof b === 'string') this.requests.openPair(a, b);
        break;
      }
      case 'copyReport':
        if (view) this.requests.copyReport(filesReport(view));
        break;
      case 'readAgain':
      case 'setTolerance':
      case 'swap':
        this.session.act(action);
    }
    return ok(null);
  }
}

function parseAction(value: unknown): FilesAction | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, row } = value;
  if (kind === 'swap' || kind === 'readAgain' || kind === 'copyReport') return { kind };
  if (kind === 'openPair') return isIndex(row) ? { kind, row } : undefined;
  const tolerance = kind === 'setTolerance' ? parseTolerance(value.tolerance) : undefined;
  return tolerance && { kind: 'setTolerance', tolerance };
}

const badMessage = fail(
  'bad-message',
  'The page sent a message that this version does not know: reload the window.',
);
