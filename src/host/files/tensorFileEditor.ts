import * as vscode from 'vscode';
import type { FileItem } from '../../protocol/tensorFile';
import { Debouncer, DisposableStore, type Disposable } from '../lifecycle';
import { panelHtml, panelResourceRoots } from '../panel/panelHtml';
import { settings } from '../settings';
import { FileWatches } from './fileWatches';
import { sharedTensorFileViewType, tensorFileViewType } from './fileNames';
import type { OpenTensorFiles } from './openTensorFiles';
import { TensorFilePanel, type FilePageRequests } from './tensorFilePanel';
import type { TensorFileSession } from './tensorFileSession';
import { watchFolder } from './watchFolder';

interface TensorFileDocument extends vscode.CustomDocument {
  readonly session: TensorFileSession;
}

/** Shows what a tensor file holds, in place of a text editor. Nothing is ever written. */
export class TensorFileEditor
  implements vscode.CustomReadonlyEditorProvider<TensorFileDocument>, Disposable
{
  readonly #panels = new Map<TensorFilePanel, vscode.WebviewPanel>();

  constructor(
    private readonly extension: vscode.Uri,
    private readonly open: OpenTensorFiles,
    private readonly requests: FilePageRequests,
  ) {}

  openCustomDocument(uri: vscode.Uri): TensorFileDocument {
    const session = this.open.open(uri.toString());
    const store = new DisposableStore();
    const later = store.add(new Debouncer(() => void session.refresh()));
    const watches = store.add(new FileWatches(watchFolder, () => later.run(settings.liveDelay())));
    const watch = (): void => watches.follow([session.uri, ...session.beside]);
    watch();
    store.add(session.onState(watch));
    store.onDispose(() => this.open.close(session));
    if (session.state.kind === 'loading') void session.refresh();
    return { uri, session, dispose: () => store.dispose() };
  }

  resolveCustomEditor({ session }: TensorFileDocument, panel: vscode.WebviewPanel): void {
    const { webview } = panel;
    webview.options = {
      enableScripts: true,
      localResourceRoots: panelResourceRoots(this.extension),
    };
    const shown = new TensorFilePanel(panel, session, this.requests);
    this.#panels.set(shown, panel);
    webview.html = panelHtml(webview, this.extension, 'tensorFile');
    panel.onDidChangeViewState(() => {
      if (panel.active) this.open.activate(session);
      session.showTo(this.#isSeen(session));
    });
    if (panel.active || !this.open.active) this.open.activate(session);
    panel.onDidDispose(() => {
      shown.dispose();
      this.#panels.delete(shown);
    });
  }

  /** Moves the pages of a file to a row. */
  reveal(uri: string, item: FileItem): void {
    for (const page of this.#panels.keys()) if (page.session.uri === uri) page.reveal(item);
  }

  dispose(): void {
    for (const page of this.#panels.keys()) page.dispose();
    this.#panels.clear();
  }

  #isSeen(session: TensorFileSession): boolean {
    return [...this.#panels].some(([page, { visible }]) => visible && page.session === session);
  }
}

/** Registers the editor under both of its names. */
export function registerTensorFileEditor(editor: TensorFileEditor): Disposable {
  const store = new DisposableStore();
  for (const viewType of [tensorFileViewType, sharedTensorFileViewType]) {
    store.add(
      vscode.window.registerCustomEditorProvider(viewType, editor, {
        supportsMultipleEditorsPerDocument: true,
      }),
    );
  }
  store.add(editor);
  return store;
}
