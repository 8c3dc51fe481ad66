import * as vscode from 'vscode';
import type { Disposable } from '../lifecycle';
import { settings } from '../settings';
import { diagnosticSource } from './runFileDiagnostics';
import { fixesFor, type Fix } from './runFileFixes';

const selector: vscode.DocumentSelector = { pattern: '**/*.bn.json' };

/** Offers the one obvious way out of a problem of a run file. */
export function registerRunFileQuickFixes(): Disposable {
  return vscode.languages.registerCodeActionsProvider(
    selector,
    { provideCodeActions },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

function provideCodeActions(
  document: vscode.TextDocument,
  _range: vscode.Range,
  { diagnostics }: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const ours = diagnostics.filter(({ source }) => source === diagnosticSource);
  if (ours.length === 0) return [];
  const text = document.getText();
  const fallback = settings.defaultConvention(document.uri);
  return ours.flatMap(diagnostic => {
    const { code, message } = diagnostic;
    if (typeof code !== 'string') return [];
    const start = document.offsetAt(diagnostic.range.start);
    const range = { start, end: document.offsetAt(diagnostic.range.end) };
    const fixes = fixesFor({ code, message, range }, text, fallback);
    return fixes.map(fix => action(document, diagnostic, fix));
  });
}

function action(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  fix: Fix,
): vscode.CodeAction {
  const shown = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
  shown.diagnostics = [diagnostic];
  shown.isPreferred = true;
  shown.edit = new vscode.WorkspaceEdit();
  for (const { range, text } of fix.edits) {
    const where = new vscode.Range(
      document.positionAt(range.start),
      document.positionAt(range.end),
    );
    shown.edit.replace(document.uri, where, text);
  }
  return shown;
}
