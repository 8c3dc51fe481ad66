import type * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import type { Drawing } from '../../protocol/drawing';
import type { PanelAction, PanelHostApi, PanelState, PanelViewApi } from '../../protocol/panel';
import type { Handlers } from '../../protocol/rpc';
import type { InspectionSession } from '../inspection/session';
import { DisposableStore, type Disposable } from '../lifecycle';
import { pictureHandlers } from '../pictures/handlers';
import { RecordingShelf, type OpenRecordings } from '../recordings/openRecordings';
import { parsePanelAction, parseRowsRequest } from './parsePanelAction';
import { WebviewPage } from './webviewPage';

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
  /** Where the recordings that a page draws are followed. */
  readonly recordings: OpenRecordings;
}

/** One page and the inspection it shows. */
export class InspectionPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #session: InspectionSession | undefined;
  readonly #requests: PanelRequests;
  readonly #page: WebviewPage<PanelHostApi, PanelViewApi>;
  readonly #shelf: RecordingShelf;

  constructor(
    readonly panel: vscode.WebviewPanel,
    session: InspectionSession | undefined,
    requests: PanelRequests,
  ) {
    this.#session = session;
    this.#requests = requests;
    this.#shelf = this.#store.add(new RecordingShelf(requests.recordings));
    this.#page = this.#store.add(new WebviewPage(panel, this.#handlers(), requests.log));
    if (session) this.#store.add(session.onState(() => this.#show()));
    this.#store.add(this.#shelf.onChanged(() => this.#show()));
  }

  get session(): InspectionSession | undefined {
    return this.#session;
  }

  /** The picture that the page shows, as a file. */
  drawing(): Promise<Result<Drawing>> {
    const page = this.#page.listening;
    return page
      ? page.drawing(null)
      : Promise.resolve(
          fail('page-hidden', 'The panel is hidden: show it, then export its picture.'),
        );
  }

  dispose(): void {
    this.#store.dispose();
  }

  #show(): void {
    void this.#page.listening?.show(this.#state());
  }

  /** What the session shows, with the state of the page's own recordings. */
  #state(): PanelState {
    const state = this.#session?.state ?? { kind: 'empty' };
    if (state.kind !== 'ready') return state;
    const { pictures } = state.view;
    const revision = { ...pictures.revision, recordings: this.#shelf.revision };
    return { ...state, view: { ...state.view, pictures: { ...pictures, revision } } };
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
      ...pictureHandlers(this.#session?.tensors, this.#shelf),
    };
  }

  #ready(greeting: unknown): Result<PanelState> {
    const greeted = this.#page.greet(greeting);
    return greeted.ok ? ok(this.#state()) : greeted;
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
    if (action.kind === 'revealSource') this.#requests.reveal(session);
    else if (action.kind === 'readAgain') void session.refresh();
    else if (action.kind === 'cancelReading') session.cancelReading();
    else return session.act(action);
    return ok(null);
  }
}
