import * as vscode from 'vscode';
import type { SeriesOrigin, SeriesState } from '../../protocol/series';
import { openTensorFile } from '../files/openResource';
import { baseName } from '../inspection/source';
import { Debouncer, DisposableStore, type Disposable } from '../lifecycle';
import { panelHtml, panelResourceRoots } from '../panel/panelHtml';
import { CheckpointSeries } from './checkpointSeries';
import { findMembers } from './findMembers';
import { seriesViewType } from './seriesOrigin';
import { SeriesPanel, type SeriesPlace } from './seriesPanel';
import type { ReadingServices } from './seriesReader';
import { watchOrigin } from './watchOrigin';

/** What the pages of series are made with. */
export interface SeriesServices extends ReadingServices {
  readonly extension: vscode.Uri;
  readonly log: (error: unknown) => void;
}

/** Opens, reveals and restores the pages of series; loaded with the first of them. */
export class SeriesPanels implements Disposable {
  readonly #pages = new Map<SeriesPanel, vscode.WebviewPanel>();

  constructor(private readonly services: SeriesServices) {}

  /** Shows a series, in the page that has it already where one does. @returns what it shows once it is read */
  async open(origin: SeriesOrigin): Promise<SeriesState> {
    const page = this.#showing(origin) ?? this.#create(origin);
    await page.series.settled();
    return page.state;
  }

  attach(panel: vscode.WebviewPanel, origin: SeriesOrigin): SeriesPanel {
    const at = placeOf(origin);
    const { extension, log } = this.services;
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: panelResourceRoots(extension),
    };
    const series = new CheckpointSeries(() => findMembers(origin), this.services);
    const open = (uri: string): void => void openTensorFile(vscode.Uri.parse(uri, true));
    const page = new SeriesPanel(panel, at, series, { log, open });
    this.#pages.set(page, panel);
    panel.title = `Series: ${at.title}`;
    panel.iconPath = {
      light: vscode.Uri.joinPath(extension, 'media', 'icons', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(extension, 'media', 'icons', 'panel-dark.svg'),
    };
    panel.webview.html = panelHtml(panel.webview, extension, 'series');
    const following = followOrigin(origin, series, log);
    panel.onDidDispose(() => {
      following.dispose();
      page.dispose();
      this.#pages.delete(page);
    });
    return page;
  }

  dispose(): void {
    for (const page of this.#pages.keys()) page.dispose();
    this.#pages.clear();
  }

  #showing(origin: SeriesOrigin): SeriesPanel | undefined {
    const key = JSON.stringify(origin);
    for (const [page, panel] of this.#pages) {
      if (JSON.stringify(page.at.origin) !== key) continue;
      if (!panel.active) panel.reveal();
      return page;
    }
    return undefined;
  }

  #create(origin: SeriesOrigin): SeriesPanel {
    const { Active } = vscode.ViewColumn;
    return this.attach(vscode.window.createWebviewPanel(seriesViewType, 'Series', Active), origin);
  }
}

/** Milliseconds after a write: a checkpoint comes in many of them. */
const followDelay = 1_000;

/** Takes in what a run goes on to write. */
function followOrigin(
  origin: SeriesOrigin,
  series: CheckpointSeries,
  log: (error: unknown) => void,
): Disposable {
  const store = new DisposableStore();
  const later = store.add(new Debouncer(() => void follow().catch(log)));
  const follow = async (): Promise<void> => {
    await series.follow();
    // A writer that is done tells nobody: it is looked at again until it has rested.
    if (series.isUnsettled(Date.now())) later.run(followDelay);
  };
  store.add(watchOrigin(origin, () => later.run(followDelay)));
  return store;
}

function placeOf(origin: SeriesOrigin): SeriesPlace {
  switch (origin.kind) {
    case 'folder': {
      const { fsPath } = vscode.Uri.parse(origin.uri, true);
      return { origin, title: baseName(origin.uri), place: fsPath };
    }
    case 'files': {
      const [first = ''] = origin.uris;
      const title = `${baseName(first)} and ${origin.uris.length - 1} more`;
      const folder = vscode.Uri.joinPath(vscode.Uri.parse(first, true), '..');
      return { origin, title, place: `${origin.uris.length} files, from ${folder.fsPath} on` };
    }
    case 'glob':
      return { origin, title: origin.pattern, place: `${origin.pattern} in the open folders` };
  }
}
