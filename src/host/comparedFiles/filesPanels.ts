import * as vscode from 'vscode';
import type { FilesSpec, FilesState } from '../../protocol/comparedFiles';
import type { ComparePanels } from '../compare/comparePanels';
import { layerSide } from '../compare/compareSpec';
import type { Disposable } from '../lifecycle';
import { panelHtml, panelResourceRoots } from '../panel/panelHtml';
import { FilesPanel } from './filesPanel';
import { FilesSession, type FilesServices } from './filesSession';
import { comparedFilesViewType, filesTitle } from './filesSpec';

/** What the pages of two files are made with. */
export interface FilesPageServices extends Pick<FilesServices, 'files' | 'engine'> {
  readonly extension: vscode.Uri;
  readonly comparisons: Pick<ComparePanels, 'open'>;
  /** Where a file is, for a person. */
  readonly describe: (uri: string) => string;
  readonly log: (error: unknown) => void;
}

/** Opens and restores the pages that compare two checkpoints; loaded with the first of them. */
export class FilesPanels implements Disposable {
  readonly #pages = new Set<FilesPanel>();

  constructor(private readonly services: FilesPageServices) {}

  /** @returns what the page shows once both are read */
  async open(spec: FilesSpec): Promise<FilesState> {
    const { Active } = vscode.ViewColumn;
    const panel = vscode.window.createWebviewPanel(comparedFilesViewType, '', Active);
    const { session } = this.attach(panel, spec);
    await session.settled();
    return session.state;
  }

  attach(panel: vscode.WebviewPanel, spec: FilesSpec): FilesPanel {
    const { extension, files, engine, describe, log } = this.services;
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: panelResourceRoots(extension),
    };
    const session = new FilesSession({ files, engine, place: describe }, spec);
    const page = new FilesPanel(panel, session, {
      log,
      openPair: (a, b) => this.#openPair(session.spec, a, b),
      copyReport: text => void copyText(text),
    });
    this.#pages.add(page);
    panel.title = filesTitle(spec);
    panel.iconPath = {
      light: vscode.Uri.joinPath(extension, 'media', 'icons', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(extension, 'media', 'icons', 'panel-dark.svg'),
    };
    panel.webview.html = panelHtml(panel.webview, extension, 'comparedFiles');
    panel.onDidDispose(() => {
      page.dispose();
      this.#pages.delete(page);
    });
    void session.refresh().catch(log);
    return page;
  }

  dispose(): void {
    for (const page of this.#pages) page.dispose();
    this.#pages.clear();
  }

  #openPair(spec: FilesSpec, a: string, b: string): void {
    this.services.comparisons.open({
      a: layerSide(spec.a, a),
      b: layerSide(spec.b, b),
      tolerance: spec.tolerance,
    });
  }
}

async function copyText(text: string): Promise<void> {
  await vscode.env.clipboard.writeText(text);
  vscode.window.setStatusBarMessage('$(check) The report is on the clipboard', 4000);
}
