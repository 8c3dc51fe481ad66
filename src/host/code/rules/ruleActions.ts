import * as vscode from 'vscode';
import { codeLanguageIds } from '../../../core/code/codeLanguage';
import { isRuleId } from '../../../core/code/rules/ruleIds';
import { DisposableStore, type Disposable } from '../../lifecycle';
import type { RuleDiagnostics } from './ruleDiagnostics';
import type { ShownFinding } from './shownFinding';

const turnOffCommand = 'normscope.turnOffRule';

/** What the light bulb offers where a rule found something: the fix, and to turn the rule off. */
export function registerRuleActions(diagnostics: RuleDiagnostics): Disposable {
  const store = new DisposableStore();
  store.add(
    vscode.languages.registerCodeActionsProvider(
      codeLanguageIds.map(language => ({ language })),
      {
        provideCodeActions: (document, range) =>
          diagnostics
            .of(document)
            .filter(({ diagnostic }) => diagnostic.range.intersection(range) !== undefined)
            .flatMap(shown => actionsFor(shown)),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.QuickFix] },
    ),
  );
  store.add(vscode.commands.registerCommand(turnOffCommand, (id: unknown) => turnOff(id)));
  return store;
}

function actionsFor({ ruleId, fix, diagnostic }: ShownFinding): vscode.CodeAction[] {
  const action = (title: string): vscode.CodeAction => {
    const made = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    made.diagnostics = [diagnostic];
    return made;
  };
  const off = action(`Turn off ${ruleId}`);
  off.command = { title: off.title, command: turnOffCommand, arguments: [ruleId] };
  if (!fix) return [off];
  const mend = action(fix.label);
  mend.isPreferred = true;
  mend.edit = new vscode.WorkspaceEdit();
  for (const { uri, range, text } of fix.edits) mend.edit.replace(uri, range, text);
  return [mend, off];
}

/** Where the workspace sets the rule it is turned off there, else for the user. */
async function turnOff(id: unknown): Promise<void> {
  if (typeof id !== 'string' || !isRuleId(id)) return;
  const configuration = vscode.workspace.getConfiguration('normscope.rules');
  const isOfWorkspace = configuration.inspect(id)?.workspaceValue !== undefined;
  const target = isOfWorkspace
    ? vscode.ConfigurationTarget.Workspace
    : vscode.ConfigurationTarget.Global;
  await configuration.update(id, 'off', target);
}
