import type {
  SeriesAction,
  SeriesHostApi,
  SeriesLayer,
  SeriesLines,
  SeriesState,
} from '../../src/protocol/series';
import type { Client } from '../../src/protocol/rpc';
import { ChartWidth } from '../charts/chartWidth';
import { PictureRequest } from '../pictures/request';
import { layersAtOnce, mostDrawn, type SeriesModel, type SeriesStore } from './store';

/** What the page of a series can do. */
export class SeriesController {
  readonly width: ChartWidth;
  readonly #lines: PictureRequest<readonly SeriesLines[]>;

  constructor(
    private readonly store: SeriesStore,
    private readonly host: Client<SeriesHostApi>,
    private readonly write: (state: unknown) => void,
  ) {
    this.width = new ChartWidth(() => store.update({}));
    this.#lines = new PictureRequest<readonly SeriesLines[]>(() => store.update({}));
  }

  show(state: SeriesState): void {
    this.store.update({ state });
    this.keep();
  }

  /** The layers that are drawn. */
  drawn({ state, layout }: SeriesModel): readonly SeriesLayer[] {
    return state?.layers.slice(0, layout.layers) ?? [];
  }

  /** Asks for what the charts draw, unless it is there. @returns the lines of a layer, once they are */
  linesOf(model: SeriesModel): (layer: string) => SeriesLines | undefined {
    const layers = this.drawn(model).map(({ name }) => name);
    if (layers.length > 0) {
      const key = JSON.stringify([model.state?.revision, layers]);
      this.#lines.ask(key, signal => this.host.lines({ layers }, { signal }));
    }
    return name => this.#lines.reply?.find(({ layer }) => layer === name);
  }

  showMore(): void {
    const { layers } = this.store.model.layout;
    this.store.updateLayout({ layers: Math.min(layers + layersAtOnce, mostDrawn) });
    this.keep();
  }

  async act(action: SeriesAction): Promise<void> {
    const result = await this.host.act(action);
    this.store.update({ problem: result.ok ? null : result.problem });
  }

  /** Writes what brings the page back after a reload. */
  private keep(): void {
    const { state, layout } = this.store.model;
    if (state) this.write({ restore: state.restore, ...layout });
  }
}
