import * as vscode from 'vscode';
import type { Problem, Severity } from '../../core/problem';
import { isRunFileName } from '../inspection/source';
import { lostTensorCodes } from '../../protocol/engine';
import type { EngineProvider } from '../inspection/engineInput';
import { Debouncer, DisposableStore, type Disposable } from '../lifecycle';
import { settings } from '../settings';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  note: vscode.DiagnosticSeverity.Information,
};

/** Keys that people write remarks under; nobody needs to be told that they mean nothing. */
const remark = /^"(note|comment|description)"$/i;

export const diagnosticSource = 'Normscope';

/**
 * Checks open run files in the engine's thread and shows each problem where it stands. A file is
 * checked when it opens and after edits, newest first, and forgotten when it closes.
 */
export function registerRunFileDiagnostics(engine: EngineProvider): Disposable {
  const store = new DisposableStore();
  const collection = store.add(vscode.languages.createDiagnosticCollection('normscope'));
  const checks = new Map<string, Check>();
  const begin = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    if (!isRunFile(document) || checks.has(key)) return;
    const check = new Check(document, engine, collection);
    checks.set(key, check);
    check.soon(0);
  };
  const end = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    checks.get(key)?.dispose();
    checks.delete(key);
    collection.delete(document.uri);
  };
  store.add(vscode.workspace.onDidOpenTextDocument(begin));
  store.add(vscode.workspace.onDidCloseTextDocument(end));
  store.add(
    vscode.workspace.onDidChangeTextDocument(({ document }) => {
      checks.get(document.uri.toString())?.soon(settings.liveDelay());
    }),
  );
  store.add(
    vscode.workspace.onDidChangeConfiguration(event => {
      if (!event.affectsConfiguration('normscope.defaultConvention')) return;
      for (const check of checks.values()) check.soon(0);
    }),
  );
  store.onDispose(() => {
    for (const check of checks.values()) check.dispose();
  });
  for (const document of vscode.workspace.textDocuments) begin(document);
  return store;
}

export function isRunFile(document: vscode.TextDocument): boolean {
  return isRunFileName(document.uri.path) && document.uri.scheme !== 'git';
}

/** The checks of one open document. */
class Check implements Disposable {
  readonly #later: Debouncer;
  #running = new AbortController();

  constructor(
    private readonly document: vscode.TextDocument,
    private readonly engine: EngineProvider,
    private readonly collection: vscode.DiagnosticCollection,
  ) {
    this.#later = new Debouncer(() => void this.#run());
  }

  soon(delay: number): void {
    this.#later.run(delay);
  }

  dispose(): void {
    this.#later.dispose();
    this.#running.abort();
  }

  async #run(): Promise<void> {
    this.#running.abort();
    this.#running = new AbortController();
    const { signal } = this.#running;
    const { document } = this;
    const text = document.getText();
    const fallback = settings.defaultConvention(document.uri).id;
    const source = { kind: 'text', text, fallback } as const;
    const first = await this.engine().check(source, { signal });
    // That the engine stopped says nothing about the file.
    const lost = !first.ok && lostTensorCodes.has(first.problem.code);
    const checked = lost ? await this.engine().check(source, { signal }) : first;
    if (signal.aborted || document.isClosed) return;
    const problems = checked.ok ? checked.value : [checked.problem];
    this.collection.set(
      document.uri,
      problems.flatMap(problem => diagnostic(document, problem) ?? []),
    );
  }
}

function diagnostic(
  document: vscode.TextDocument,
  problem: Problem,
): vscode.Diagnostic | undefined {
  const range = rangeOf(document, problem);
  if (problem.code === 'key-unknown' && remark.test(document.getText(range))) return undefined;
  const shown = new vscode.Diagnostic(range, problem.message, severities[problem.severity]);
  shown.source = diagnosticSource;
  shown.code = problem.code;
  return shown;
}

/** A problem without a place is about the file: its first character. */
function rangeOf(document: vscode.TextDocument, { range }: Problem): vscode.Range {
  const start = document.positionAt(range?.start ?? 0);
  return new vscode.Range(start, document.positionAt(range?.end ?? 1));
}
