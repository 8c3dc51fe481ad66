import type * as vscode from 'vscode';
import { assertNever, fail, ok, type Result } from '../../core/problem';
import type { Handlers } from '../../protocol/rpc';
import type {
  SeriesAction,
  SeriesHostApi,
  SeriesLines,
  SeriesMember,
  SeriesOrigin,
  SeriesState,
  SeriesViewApi,
} from '../../protocol/series';
import { isIndex, isRecord } from '../guards';
import { DisposableStore, Throttle, type Disposable } from '../lifecycle';
import { WebviewPage } from '../panel/webviewPage';
import type { CheckpointSeries } from './checkpointSeries';
import {
  dateText,
  describeLayer,
  orderSentence,
  someNotes,
  verdictOf,
  type MemberTimes,
} from './describeSeries';
import { linesOf } from './seriesLines';

/** What a page asks of the host beyond its series. */
export interface SeriesRequests {
  /** Told of what was not expected. */
  readonly log: (error: unknown) => void;
  /** Shows a checkpoint. */
  readonly open: (uri: string) => void;
}

/** What a series is called, and where it is. */
export interface SeriesPlace {
  readonly origin: SeriesOrigin;
  readonly title: string;
  /** For a person. */
  readonly place: string;
}

/** Layers that the page lists, at most. */
const mostLayers = 2000;

/** Layers whose lines are asked for at once, at most. */
const mostLines = 200;

/** Milliseconds between two states that only tell how far reading is. */
const showEvery = 100;

/** One page and the series that it shows. */
export class SeriesPanel implements Disposable {
  readonly #store = new DisposableStore();
  readonly #page: WebviewPage<SeriesHostApi, SeriesViewApi>;

  constructor(
    panel: vscode.WebviewPanel,
    readonly at: SeriesPlace,
    readonly series: CheckpointSeries,
    private readonly requests: SeriesRequests,
  ) {
    this.#store.add(series);
    this.#page = this.#store.add(new WebviewPage(panel, this.#handlers(), requests.log));
    const show = this.#store.add(new Throttle(() => this.#show(), showEvery));
    this.#store.add(series.onChanged(() => show.run()));
    void series.read().catch(requests.log);
  }

  get state(): SeriesState {
    const { reading, order, steps, examined, notes } = this.series.view;
    const times = this.#times;
    const drawn = examined?.members ?? [];
    const layers = examined?.layers ?? [];
    return {
      title: this.at.title,
      place: this.at.place,
      reading,
      notes: [
        ...(order ? [orderSentence(order, drawn.length)] : []),
        ...(examined?.areRanks === true ? [ranks] : []),
        ...someNotes(notes),
      ].filter(note => note !== ''),
      verdict: examined && drawn.length > 0 ? verdictOf(examined, times) : null,
      members: this.#members,
      xLabel: steps ? 'step' : 'checkpoint',
      x: steps ?? drawn.map((_, i) => i + 1),
      layers: layers.slice(0, mostLayers).map(layer => describeLayer(layer, times)),
      more: Math.max(0, layers.length - mostLayers),
      revision: this.series.revision,
      restore: this.at.origin,
    };
  }

  dispose(): void {
    this.#store.dispose();
  }

  get #times(): MemberTimes {
    const { steps, order, examined } = this.series.view;
    return (examined?.members ?? []).map(({ member }, i) => {
      if (steps) return `step ${steps[i] ?? ''}`;
      return order?.by === 'date' ? dateText(member.changed) : member.name;
    });
  }

  get #members(): readonly SeriesMember[] {
    const { examined, leftOut } = this.series.view;
    const times = this.#times;
    return [
      ...(examined?.members ?? []).map(({ member }, i) => ({
        name: member.name,
        at: times[i] ?? '',
        problem: '',
        bad: examined?.layers.filter(({ found }) => (found[i]?.length ?? 0) > 0).length ?? 0,
      })),
      ...leftOut.map(({ member, reason }) => ({
        name: member.name,
        at: dateText(member.changed),
        problem: reason,
        bad: 0,
      })),
    ];
  }

  #show(): void {
    void this.#page.listening?.show(this.state);
  }

  #handlers(): Handlers<SeriesHostApi> {
    return {
      ready: greeting => {
        const greeted = this.#page.greet(greeting);
        return greeted.ok ? ok(this.state) : greeted;
      },
      lines: request => this.#lines(request),
      act: message => {
        const action = parseAction(message);
        if (action === undefined) return unknownMessage;
        this.#act(action);
        return ok(null);
      },
    };
  }

  #lines(request: unknown): Result<readonly SeriesLines[]> {
    const { layers } = isRecord(request) ? request : {};
    if (!Array.isArray(layers) || layers.length > mostLines) return unknownMessage;
    const names = new Set<unknown>(layers);
    const asked = (this.series.view.examined?.layers ?? []).filter(({ name }) => names.has(name));
    return ok(asked.map(linesOf));
  }

  #act(action: SeriesAction): void {
    switch (action.kind) {
      case 'readAgain':
        void this.series.read().catch(this.requests.log);
        return;
      case 'stop':
        this.series.stop();
        return;
      case 'openMember': {
        const { examined, leftOut } = this.series.view;
        const all = [...(examined?.members ?? []), ...leftOut];
        const uri = all[action.member]?.member.uri;
        if (uri !== undefined) this.requests.open(uri);
        return;
      }
      default:
        assertNever(action);
    }
  }
}

const ranks =
  'By their names or their counts these are ranks of one step, and no series: findings compare them as such.';

const unknownMessage = fail(
  'bad-message',
  'The page sent a message that this version does not know: reload the window.',
);

function parseAction(value: unknown): SeriesAction | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, member } = value;
  if (kind === 'readAgain' || kind === 'stop') return { kind };
  return kind === 'openMember' && isIndex(member) ? { kind, member } : undefined;
}
