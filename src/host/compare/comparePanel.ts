import type * as vscode from 'vscode';
import { ok, type Result } from '../../core/problem';
import type { CompareHostApi, CompareState, CompareViewApi } from '../../protocol/compare';
import type { Handlers } from '../../protocol/rpc';
import { isRecord } from '../guards';
import { DisposableStore, type Disposable } from '../lifecycle';
import { WebviewPage } from '../panel/webviewPage';
import { parseCellWindow, parseGrid } from '../pictures/slice';
import type { CompareSession } from './compareSession';
import {
  badMessage,
  parseChannelsRequest,
  parseCompareAction,
  parseSubject,
} from './parseCompareAction';

/** One page and the comparison it shows. */
export class ComparePanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #page: WebviewPage<CompareHostApi, CompareViewApi>;

  constructor(
    panel: vscode.WebviewPanel,
    private readonly session: CompareSession,
    log: (error: unknown) => void,
  ) {
    this.#page = this.#store.add(new WebviewPage(panel, this.#handlers(), log));
    this.#store.add(session.onState(state => void this.#page.listening?.show(state)));
  }

  dispose(): void {
    this.#store.dispose();
  }

  #handlers(): Handlers<CompareHostApi> {
    const { session } = this;
    return {
      ready: greeting => this.#ready(greeting),
      act: message => {
        const action = parseCompareAction(message);
        return action.ok ? session.act(action.value) : action;
      },
      cells: (request, signal) => {
        const fields: unknown = request;
        const [subject, cells] = isRecord(fields)
          ? [parseSubject(fields.subject), parseCellWindow(fields)]
          : [];
        return subject && cells ? session.cells({ subject, ...cells }, signal) : badMessage;
      },
      spread: (request, signal) => {
        const fields: unknown = request;
        const [subject, grid] = isRecord(fields)
          ? [parseSubject(fields.subject), parseGrid(fields.grid)]
          : [];
        return subject && grid ? session.spread({ subject, grid }, signal) : badMessage;
      },
      channels: request => {
        const parsed = parseChannelsRequest(request);
        return parsed.ok ? session.channels(parsed.value.start, parsed.value.count) : parsed;
      },
    };
  }

  #ready(greeting: unknown): Result<CompareState> {
    const greeted = this.#page.greet(greeting);
    return greeted.ok ? ok(this.session.state) : greeted;
  }
}
