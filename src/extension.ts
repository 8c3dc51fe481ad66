import * as vscode from 'vscode';
import type { Convention } from './core/batchnorm/convention';
import { registerCommands } from './host/commands/registry';
import { ComparePanels, registerComparePanels } from './host/compare/comparePanels';
import { registerContextKeys } from './host/contextKeys';
import { connectEngine } from './host/engineConnection';
import { LazyCode } from './host/code/lazyCode';
import { connectDebugging } from './host/debug/connectDebugging';
import { engineFiles } from './host/files/engineFiles';
import { runFileAction } from './host/files/fileRequests';
import { readerOfFiles } from './host/files/fileSources';
import { watchReading } from './host/files/lateProgress';
import { OpenTensorFiles } from './host/files/openTensorFiles';
import { registerTensorFileEditor, TensorFileEditor } from './host/files/tensorFileEditor';
import { registerTensorFilesView } from './host/files/tensorFilesView';
import { workspacePlaces } from './host/files/workspacePlaces';
import { OpenInspections } from './host/inspection/openInspections';
import { workspaceReader } from './host/inspection/sourceReader';
import { registerEditorHelp } from './host/language/editorHelp';
import { InspectionPanels, panelViewType } from './host/panel/inspectionPanels';
import { SavedInspections } from './host/panel/savedInspections';
import { LinkHandler } from './host/takeAway/uriHandler';
import { CellOutputs } from './host/notebooks/cellOutputs';
import type { Disposable } from './host/lifecycle';
import { settings } from './host/settings';
import { connectRecordings } from './host/recordings/connectRecordings';
import { lazyComparedFiles } from './host/comparedFiles/lazyComparedFiles';
import { lazySeries } from './host/series/lazySeries';
import { registerStatusBar } from './host/statusBar';
import { registerTools } from './host/tools/registerTools';

/** The composition root: makes everything, wires it, and leaves its disposal to VS Code. */
export function activate(context: vscode.ExtensionContext): void {
  const { extensionUri: extension, globalStorageUri: storage } = context;
  const log = vscode.window.createOutputChannel('Normscope', { log: true });
  const report = (error: unknown): void =>
    log.error(error instanceof Error ? error : String(error));
  const connection = connectEngine(extension, log);
  const engine = connection.client;
  const convention = (scope: vscode.Uri): Convention => settings.defaultConvention(scope);
  const fallback = (uri: string): Convention => convention(vscode.Uri.parse(uri));
  const files = engineFiles(engine, workspacePlaces, watchReading(engine));
  const debugging = connectDebugging(() => inspections);
  const { variables } = debugging;
  const calls = new LazyCode(convention);
  const reader = readerOfFiles({ files, variables, calls, reader: workspaceReader, fallback });
  const services = { engine, reader, fallback: ({ uri }: { uri: string }) => fallback(uri) };
  const inspections = new OpenInspections(services);
  const notebooks = new CellOutputs(inspections);
  const comparisons = new ComparePanels(extension, services, report);
  const saved = new SavedInspections(context.workspaceState);
  const describe = (uri: string): string => reader.describe({ kind: 'resource', uri });
  const recordings = connectRecordings(extension, inspections, { log: report, describe });
  const pageServices = { log: report, recordings: recordings.open };
  const panels = new InspectionPanels(extension, inspections, saved, pageServices);
  const open = new OpenTensorFiles({ files, describe, fallback });
  const pages = { extension, files, log: report };
  const comparedFiles = lazyComparedFiles({ ...pages, engine, comparisons, describe });
  const series = lazySeries({ ...pages, fallback });
  const editor = new TensorFileEditor(extension, open, {
    log: report,
    run: (session, action) => runFileAction({ files, open, inspections, panels }, session, action),
  });
  const shown = { inspections, panels, open, comparisons, extension };
  context.subscriptions.push(
    log,
    connection,
    inspections,
    panels,
    recordings,
    series,
    comparedFiles,
    debugging,
    notebooks,
    open,
    registerTensorFileEditor(editor),
    registerCommands({
      ...shown,
      comparedFiles,
      tensorFiles: { files, open, editor },
      recordings,
      series,
      debugging,
      notebooks,
      calls,
      log,
      storage,
    }),
    ...registerWithWindow(shown),
    registerEditorHelp({ engine, convention, calls, extension, log: report }),
  );
}

interface Shown {
  readonly inspections: OpenInspections;
  readonly panels: InspectionPanels;
  readonly open: OpenTensorFiles;
  readonly comparisons: ComparePanels;
  readonly extension: vscode.Uri;
}

/** What the window shows of it, and asks for by itself. */
function registerWithWindow(shown: Shown): Disposable[] {
  const { inspections, panels, open, comparisons, extension } = shown;
  return [
    registerContextKeys(inspections, open),
    registerTensorFilesView({ open, inspections, panels }),
    registerStatusBar(inspections),
    vscode.window.registerWebviewPanelSerializer(panelViewType, panels),
    vscode.window.registerUriHandler(new LinkHandler(panels)),
    registerComparePanels(comparisons),
    registerTools(extension),
  ];
}
