import { pairsWords } from '../../core/batchnorm/comparing/pairingFindings';
import { findingMarkdown, markdownTable } from '../../core/batchnorm/diagnose/findingMarkdown';
import { parameterNames } from '../../core/batchnorm/layer';
import { parameterLabels } from '../../core/batchnorm/statement';
import { formatSignificant } from '../../core/text/format';
import type { FilesFinding, FilesRow, FilesView } from '../../protocol/comparedFiles';

/** Pairs that a report lists: an issue tracker is for reading. */
const mostRows = 40;

/** What two checkpoints come to, ready for an issue tracker: file names without their folders. */
export function filesReport({ a, b, tolerance, verdict, findings, rows, more }: FilesView): string {
  const { rtol, atol, equalNan } = tolerance;
  const pairs = rows.filter(({ closeness }) => closeness !== null).length;
  const left = Math.max(0, rows.length - mostRows) + more;
  const parts = [
    '### Comparison of two checkpoints (Normscope)',
    markdownTable(
      ['side', 'file', 'batch-norm layers'],
      [
        ['A', `\`${a.name}\``, String(a.layers)],
        ['B', `\`${b.name}\``, String(b.layers)],
      ],
    ),
    `${verdict} The tolerance is |a − b| ≤ ${atol} + ${rtol}·|b|${equalNan ? ', and NaN equals NaN' : ''}.`,
    ...findings.map(finding => withPairs(finding, pairs)),
    ...(rows.length === 0 ? [] : [rowsTable(rows.slice(0, mostRows))]),
    ...(left === 0 ? [] : [`And ${left} more.`]),
  ];
  return `${parts.join('\n\n')}\n`;
}

function withPairs(finding: FilesFinding, pairs: number): string {
  return findingMarkdown({ ...finding, message: finding.message + pairsWords(finding, pairs) });
}

function rowsTable(rows: readonly FilesRow[]): string {
  const labels = parameterNames.map(role => `${parameterLabels[role]} |a − b|`);
  const head = ['layer of A', 'of B', 'paired by', ...labels, 'output', 'channel'];
  return markdownTable(
    head,
    rows.map(({ a, b, pairedBy, doubt, foldedInto, apart, effect }) => [
      nameOf(a),
      nameOf(b),
      foldedInto === null
        ? (pairedBy ?? '–') + (doubt === null ? '' : ', not sure')
        : `folded into \`${foldedInto}\``,
      ...apart.map(size => (size === null ? '–' : formatSignificant(size, 4))),
      effect ? formatSignificant(effect.size, 4) : '–',
      effect ? String(effect.channel) : '–',
    ]),
  );
}

function nameOf(name: string | null): string {
  if (name === null) return '–';
  return name === '' ? 'the file’s own layer' : `\`${name}\``;
}
