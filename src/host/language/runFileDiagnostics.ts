import * as vscode from 'vscode';
import type { Problem, Severity } from '../../core/problem';
import { isRunFileName } from '../inspection/source';
import { lostTensorCodes } from '../../protocol/engine';
import type { EngineProvider } from '../inspection/engineInput';
import { findInRunFile } from '../findings/lazyDoctor';
import type { FileFinding } from './runFileFindings';
import { Debouncer, DisposableStore, type Disposable } from '../lifecycle';
import { settings } from '../settings';

const severities: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  note: vscode.DiagnosticSeverity.Information,
};

/** What was found in the open run files, by address: what their quick fixes are of. */
export type FoundInFiles = Map<
  string,
  { readonly version: number; readonly findings: readonly FileFinding[] }
>;

/** Keys that people write remarks under; nobody needs to be told that they mean nothing. */
const remark = /^"(note|comment|description)"$/i;

export const diagnosticSource = 'Normscope';

/**
 * Checks open run files in the engine's thread and shows each problem where it stands. A file is
 * checked when it opens and after edits, newest first, and forgotten when it closes.
 */
export function registerRunFileDiagnostics(
  engine: EngineProvider,
  found: FoundInFiles,
): Disposable {
  const store = new DisposableStore();
  const collection = store.add(vscode.languages.createDiagnosticCollection('normscope'));
  const checks = new Map<string, Check>();
  const begin = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    if (!isRunFile(document) || checks.has(key)) return;
    const check = new Check(document, engine, collection, found);
    checks.set(key, check);
    check.soon(0);
  };
  const end = (document: vscode.TextDocument): void => {
    const key = document.uri.toString();
    checks.get(key)?.dispose();
    checks.delete(key);
    found.delete(key);
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
    private readonly found: FoundInFiles,
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
    const { version } = document;
    const text = document.getText();
    const fallback = settings.defaultConvention(document.uri);
    const source = { kind: 'text', text, fallback: fallback.id } as const;
    const first = await this.engine().check(source, { signal });
    // That the engine stopped says nothing about the file.
    const lost = !first.ok && lostTensorCodes.has(first.problem.code);
    const checked = lost ? await this.engine().check(source, { signal }) : first;
    if (isOver(signal, document)) return;
    const problems = checked.ok ? checked.value : [checked.problem];
    this.#show(problems);
    const findings = await findInRunFile(this.engine(), { source, text, fallback }, signal);
    if (isOver(signal, document)) return;
    this.found.set(document.uri.toString(), { version, findings });
    this.#show(withFindings(problems, findings));
  }

  #show(problems: readonly Problem[]): void {
    const { document, collection } = this;
    collection.set(
      document.uri,
      problems.flatMap(problem => diagnostic(document, problem) ?? []),
    );
  }
}

/** Whether what was begun is of use to nobody any more. */
function isOver({ aborted }: AbortSignal, { isClosed }: vscode.TextDocument): boolean {
  return aborted || isClosed;
}

/** Problems that a finding tells with its numbers, and findings that a problem tells at each of its places. */
const toldBy: Readonly<Partial<Record<string, string>>> = {
  'variance-negative': 'negative-variance',
  'wrong-axis': 'length-mismatch',
};

function withFindings(
  problems: readonly Problem[],
  findings: readonly FileFinding[],
): readonly Problem[] {
  const all = [...problems, ...findings.map(({ problem }) => problem)];
  const codes = new Set(all.map(({ code }) => code));
  return all.filter(({ code }) => !codes.has(toldBy[code] ?? ''));
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
