import type { BatchNormLayer } from '../layer';
import type { Finding, Known } from './finding';
import { frozenMoved } from './frozenMoved';
import { ranksDiffer } from './ranksDiffer';
import { relateFiles } from './relatedFiles';

/** One layer as one of two checkpoints has it. */
export interface LayerOfFile {
  /** What the file is called. */
  readonly label: string;
  readonly layer: BatchNormLayer;
  /** Whether the file counts batches. */
  readonly counted: boolean;
}

/**
 * What is found only because there are two checkpoints of one layer: the later of a run beside the
 * earlier, or two ranks of one step.
 * @param a the earlier one, where they are of one run
 */
export function findAcrossFiles(a: LayerOfFile, b: LayerOfFile): readonly Finding[] {
  const file = ({ label, ...layer }: LayerOfFile): Parameters<typeof relateFiles>[0][number] => ({
    label,
    layers: [{ name: '', ...layer }],
  });
  const { are, related } = relateFiles([file(a), file(b)]);
  const known: Known = {
    layer: are === 'ranks' ? a.layer : b.layer,
    rank: 4,
    flags: { training: false, trainable: true },
    ...related[are === 'ranks' ? 0 : 1]?.[0],
  };
  return [frozenMoved, ranksDiffer].flatMap(rule => rule.find(known) ?? []);
}
