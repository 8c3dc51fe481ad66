import * as vscode from 'vscode';
import type { Convention } from '../../../core/batchnorm/convention';
import { batchNormWord } from '../../../core/code/batchNormCalls/word';
import { codeLanguage } from '../../../core/code/codeLanguage';
import type { CodeFinding } from '../../../core/code/rules/codeFinding';
import { longestChecked } from '../../../core/code/rules/limits';
import { ruleIds } from '../../../core/code/rules/ruleIds';
import { Debouncer, DisposableStore, type Disposable } from '../../lifecycle';
import { settings } from '../../settings';
import { cellsBeside, codeUnitOf, UnitText, type CodeUnit } from '../codeUnit';
import type { CheckThread } from './checkThread';
import { showFinding, type ShownFinding } from './shownFinding';

export interface RuleServices {
  readonly thread: CheckThread;
  readonly convention: (scope: vscode.Uri) => Convention;
  /** The page of a rule. */
  readonly page: (ruleId: string) => vscode.Uri;
}

/**
 * Shows what the rules find in open code: when it opens, after edits, and when a setting changes. The cells of a notebook
 * are checked as one file.
 */
export class RuleDiagnostics implements Disposable {
  readonly #store = new DisposableStore();
  readonly #collection = this.#store.add(
    vscode.languages.createDiagnosticCollection('normscope.rules'),
  );
  /** By the document that it is shown in. */
  readonly #shown = new Map<string, { version: string; findings: readonly ShownFinding[] }>();
  /** Checks that are due, by their unit. */
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
    this.#store.add(workspace.onDidOpenNotebookDocument(notebook => this.#cells(notebook, 0)));
    this.#store.add(
      workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (contentChanges.length > 0) this.#cells(notebook, settings.liveDelay());
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

  /** What is shown in a document, unless it, or another cell of its notebook, was changed since. */
  of(document: vscode.TextDocument): readonly ShownFinding[] {
    const shown = this.#shown.get(document.uri.toString());
    return shown && shown.version === codeUnitOf(document)?.version ? shown.findings : [];
  }

  dispose(): void {
    for (const later of this.#later.values()) later.dispose();
    this.#store.dispose();
  }

  #all(): void {
    for (const document of vscode.workspace.textDocuments) this.#soon(document, 0);
  }

  #cells(notebook: vscode.NotebookDocument, delay: number): void {
    for (const { document } of notebook.getCells()) this.#soon(document, delay);
  }

  #soon(document: vscode.TextDocument, delay: number): void {
    const unit = codeUnitOf(document);
    // A cell may have become one of another language, or of another program.
    if (!unit || !codeLanguage(unit.languageId)) {
      const wasRead = this.#shown.has(document.uri.toString());
      this.#clear(document);
      // Those that it was read with say something else without it.
      const left = wasRead ? cellsBeside(document).filter(cell => codeUnitOf(cell)) : [];
      for (const cell of left) this.#soon(cell, delay);
      return;
    }
    if (ignored.has(unit.scheme)) return;
    this.#later.get(unit.key)?.dispose();
    const later = new Debouncer(() => {
      this.#later.delete(unit.key);
      void this.#check(document);
    });
    this.#later.set(unit.key, later);
    later.run(delay);
  }

  #forget(document: vscode.TextDocument): void {
    this.#later.get(document.uri.toString())?.dispose();
    this.#later.delete(document.uri.toString());
    this.#clear(document);
  }

  #clear({ uri }: vscode.TextDocument): void {
    this.#shown.delete(uri.toString());
    this.#collection.delete(uri);
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const unit = document.isClosed ? undefined : codeUnitOf(document);
    if (!unit) return;
    const whole = new UnitText(unit);
    const findings = await this.#findings(unit, whole.text);
    // Of a text that was edited meanwhile another check follows.
    if (!findings || document.isClosed || codeUnitOf(document)?.version !== unit.version) return;
    const shown = findings.flatMap(
      finding => showFinding(whole, finding, this.services.page(finding.ruleId)) ?? [],
    );
    for (const part of unit.documents) this.#show(part, unit.version, shown);
  }

  #findings(unit: CodeUnit, text: string): Promise<readonly CodeFinding[] | undefined> {
    const { languageId, documents } = unit;
    const [document] = documents;
    const off = ruleIds.filter(id => settings.ruleLevel(id, document) === 'off');
    const isChecked =
      document && off.length < ruleIds.length && text.length <= longestChecked && hasWord(text);
    if (!isChecked) return Promise.resolve([]);
    const convention = this.services.convention(document.uri).id;
    return this.services.thread.check({ text, languageId, convention, off });
  }

  #show(document: vscode.TextDocument, version: string, all: readonly ShownFinding[]): void {
    const findings = all.filter(shown => shown.document === document);
    this.#shown.set(document.uri.toString(), { version, findings });
    this.#collection.set(
      document.uri,
      findings.map(({ diagnostic }) => diagnostic),
    );
  }
}

function hasWord(text: string): boolean {
  return batchNormWord.test(text);
}

/** Documents that nobody edits as code: they are of other versions. */
const ignored = new Set(['git', 'output', 'vscode-scm']);
