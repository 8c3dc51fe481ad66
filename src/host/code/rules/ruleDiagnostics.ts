import * as vscode from 'vscode';
import type { Convention } from '../../../core/batchnorm/convention';
import { batchNormWord } from '../../../core/code/batchNormCalls/word';
import { codeLanguage } from '../../../core/code/codeLanguage';
import type { CodeFinding } from '../../../core/code/rules/codeFinding';
import { longestChecked } from '../../../core/code/rules/limits';
import { ruleIds } from '../../../core/code/rules/ruleIds';
import type { TextRange } from '../../../core/problem';
import { Debouncer, DisposableStore, type Disposable } from '../../lifecycle';
import { settings, type RuleLevel } from '../../settings';
import type { CheckThread } from './checkThread';

/** What was found in a document, as it is shown. */
export interface ShownFinding {
  readonly finding: CodeFinding;
  readonly diagnostic: vscode.Diagnostic;
}

export interface RuleServices {
  readonly thread: CheckThread;
  readonly convention: (scope: vscode.Uri) => Convention;
  /** The page of a rule. */
  readonly page: (ruleId: string) => vscode.Uri;
}

const severities: Readonly<Record<Exclude<RuleLevel, 'off'>, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/**
 * Shows what the rules find in open code: when it opens, after edits, and when a setting changes. Cells of notebooks are
 * left alone: what puts them right may be in a cell that is run later.
 */
export class RuleDiagnostics implements Disposable {
  readonly #store = new DisposableStore();
  readonly #collection = this.#store.add(
    vscode.languages.createDiagnosticCollection('normscope.rules'),
  );
  readonly #shown = new Map<string, { version: number; findings: readonly ShownFinding[] }>();
  readonly #later = new Map<string, Debouncer>();

  constructor(private readonly services: RuleServices) {
    const { workspace } = vscode;
    this.#store.add(workspace.onDidOpenTextDocument(document => this.#soon(document, 0)));
    this.#store.add(workspace.onDidCloseTextDocument(document => this.#forget(document)));
    this.#store.add(
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0) this.#soon(document, settings.liveDelay());
      }),
    );
    this.#store.add(
      workspace.onDidChangeConfiguration(event => {
        const own = ['normscope.rules', 'normscope.defaultConvention'];
        if (own.some(key => event.affectsConfiguration(key))) this.#all();
      }),
    );
    this.#all();
  }

  /** What is shown in a document, unless it was changed since. */
  of({ uri, version }: vscode.TextDocument): readonly ShownFinding[] {
    const shown = this.#shown.get(uri.toString());
    return shown?.version === version ? shown.findings : [];
  }

  dispose(): void {
    for (const later of this.#later.values()) later.dispose();
    this.#store.dispose();
  }

  #all(): void {
    for (const document of vscode.workspace.textDocuments) this.#soon(document, 0);
  }

  #soon(document: vscode.TextDocument, delay: number): void {
    const { uri, languageId } = document;
    if (!codeLanguage(languageId) || ignored.has(uri.scheme)) return;
    const key = uri.toString();
    const later = this.#later.get(key) ?? new Debouncer(() => void this.#check(document));
    this.#later.set(key, later);
    later.run(delay);
  }

  #forget({ uri }: vscode.TextDocument): void {
    const key = uri.toString();
    this.#later.get(key)?.dispose();
    this.#later.delete(key);
    this.#shown.delete(key);
    this.#collection.delete(uri);
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const { uri, version, languageId } = document;
    const off = ruleIds.filter(id => settings.ruleLevel(id, document) === 'off');
    const text = document.getText();
    const isChecked =
      off.length < ruleIds.length && text.length <= longestChecked && batchNormWord.test(text);
    const convention = this.services.convention(uri).id;
    const findings = isChecked
      ? await this.services.thread.check({ text, languageId, convention, off })
      : [];
    // Of a text that was edited meanwhile another check follows.
    if (!findings || document.isClosed || document.version !== version) return;
    const shown = findings.flatMap(finding => this.#show(document, finding) ?? []);
    this.#shown.set(uri.toString(), { version, findings: shown });
    this.#collection.set(
      uri,
      shown.map(({ diagnostic }) => diagnostic),
    );
  }

  #show(document: vscode.TextDocument, finding: CodeFinding): ShownFinding | undefined {
    const { ruleId, message, range, evidence } = finding;
    const level = settings.ruleLevel(ruleId, document);
    if (level === 'off') return undefined;
    const diagnostic = new vscode.Diagnostic(rangeIn(document, range), message, severities[level]);
    diagnostic.source = 'Normscope';
    diagnostic.code = { value: ruleId, target: this.services.page(ruleId) };
    diagnostic.relatedInformation = evidence.map(
      other =>
        new vscode.DiagnosticRelatedInformation(
          new vscode.Location(document.uri, rangeIn(document, other.range)),
          other.message,
        ),
    );
    return { finding, diagnostic };
  }
}

/** Documents that nobody edits as code: of other versions, and of cells, which are parts. */
const ignored = new Set(['git', 'output', 'vscode-notebook-cell', 'vscode-scm']);

export function rangeIn(document: vscode.TextDocument, { start, end }: TextRange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
