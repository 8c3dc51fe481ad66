import * as vscode from 'vscode';
import { runFileFixes } from '../findings/lazyDoctor';
import type { Disposable } from '../lifecycle';
import { settings } from '../settings';
import { diagnosticSource, type FoundInFiles } from './runFileDiagnostics';
import type { Fix } from './runFileFixes';

const selector: vscode.DocumentSelector = { pattern: '**/*.bn.json' };

/** Offers the one obvious way out of a problem of a run file. */
export function registerRunFileQuickFixes(found: FoundInFiles): Disposable {
  return vscode.languages.registerCodeActionsProvider(
    selector,
    {
      provideCodeActions: (document, _range, context) =>
        provideCodeActions(document, context, found),
    },
    { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
  );
}

async function provideCodeActions(
  document: vscode.TextDocument,
  { diagnostics }: vscode.CodeActionContext,
  found: FoundInFiles,
): Promise<vscode.CodeAction[]> {
  const ours = diagnostics.filter(({ source }) => source === diagnosticSource);
  if (ours.length === 0) return [];
  const fixesFor = await runFileFixes();
  const text = document.getText();
  const fallback = settings.defaultConvention(document.uri);
  return ours.flatMap(diagnostic => {
    const { code, message } = diagnostic;
    if (typeof code !== 'string') return [];
    const known = found.get(document.uri.toString());
    const finding = known?.findings.find(({ problem }) => problem.code === code);
    if (finding) {
      // Its places are those of the text that was examined.
      const fix = known?.version === document.version ? finding.fix : undefined;
      return fix ? [action(document, diagnostic, fix)] : [];
    }
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
