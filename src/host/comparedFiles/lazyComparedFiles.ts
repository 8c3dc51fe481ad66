import * as vscode from 'vscode';
import type { FilesSpec, FilesState } from '../../protocol/comparedFiles';
import { isRecord } from '../guards';
import { DisposableStore, type Disposable } from '../lifecycle';
import type { FilesPageServices, FilesPanels } from './filesPanels';
import { comparedFilesViewType, parseFilesSpec } from './filesSpec';

/** Loads what compares two checkpoints with the first of its pages. */
export class LazyComparedFiles implements vscode.WebviewPanelSerializer, Disposable {
  readonly #store = new DisposableStore();
  #loaded: Promise<FilesPanels> | undefined;

  constructor(private readonly services: FilesPageServices) {
    this.#store.add(vscode.window.registerWebviewPanelSerializer(comparedFilesViewType, this));
  }

  async open(spec: FilesSpec): Promise<FilesState> {
    return (await this.#load()).open(spec);
  }

  /** Brings a page back after a reload of the window. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const spec = isRecord(state) ? parseFilesSpec(state.restore) : undefined;
    if (spec) (await this.#load()).attach(panel, spec);
    else panel.dispose();
  }

  dispose(): void {
    this.#store.dispose();
  }

  #load(): Promise<FilesPanels> {
    return (this.#loaded ??= import('./filesPanels').then(({ FilesPanels: Panels }) =>
      this.#store.add(new Panels(this.services)),
    ));
  }
}
