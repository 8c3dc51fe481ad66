import * as vscode from 'vscode';
import { fail, type Result } from '../../core/problem';
import type { Drawing } from '../../protocol/drawing';
import { followChanges } from '../inspection/follower';
import type { OpenInspections } from '../inspection/openInspections';
import type { InspectionSession } from '../inspection/session';
import {
  isLayerSource,
  sameSource,
  shortName,
  sourceTitle,
  type InspectionSource,
} from '../inspection/source';
import { revealSource } from '../inspection/revealSource';
import type { Disposable } from '../lifecycle';
import { openDropped } from '../files/openResource';
import { InspectionPanel, type PanelRequests } from './inspectionPanel';
import { panelHtml, panelResourceRoots } from './panelHtml';
import type { SavedInspections } from './savedInspections';

export const panelViewType = 'normscope.panel';

/** Opens, reveals and restores the panels; each shows one inspection. */
export class InspectionPanels implements vscode.WebviewPanelSerializer, Disposable {
  readonly #extension: vscode.Uri;
  readonly #inspections: OpenInspections;
  readonly #saved: SavedInspections;
  readonly #panels = new Set<InspectionPanel>();
  readonly #requests: PanelRequests;
  #ending = false;
  #emptyInFront = false;

  constructor(
    extension: vscode.Uri,
    inspections: OpenInspections,
    saved: SavedInspections,
    { log, recordings }: Pick<PanelRequests, 'log' | 'recordings'>,
  ) {
    this.#extension = extension;
    this.#inspections = inspections;
    this.#saved = saved;
    this.#requests = {
      log,
      recordings,
      reveal: session => void revealSource(session.source),
      run: ({ command }, session) => {
        // A click may come before the news that its panel is the active one now.
        if (session) this.#inspections.activate(session);
        void vscode.commands.executeCommand(`normscope.${command}`);
      },
      drop: addresses => void openDropped(this, addresses),
    };
  }

  /** Shows a source beside the editor: in the panel that has it already, else in a new one. */
  open(source: InspectionSource): InspectionSession {
    const existing = this.#inspections.all.find(session => sameSource(session.source, source));
    if (existing) {
      // The same layer, perhaps over another input.
      if (isLayerSource(source)) existing.moveSource(source);
      this.#inspections.activate(existing);
      this.reveal(existing);
      void existing.refresh();
      return existing;
    }
    const empty = [...this.#panels].find(({ session }) => !session);
    const column = empty?.panel.viewColumn ?? vscode.ViewColumn.Beside;
    const session = this.#inspections.create(source);
    const panel = vscode.window.createWebviewPanel(
      panelViewType,
      panelTitle(source),
      { viewColumn: column, preserveFocus: false },
      this.#options(),
    );
    this.#attach(panel, session);
    this.#inspections.activate(session);
    empty?.panel.dispose();
    return session;
  }

  reveal(session: InspectionSession): void {
    this.#panelOf(session)?.panel.reveal();
  }

  /** The picture in a session's panel, as a file. */
  drawing(session: InspectionSession): Promise<Result<Drawing>> {
    const panel = this.#panelOf(session);
    if (panel) return panel.drawing();
    return Promise.resolve(fail('page-hidden', 'The inspection has no panel to draw in.'));
  }

  /** Brings a panel back after a reload of the window. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const kept = this.#saved.find(state);
    panel.webview.options = this.#options();
    this.#attach(panel, kept && this.#inspections.create(kept.saved.source, kept));
    return Promise.resolve();
  }

  dispose(): void {
    // The window or the extension ends: what is open comes back with it, so nothing is forgotten.
    this.#ending = true;
    for (const panel of this.#panels) panel.dispose();
    this.#panels.clear();
  }

  #options(): vscode.WebviewOptions {
    return { enableScripts: true, localResourceRoots: panelResourceRoots(this.#extension) };
  }

  #attach(panel: vscode.WebviewPanel, session: InspectionSession | undefined): void {
    const attached = new InspectionPanel(panel, session, this.#requests);
    this.#panels.add(attached);
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.#extension, 'media', 'icons', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(this.#extension, 'media', 'icons', 'panel-dark.svg'),
    };
    panel.webview.html = panelHtml(panel.webview, this.#extension);
    panel.onDidDispose(() => {
      attached.dispose();
      this.#panels.delete(attached);
      this.#tellEmpty();
      if (!session) return;
      this.#inspections.close(session);
      if (!this.#ending) this.#saved.forget(session);
    });
    panel.onDidChangeViewState(() => this.#tellEmpty());
    this.#tellEmpty();
    if (!session) return;
    panel.title = panelTitle(session.source);
    this.#inspections.own(session, this.#saved.keep(session));
    this.#inspections.own(session, followChanges(session));
    this.#inspections.own(session, session.onNotice(tellInPassing));
    panel.onDidChangeViewState(() => {
      if (panel.active) this.#inspections.activate(session);
    });
    if (panel.active || !this.#inspections.active) this.#inspections.activate(session);
    void session.refresh();
  }

  /** The menus of a panel without an inspection would offer what can be done with another one. */
  #tellEmpty(): void {
    const inFront = [...this.#panels].some(({ panel, session }) => panel.active && !session);
    if (inFront === this.#emptyInFront) return;
    this.#emptyInFront = inFront;
    void vscode.commands.executeCommand('setContext', 'normscope.isEmptyPanelInFront', inFront);
  }

  #panelOf(session: InspectionSession): InspectionPanel | undefined {
    return [...this.#panels].find(panel => panel.session === session);
  }
}

/** Something that is worth a glance and no answer. */
function tellInPassing(notice: string): void {
  vscode.window.setStatusBarMessage(`$(info) ${notice}`, 8000);
}

function panelTitle(source: InspectionSource): string {
  const named = source.kind !== 'resource' && source.kind !== 'literal';
  return `Batch Norm: ${sourceTitle(named ? { ...source, name: shortName(source.name) } : source)}`;
}
