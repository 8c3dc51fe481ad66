import * as vscode from 'vscode';
import type { Convention } from '../../../core/batchnorm/convention';
import { DisposableStore, type Disposable } from '../../lifecycle';
import { CheckThread } from './checkThread';
import { registerRuleActions } from './ruleActions';
import { RuleDiagnostics } from './ruleDiagnostics';

export interface RulesSetting {
  readonly extension: vscode.Uri;
  readonly convention: (scope: vscode.Uri) => Convention;
  readonly log: (error: unknown) => void;
}

/** The rules for code in editors: what they find, and the ways out. */
export function connectRules({ extension, convention, log }: RulesSetting): Disposable {
  const store = new DisposableStore();
  const file = vscode.Uri.joinPath(extension, 'dist', 'codeChecker.js').fsPath;
  const thread = store.add(new CheckThread(file, log));
  const page = (id: string): vscode.Uri =>
    vscode.Uri.joinPath(extension, 'docs', 'rules', `${id}.md`);
  const diagnostics = store.add(new RuleDiagnostics({ thread, convention, page }));
  store.add(registerRuleActions(diagnostics));
  return store;
}
