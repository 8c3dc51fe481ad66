import * as vscode from 'vscode';
import type { FileItem, LayerHealth } from '../../protocol/tensorFile';
import { say } from '../commands/prompts';
import type { OpenInspections } from '../inspection/openInspections';
import type { InspectionSession } from '../inspection/session';
import { sourceTitle } from '../inspection/source';
import { DisposableStore, Debouncer, Emitter, type Disposable } from '../lifecycle';
import type { InspectionPanels } from '../panel/inspectionPanels';
import { summarizeFile } from './fileSummary';
import { openAll } from './openResource';
import type { OpenTensorFiles } from './openTensorFiles';
import type { TensorFileSession } from './tensorFileSession';

export const tensorFilesViewId = 'normscope.tensorFiles';

/** What is open: files with their batch norms, and inspections. */
type Element =
  | { readonly kind: 'file'; readonly session: TensorFileSession }
  | LayerElement
  | { readonly kind: 'inspection'; readonly session: InspectionSession };

/** Commands of its menus are given it: `uri` and `item` are what they look at. */
interface LayerElement {
  readonly kind: 'layer';
  readonly session: TensorFileSession;
  readonly index: number;
  readonly uri: string;
  readonly item: FileItem;
}

export interface TensorFilesViewServices {
  readonly open: OpenTensorFiles;
  readonly inspections: OpenInspections;
  readonly panels: InspectionPanels;
}

/** The list is drawn anew at most this often, in milliseconds. */
const drawEvery = 200;

/** The view “Tensor Files”: what is open, and a place to drop files on. */
export function registerTensorFilesView(services: TensorFilesViewServices): Disposable {
  const store = new DisposableStore();
  const tree = store.add(new TensorFilesTree(services));
  store.add(
    vscode.window.createTreeView(tensorFilesViewId, {
      treeDataProvider: tree,
      dragAndDropController: dropController(services.panels),
      showCollapseAll: true,
      canSelectMany: false,
    }),
  );
  return store;
}

class TensorFilesTree implements vscode.TreeDataProvider<Element>, Disposable {
  readonly #store = new DisposableStore();
  readonly #changed = new Emitter<undefined>();
  readonly #later = this.#store.add(new Debouncer(() => this.#changed.fire(undefined)));

  constructor(private readonly services: TensorFilesViewServices) {
    const soon = (): void => this.#later.run(drawEvery);
    this.#store.add(this.#changed);
    this.#store.add(services.open.onChanged(soon));
    this.#store.add(services.inspections.onOpened(soon));
    this.#store.add(services.inspections.onClosed(soon));
  }

  readonly onDidChangeTreeData = (listener: (element: undefined) => unknown): Disposable =>
    this.#changed.on(listener);

  getChildren(element?: Element): Element[] {
    const { open, inspections } = this.services;
    if (element === undefined) {
      return [
        ...open.all.map(session => ({ kind: 'file', session }) as const),
        ...inspections.all.map(session => ({ kind: 'inspection', session }) as const),
      ];
    }
    if (element.kind !== 'file') return [];
    const { session } = element;
    const layers = session.contents?.layers ?? [];
    const { uri } = session;
    return layers.map(({ name }, index): LayerElement => {
      return { kind: 'layer', session, index, uri, item: { kind: 'layer', name } };
    });
  }

  getTreeItem(element: Element): vscode.TreeItem {
    switch (element.kind) {
      case 'file':
        return fileItem(element.session);
      case 'layer':
        return layerItem(element);
      case 'inspection':
        return inspectionItem(element.session);
    }
  }

  dispose(): void {
    this.#store.dispose();
  }
}

function fileItem({ uri, contents, title, state }: TensorFileSession): vscode.TreeItem {
  const { None, Collapsed } = vscode.TreeItemCollapsibleState;
  const hasLayers = (contents?.layers.length ?? 0) > 0;
  const { description, problem, isListed } = summarizeFile(state);
  const item = new vscode.TreeItem(title, hasLayers ? Collapsed : None);
  item.id = `file ${uri}`;
  item.resourceUri = vscode.Uri.parse(uri);
  item.iconPath = problem !== '' && !isListed ? healthIcon('error') : vscode.ThemeIcon.File;
  item.description = description;
  if (problem !== '') item.tooltip = problem;
  item.contextValue = 'file';
  item.command = command('Show', 'normscope.revealInTensorFile', uri);
  return item;
}

function layerItem({ session, index, item: row }: LayerElement): vscode.TreeItem {
  const layer = session.contents?.layers[index];
  const { name } = row;
  const health = session.health().layers.find(found => found.layer === index);
  const item = new vscode.TreeItem(name === '' ? session.title : name);
  item.id = `layer ${session.uri} ${name}`;
  item.description = layer?.incomplete ? 'incomplete' : `${layer?.channels ?? 0} channels`;
  item.iconPath = healthIcon(health?.worst);
  item.tooltip = health?.findings.map(({ message }) => message).join('\n') ?? 'Not checked yet';
  item.contextValue = 'layer';
  item.command = command('Show', 'normscope.revealInTensorFile', session.uri, row);
  return item;
}

function inspectionItem(session: InspectionSession): vscode.TreeItem {
  const item = new vscode.TreeItem(sourceTitle(session.source));
  item.id = `inspection ${session.id}`;
  item.description = 'inspection';
  item.iconPath = new vscode.ThemeIcon('pulse');
  item.contextValue = 'inspection';
  item.command = command('Show', 'normscope.showInspection', session.id);
  return item;
}

function command(title: string, id: string, ...args: readonly unknown[]): vscode.Command {
  return { title, command: id, arguments: [...args] };
}

const icons: Readonly<Record<LayerHealth['worst'], readonly [string, string]>> = {
  healthy: ['pass', 'testing.iconPassed'],
  note: ['info', 'charts.blue'],
  warning: ['warning', 'list.warningForeground'],
  error: ['error', 'list.errorForeground'],
  unread: ['circle-slash', 'list.errorForeground'],
};

function healthIcon(worst: LayerHealth['worst'] | undefined): vscode.ThemeIcon {
  if (!worst) return new vscode.ThemeIcon('circle-outline');
  const [icon, color] = icons[worst];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

/** Takes files from the Explorer and from outside of VS Code. */
function dropController(panels: InspectionPanels): vscode.TreeDragAndDropController<Element> {
  return {
    dragMimeTypes: [],
    dropMimeTypes: ['text/uri-list', 'files'],
    handleDrop: async (_, data) => {
      const list = (await data.get('text/uri-list')?.asString()) ?? '';
      const uris = list
        .split(/\r?\n/)
        .filter(line => line !== '' && !line.startsWith('#'))
        .map(line => vscode.Uri.parse(line));
      const named = uris.length > 0 ? uris : filesOf(data);
      if (named.length > 0) await openAll(panels, named);
      else await say('Where these files are is not known: drop them on the Explorer first.');
    },
  };
}

function filesOf(data: vscode.DataTransfer): readonly vscode.Uri[] {
  return [...data].flatMap(([, item]) => item.asFile()?.uri ?? []);
}
