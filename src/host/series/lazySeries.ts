import * as vscode from 'vscode';
import type { SeriesOrigin, SeriesState } from '../../protocol/series';
import { isRecord } from '../guards';
import { DisposableStore, type Disposable } from '../lifecycle';
import { parseOrigin, seriesViewType } from './seriesOrigin';
import type { SeriesPanels, SeriesServices } from './seriesPanels';

/** Loads what shows series of checkpoints with the first of them. */
export class LazySeries implements vscode.WebviewPanelSerializer, Disposable {
  readonly #store = new DisposableStore();
  #loaded: Promise<SeriesPanels> | undefined;

  constructor(private readonly services: SeriesServices) {
    this.#store.add(vscode.window.registerWebviewPanelSerializer(seriesViewType, this));
  }

  async open(origin: SeriesOrigin): Promise<SeriesState> {
    return (await this.#load()).open(origin);
  }

  /** Brings a page back after a reload of the window. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const origin = isRecord(state) ? parseOrigin(state.restore) : undefined;
    if (origin) (await this.#load()).attach(panel, origin);
    else panel.dispose();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #load(): Promise<SeriesPanels> {
    return (this.#loaded ??= import('./seriesPanels').then(({ SeriesPanels: Panels }) =>
      this.#store.add(new Panels(this.services)),
    ));
  }
}
