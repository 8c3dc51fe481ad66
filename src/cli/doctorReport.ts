import type { Finding } from '../core/batchnorm/diagnose/finding';
import { fileFindingIds } from '../core/batchnorm/diagnose/findingIds';
import { findingRecord } from '../core/batchnorm/diagnose/findingRecord';
import { severityRank } from '../core/batchnorm/diagnose/severity';
import type { Severity } from '../core/problem';
import { formatSignificant } from '../core/text/format';
import type { Report } from './command';
import { listSome } from '../core/batchnorm/comparing/pairingFindings';
import { layOutTable } from './table';
import { lineWidth, wrap } from './wrap';

/** What was found in a file. */
export interface Diagnosed {
  readonly file: string;
  /** Examined, whether anything was found in them or not. */
  readonly layers: number;
  readonly found: readonly FoundInLayer[];
}

interface FoundInLayer {
  /** Empty where it is about the whole file. */
  readonly layer: string;
  readonly finding: Finding;
}

export function reportDiagnoses(diagnosed: readonly Diagnosed[], notes: readonly string[]): Report {
  const several = diagnosed.length > 1;
  const all = diagnosed.flatMap(({ found }) => found);
  return {
    json: diagnosed.flatMap(({ file, found }) =>
      worstFirst(found).map(({ layer, finding }) => ({
        ...findingRecord(finding, layer === '' ? null : layer),
        ...(several && { file }),
      })),
    ),
    lines: () => diagnosedLines(diagnosed),
    notes: [...new Set(notes)],
    status: all.some(({ finding }) => finding.severity === 'error') ? 1 : 0,
  };
}

function* diagnosedLines(diagnosed: readonly Diagnosed[]): Generator<string> {
  for (const [i, one] of diagnosed.entries()) {
    if (i > 0) yield '';
    yield* fileLines(one);
  }
}

/** Errors of all layers, then warnings, then notes; of one kind in many layers the first is told whole. */
function* fileLines({ file, layers, found }: Diagnosed): Generator<string> {
  if (layers + found.length === 0) {
    yield `${file}: no batch-norm layers to examine`;
    return;
  }
  const examined = `${layers} batch-norm ${layers === 1 ? 'layer' : 'layers'}`;
  yield `${file}: ${examined}, ${found.length === 0 ? 'nothing wrong found' : countsOf(found)}`;
  const kinds = new Map<string, FoundInLayer[]>();
  for (const one of worstFirst(found)) {
    const key = kindOf(one.finding);
    kinds.set(key, [...(kinds.get(key) ?? []), one]);
  }
  for (const alike of kinds.values()) yield* ['', ...kindLines(alike)];
}

/** What is wrong with a file has a reason of its own each time; of rules one example is enough. */
function kindOf({ severity, id, message }: Finding): string {
  const isOfFile = fileFindingIds.some(known => known === id);
  return `${severity} ${id}${isOfFile ? ` ${message}` : ''}`;
}

function kindLines(alike: readonly FoundInLayer[]): string[] {
  const [first] = alike;
  if (!first) return [];
  const { layer, finding } = first;
  const where = layer === '' ? '' : `  ${layer}`;
  const others = alike.slice(1).map(one => one.layer);
  const seen = finding.source === '' ? '' : `docs/findings/${finding.id}.md; ${finding.source}`;
  return [
    `${finding.severity}  ${finding.id}${where}`,
    ...indented(finding.message),
    ...tableLines(finding),
    ...indented(`Fix: ${finding.fix}`),
    ...(others.length > 0
      ? indented(
          `Likewise in ${others.length} more ${others.length === 1 ? 'layer' : 'layers'}: ${listSome(others)}.`,
        )
      : []),
    ...(seen === '' ? [] : indented(`See ${seen}.`)),
  ];
}

/** Channels of a table that a person is shown; JSON has the others. */
const mostRows = 5;

function tableLines({ table }: Finding): string[] {
  if (!table) return [];
  const cells = (values: readonly number[]): string[] =>
    values.slice(0, mostRows).map(value => formatSignificant(value, 5));
  return layOutTable([
    { head: 'channel', align: 'right', cells: cells(table.channels) },
    ...table.columns.map(({ label, values }) => ({
      head: label,
      align: 'right' as const,
      cells: cells(values),
    })),
  ]).map(line => `    ${line}`);
}

function indented(text: string): string[] {
  return wrap(text, lineWidth - 2).map(line => `  ${line}`);
}

function worstFirst(found: readonly FoundInLayer[]): FoundInLayer[] {
  return [...found].sort(
    (a, b) => severityRank[b.finding.severity] - severityRank[a.finding.severity],
  );
}

const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** `1 error, 2 warnings`. */
function countsOf(found: readonly FoundInLayer[]): string {
  return severities
    .flatMap(severity => {
      const count = found.filter(({ finding }) => finding.severity === severity).length;
      return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
    })
    .join(', ');
}
