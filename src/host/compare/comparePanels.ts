import * as vscode from 'vscode';
import { isRecord } from '../guards';
import type { SessionServices } from '../inspection/sessionServices';
import { DisposableStore, type Disposable } from '../lifecycle';
import { panelHtml, panelResourceRoots } from '../panel/panelHtml';
import {
  compareTitle,
  parseCompareSpec,
  type CompareChoice,
  type CompareSpec,
} from './compareSpec';
import { ComparePanel } from './comparePanel';
import { CompareSession } from './compareSession';

const compareViewType = 'normscope.compare';

/** Brings them back after a reload, and closes them with the extension. */
export function registerComparePanels(panels: ComparePanels): Disposable {
  const store = new DisposableStore();
  store.add(panels);
  store.add(vscode.window.registerWebviewPanelSerializer(compareViewType, panels));
  return store;
}

/** Opens and restores the panels that show two things beside each other. */
export class ComparePanels implements vscode.WebviewPanelSerializer, Disposable {
  /** What “Select for Compare” was chosen on last; for the life of the window. */
  selected: CompareChoice | undefined;
  readonly #open = new Set<vscode.WebviewPanel>();
  #active: CompareSession | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly services: SessionServices,
    private readonly log: (error: unknown) => void,
  ) {}

  /** The comparison that was looked at last. */
  get active(): CompareSession | undefined {
    return this.#active;
  }

  open(spec: CompareSpec): CompareSession {
    const panel = vscode.window.createWebviewPanel(
      compareViewType,
      compareTitle(spec),
      { viewColumn: vscode.ViewColumn.Active, preserveFocus: false },
      this.#options(),
    );
    return this.#attach(panel, spec);
  }

  /** Brings a panel back after a reload of the window: the page kept what it compares. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const spec = parseCompareSpec(isRecord(state) ? state.restore : undefined);
    panel.webview.options = this.#options();
    if (spec) this.#attach(panel, spec);
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    for (const panel of [...this.#open]) panel.dispose();
  }

  #options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: panelResourceRoots(this.extension) };
  }

  #attach(panel: vscode.WebviewPanel, spec: CompareSpec): CompareSession {
    const session = new CompareSession(this.services, spec);
    const page = new ComparePanel(panel, session, this.log);
    this.#open.add(panel);
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.extension, 'media', 'icons', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(this.extension, 'media', 'icons', 'panel-dark.svg'),
    };
    panel.webview.html = panelHtml(panel.webview, this.extension, 'compare');
    this.#active = session;
    panel.onDidChangeViewState(() => {
      if (panel.active) this.#active = session;
    });
    panel.onDidDispose(() => {
      this.#open.delete(panel);
      if (this.#active === session) this.#active = undefined;
      page.dispose();
      session.dispose();
    });
    void session.refresh();
    return session;
  }
}
