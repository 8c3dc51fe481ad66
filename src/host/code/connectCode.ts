import * as vscode from 'vscode';
import { codeLanguageIds } from '../../core/code/codeLanguage';
import { Debouncer, DisposableStore, type Disposable } from '../lifecycle';
import { settings } from '../settings';
import { cellScheme } from './codeUnit';
import { inspectCallCommand } from './inspectCallCommand';
import type { LazyCode } from './lazyCode';

/** Hovers and lenses over batch-norm calls, in files and in the cells of notebooks. */
export function registerCodeHelp(code: LazyCode): Disposable {
  const store = new DisposableStore();
  const selector = codeLanguageIds.map(language => ({ language }));
  const changed = store.add(new vscode.EventEmitter<void>());
  store.add(
    vscode.languages.registerHoverProvider(selector, {
      provideHover: (document, position) => hover(code, document, position),
    }),
  );
  store.add(
    vscode.languages.registerCodeLensProvider(selector, {
      onDidChangeCodeLenses: changed.event,
      provideCodeLenses: document => lenses(code, document),
    }),
  );
  // What a cell says of a layer, the lens above another cell may tell.
  const later = store.add(new Debouncer(() => changed.fire()));
  store.add(
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
      if (document.uri.scheme === cellScheme && contentChanges.length > 0)
        later.run(settings.liveDelay());
    }),
  );
  store.add(
    vscode.workspace.onDidChangeConfiguration(event => {
      const own = ['normscope.codeLens', 'normscope.defaultConvention'];
      if (own.some(key => event.affectsConfiguration(key))) changed.fire();
    }),
  );
  return store;
}

async function hover(
  code: LazyCode,
  document: vscode.TextDocument,
  position: vscode.Position,
): Promise<vscode.Hover | undefined> {
  if (!settings.hoverEnabled(document)) return undefined;
  const { version } = document;
  const found = await code.hover(document, document.offsetAt(position));
  if (!found || document.version !== version) return undefined;
  const content = new vscode.MarkdownString(found.markdown);
  content.isTrusted = { enabledCommands: [inspectCallCommand] };
  const range = new vscode.Range(document.positionAt(found.start), document.positionAt(found.end));
  return new vscode.Hover(content, range);
}

async function lenses(code: LazyCode, document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
  if (!settings.callLensesEnabled(document)) return [];
  const uri = document.uri.toString();
  const found = await code.lenses(document);
  return found.map(({ offset, title, tooltip }) => {
    const position = document.positionAt(offset);
    const command = { title, tooltip, command: inspectCallCommand, arguments: [uri, offset] };
    return new vscode.CodeLens(new vscode.Range(position, position), command);
  });
}
