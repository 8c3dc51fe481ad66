import * as vscode from 'vscode';
import { isRecord } from '../guards';
import { baseName } from '../inspection/source';
import type { Disposable } from '../lifecycle';
import { panelHtml, panelResourceRoots } from '../panel/panelHtml';
import type { OpenRecordings } from './openRecordings';
import { RecordingPanel, type RecordingRequests } from './recordingPanel';

export const recordingViewType = 'normscope.recording';

/** Opens, reveals and restores the pages of recordings; each shows one file. */
export class RecordingPanels implements vscode.WebviewPanelSerializer, Disposable {
  readonly #pages = new Map<RecordingPanel, vscode.WebviewPanel>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly recordings: OpenRecordings,
    private readonly requests: RecordingRequests,
  ) {}

  /** Shows a file, in the page that has it already where one does. */
  open(uri: string): RecordingPanel {
    for (const [page, panel] of this.#pages) {
      if (page.uri !== uri) continue;
      if (!panel.active) panel.reveal();
      return page;
    }
    const panel = vscode.window.createWebviewPanel(
      recordingViewType,
      title(uri),
      vscode.ViewColumn.Active,
      this.#options(),
    );
    return this.#attach(panel, uri);
  }

  /** Brings a page back after a reload of the window. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const restore = isRecord(state) && isRecord(state.restore) ? state.restore : {};
    if (typeof restore.uri === 'string') {
      panel.webview.options = this.#options();
      this.#attach(panel, restore.uri);
    } else panel.dispose();
    return Promise.resolve();
  }

  /** Tells the pages that an inspection came or went. */
  tellInspections(): void {
    for (const page of this.#pages.keys()) page.show();
  }

  dispose(): void {
    for (const page of this.#pages.keys()) page.dispose();
    this.#pages.clear();
  }

  #options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: panelResourceRoots(this.extension) };
  }

  #attach(panel: vscode.WebviewPanel, uri: string): RecordingPanel {
    const page = new RecordingPanel(panel, uri, this.recordings, this.requests);
    this.#pages.set(page, panel);
    panel.title = title(uri);
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extension, 'media', 'icons', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(this.extension, 'media', 'icons', 'panel-dark.svg'),
    };
    panel.webview.html = panelHtml(panel.webview, this.extension, 'recording');
    panel.onDidDispose(() => {
      page.dispose();
      this.#pages.delete(page);
    });
    return page;
  }
}

function title(uri: string): string {
  return `Recording: ${baseName(uri)}`;
}
