import { readRunFile } from '../../core/text/parseRunFile';
import { summarizeTensor, summaryLine } from '../../core/text/summaryLine';

export interface Lens {
  /** Offset into the text of the line it stands above. */
  readonly offset: number;
  readonly title: string;
  readonly tooltip: string;
}

/** Longer texts are not read in the host's thread for a summary. */
const longestSummarized = 1 << 20;

/**
 * What stands above the tensor of a run file: a link, and what the tensor holds. A text that cannot be
 * read has the link alone, at its top; the panel says why.
 */
export function runFileLenses(text: string): readonly Lens[] {
  const inspect = (offset: number): Lens => ({
    offset,
    title: '$(pulse) Inspect in Normscope',
    tooltip: 'Run batch norm over this tensor and show every channel',
  });
  if (text.length > longestSummarized) return [inspect(0)];
  const file = readRunFile(text);
  if (!file.ok) return [inspect(0)];
  const { input, keys } = file.value;
  const offset = keys.input.keyRange.start;
  const title = summaryLine(input, summarizeTensor(input.data));
  return [
    inspect(offset),
    { offset, title, tooltip: 'Shape, elements, range, mean and standard deviation' },
  ];
}
