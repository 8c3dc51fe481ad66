import type {
  RecordingAction,
  RecordingHostApi,
  RecordingLayer,
  RecordingState,
  SeriesReply,
} from '../../src/protocol/recording';
import type { Client } from '../../src/protocol/rpc';
import { ChartWidth } from '../charts/chartWidth';
import { PictureRequest } from '../pictures/request';
import { parseNumber } from '../ui/parseNumber';
import type { RecordingModel, RecordingStore } from './store';

/** What the page of a recording can do. */
export class RecordingController {
  readonly width: ChartWidth;
  readonly series: PictureRequest<SeriesReply>;

  constructor(
    private readonly store: RecordingStore,
    private readonly host: Client<RecordingHostApi>,
    private readonly write: (state: unknown) => void,
  ) {
    this.width = new ChartWidth(() => store.update({}));
    this.series = new PictureRequest<SeriesReply>(() => store.update({}));
  }

  show(state: RecordingState): void {
    this.store.update({ state });
    this.keep();
  }

  /** The layer that is looked at; undefined where there is none yet. */
  layerOf({ state, layout }: RecordingModel): RecordingLayer | undefined {
    return state?.layers.find(({ name }) => name === layout.layer) ?? state?.layers[0];
  }

  /** Asks for what the charts draw, unless it is there. */
  ask(model: RecordingModel, layer: RecordingLayer): void {
    const channel = Math.min(model.layout.channel, layer.channels - 1);
    const key = JSON.stringify([model.state?.revision, layer.name, channel]);
    this.series.ask(key, signal => this.host.series({ layer: layer.name, channel }, { signal }));
  }

  selectLayer(layer: string): void {
    this.store.update({ problem: null });
    this.store.updateLayout({ layer });
    this.keep();
  }

  selectChannel(text: string, channels: number): void {
    const channel = parseNumber(text);
    if (channel === undefined || !Number.isInteger(channel) || channel < 0 || channel >= channels) {
      const message = `"${text}" is no channel: this layer has channels 0 to ${channels - 1}.`;
      this.store.update({ problem: { code: 'channel-out-of-range', severity: 'error', message } });
      return;
    }
    this.store.update({ problem: null });
    this.store.updateLayout({ channel });
    this.keep();
  }

  async act(action: RecordingAction): Promise<void> {
    const result = await this.host.act(action);
    this.store.update({ problem: result.ok ? null : result.problem });
  }

  /** Writes what brings the page back after a reload. */
  private keep(): void {
    const { state, layout } = this.store.model;
    if (state) this.write({ restore: state.restore, ...layout });
  }
}
