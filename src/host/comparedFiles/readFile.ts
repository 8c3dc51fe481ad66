import type { NamedStatement } from '../../core/batchnorm/comparing/compareLayers';
import { compareProblem } from '../../core/batchnorm/comparing/pairingFindings';
import type { PairFinding } from '../../core/batchnorm/comparing/findings/registry';
import type { FileTensorShape } from '../../core/batchnorm/folding/findFolds';
import { parameterNames } from '../../core/batchnorm/layer';
import { fail, ok, type Result } from '../../core/problem';
import type { TensorFiles } from '../files/fileEngine';
import { layerIncomplete } from '../findings/lazyDoctor';
import { isAborted } from '../lifecycle';

/** Numbers that are kept of both files: 32 million take 256 MB. */
const mostNumbers = 32_000_000;

/** The batch norms of a file. */
export interface ReadFile {
  readonly layers: readonly NamedStatement[];
  /** Layers that cannot be read, with the reason. */
  readonly problems: readonly PairFinding[];
  readonly tensors: readonly FileTensorShape[];
}

/** How far reading is. */
export type Progress = (done: number, total: number) => void;

/**
 * Reads the batch norms of a file, and nothing else of it.
 * @returns a problem where nothing of it can be compared, or it was stopped
 */
export async function readFile(
  uri: string,
  files: Pick<TensorFiles, 'list' | 'layer'>,
  progress: Progress,
  signal: AbortSignal,
): Promise<Result<ReadFile>> {
  const listed = await files.list(uri, signal);
  if (isAborted(signal)) return cancelled;
  if (!listed.ok) return listed;
  const found = listed.value.layers;
  const numbers = found.reduce((sum, { channels }) => sum + channels * parameterNames.length, 0);
  if (numbers > mostNumbers / 2) {
    return fail(
      'file-too-large',
      `Its batch norms have ${numbers} numbers, and of each file ${mostNumbers / 2} are compared here: use “normscope compare” in a terminal.`,
    );
  }
  const layers: NamedStatement[] = [];
  const problems: PairFinding[] = [];
  for (const [i, { name, channels, incomplete }] of found.entries()) {
    progress(i, found.length);
    if (incomplete) {
      problems.push({ ...(await layerIncomplete(incomplete)), layers: [name] });
      continue;
    }
    const read = await files.layer(uri, name, signal, true);
    if (isAborted(signal)) return cancelled;
    if (read.ok) layers.push({ name, channels, statement: read.value.statement });
    else problems.push(compareProblem(read.problem, name));
  }
  return ok({ layers, problems, tensors: listed.value.tensors });
}

const cancelled = fail('cancelled', 'It was stopped.');
