import * as vscode from 'vscode';
import type { CodeFinding, CodeFix } from '../../../core/code/rules/codeFinding';
import type { RuleId } from '../../../core/code/rules/ruleIds';
import { settings, type RuleLevel } from '../../settings';
import type { UnitText } from '../codeUnit';

/** What was found in a document, as it is shown. */
export interface ShownFinding {
  readonly ruleId: RuleId;
  readonly document: vscode.TextDocument;
  readonly diagnostic: vscode.Diagnostic;
  readonly fix: ShownFix | undefined;
}

/** A fix in the documents that it changes: in a notebook they may be several cells. */
export interface ShownFix {
  readonly label: string;
  readonly edits: readonly {
    readonly uri: vscode.Uri;
    readonly range: vscode.Range;
    readonly text: string;
  }[];
}

const severities: Readonly<Record<Exclude<RuleLevel, 'off'>, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  information: vscode.DiagnosticSeverity.Information,
  hint: vscode.DiagnosticSeverity.Hint,
};

/** A finding as a diagnostic; undefined where its rule is off. @param page of the rule */
export function showFinding(
  whole: UnitText,
  { ruleId, message, range, evidence, fix }: CodeFinding,
  page: vscode.Uri,
): ShownFinding | undefined {
  const place = whole.placeOf(range);
  const level = settings.ruleLevel(ruleId, place?.document);
  if (!place || level === 'off') return undefined;
  const { document } = place;
  const diagnostic = new vscode.Diagnostic(place.range, message, severities[level]);
  diagnostic.source = 'Normscope';
  diagnostic.code = { value: ruleId, target: page };
  diagnostic.relatedInformation = evidence.flatMap(other => {
    const at = whole.placeOf(other.range);
    if (!at) return [];
    const location = new vscode.Location(at.document.uri, at.range);
    return [new vscode.DiagnosticRelatedInformation(location, other.message)];
  });
  return { ruleId, document, diagnostic, fix: fix && shownFix(whole, fix) };
}

/** Undefined where a part of it goes over several cells. */
function shownFix(whole: UnitText, { label, edits }: CodeFix): ShownFix | undefined {
  const shown: ShownFix['edits'][number][] = [];
  for (const { range, text } of edits) {
    const place = whole.placeOf(range);
    if (!place) return undefined;
    shown.push({ uri: place.document.uri, range: place.range, text });
  }
  return { label, edits: shown };
}
