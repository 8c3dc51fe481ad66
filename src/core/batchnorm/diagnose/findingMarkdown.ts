import { formatSignificant } from '../../text/format';
import { evidenceLabel } from './evidenceLabel';
import type { EvidenceTable, Finding } from './finding';
import { threadsOf } from './threads';

/** A finding for an issue tracker, in GitHub's Markdown, without a line feed at its end. */
export function findingMarkdown(finding: Finding): string {
  const { id, severity, message, evidence, table, fix, source } = finding;
  const threads = threadsOf(source).map(({ name, url }) => `[${name}](${url})`);
  const rows = Object.entries(evidence).map(([name, value]) => [evidenceLabel(name), shown(value)]);
  return [
    `#### ${severity}: ${id}`,
    message,
    `**Fix.** ${fix}`,
    markdownTable(['evidence', 'value'], rows),
    ...(table ? [tableMarkdown(table)] : []),
    ...(threads.length > 0 ? [`Threads: ${threads.join(', ')}`] : []),
  ].join('\n\n');
}

function tableMarkdown({ channels, columns }: EvidenceTable): string {
  return markdownTable(
    ['channel', ...columns.map(({ label }) => label)],
    channels.map((channel, row) => [
      String(channel),
      ...columns.map(({ values }) => shown(values[row] as number)),
    ]),
  );
}

function shown(value: number | string): string {
  return typeof value === 'number' ? formatSignificant(value, 6) : value;
}

/** A bar in a cell would end it. */
export function markdownTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
