import type * as vscode from 'vscode';
import { fail, ok, type Result } from '../../core/problem';
import type {
  RecordingAction,
  RecordingHostApi,
  RecordingState,
  RecordingViewApi,
  SeriesReply,
} from '../../protocol/recording';
import type { Handlers } from '../../protocol/rpc';
import { isIndex, isRecord } from '../guards';
import { baseName } from '../inspection/source';
import { DisposableStore, type Disposable } from '../lifecycle';
import { WebviewPage } from '../panel/webviewPage';
import { pointsOf } from '../pictures/stepsRecordings';
import { recordingProblems, recordingSummary, seriesNotes } from './describeRecording';
import { RecordingShelf, type OpenRecordings } from './openRecordings';

/** What a page asks of the host beyond its recording. */
export interface RecordingRequests {
  /** Told of what was not expected. */
  readonly log: (error: unknown) => void;
  /** Where the file is, for a person. */
  describe(uri: string): string;
  hasInspection(): boolean;
  run(uri: string, action: Exclude<RecordingAction, { kind: 'readAgain' }>): void;
}

/** Layers that the page lists, at most. */
const mostLayers = 1000;

/** One page and the recording it follows. */
export class RecordingPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #shelf: RecordingShelf;
  readonly #page: WebviewPage<RecordingHostApi, RecordingViewApi>;

  constructor(
    panel: vscode.WebviewPanel,
    readonly uri: string,
    open: OpenRecordings,
    private readonly requests: RecordingRequests,
  ) {
    this.#shelf = this.#store.add(new RecordingShelf(open));
    this.#page = this.#store.add(new WebviewPage(panel, this.#handlers(), requests.log));
    this.#store.add(this.#shelf.onChanged(() => this.show()));
    void this.#shelf.keep([uri]);
  }

  get state(): RecordingState {
    const file = this.#shelf.get(this.uri);
    const layers = file?.reader.layers ?? [];
    return {
      title: baseName(this.uri),
      place: this.requests.describe(this.uri),
      loading: file?.loaded !== true,
      summary: file ? recordingSummary(file) : '',
      problems: file ? recordingProblems(file) : '',
      layers: layers.slice(0, mostLayers).map(layer => ({
        name: layer.name,
        convention: layer.convention,
        channels: layer.channels,
        lines: layer.lines,
        lastStep: layer.lastStepSeen,
        note: seriesNotes(layer),
      })),
      more: Math.max(0, layers.length - mostLayers),
      hasInspection: this.requests.hasInspection(),
      revision: this.#shelf.revision,
      restore: { uri: this.uri },
    };
  }

  /** Resolves when the file has been read once. */
  async loaded(): Promise<void> {
    await this.#shelf.keep([this.uri]);
  }

  show(): void {
    void this.#page.listening?.show(this.state);
  }

  dispose(): void {
    this.#store.dispose();
  }

  #handlers(): Handlers<RecordingHostApi> {
    return {
      ready: greeting => {
        const greeted = this.#page.greet(greeting);
        return greeted.ok ? ok(this.state) : greeted;
      },
      series: request => this.#series(request),
      act: action => this.#act(action),
    };
  }

  #series(request: unknown): Result<SeriesReply> {
    const { layer, channel } = isRecord(request) ? request : {};
    if (typeof layer !== 'string' || !isIndex(channel)) return unknownMessage;
    const series = this.#shelf.get(this.uri)?.reader.layer(layer);
    return ok({
      layer,
      channel,
      movingMean: pointsOf(series, 'movingMean', channel),
      movingVariance: pointsOf(series, 'movingVariance', channel),
      batchMean: pointsOf(series, 'batchMean', channel),
      batchVariance: pointsOf(series, 'batchVariance', channel),
    });
  }

  async #act(message: unknown): Promise<Result<null>> {
    const action = parseAction(message);
    if (action === undefined) return unknownMessage;
    if (action.kind === 'readAgain') await this.#shelf.get(this.uri)?.refresh();
    else this.requests.run(this.uri, action);
    return ok(null);
  }
}

const unknownMessage = fail(
  'bad-message',
  'The page sent a message that this version does not know: reload the window.',
);

function parseAction(value: unknown): RecordingAction | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, layer } = value;
  if (kind === 'openAsText' || kind === 'readAgain') return { kind };
  return kind === 'addToInspection' && typeof layer === 'string' ? { kind, layer } : undefined;
}
