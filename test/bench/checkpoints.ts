import { writeFileSync } from 'node:fs';
import { safetensorsFile, type NamedTensor } from '../vscode/suite/safetensors';
import type { SparseFile } from './sparseFiles';

const layers = 200;
const channels = 128;
const kernel = [channels, 104, 3, 3];
const kernelSize = 128 * 104 * 9;

/**
 * A checkpoint of about 100 MB with 200 batch norms.
 * @param moved how far each number is from that of the same place in another checkpoint, at most
 */
export function checkpoint(name: string, moved: number): SparseFile {
  return {
    name: `${name}.safetensors`,
    make: path => {
      writeFileSync(path, safetensorsFile(tensors(moved)));
      return true;
    },
  };
}

function tensors(moved: number): NamedTensor[] {
  const values = (count: number, seed: number): number[] =>
    Array.from({ length: count }, (_, i) => 2 + Math.sin(seed + i) + moved * Math.cos(i * i));
  // Layers share numbers, so that a file is made in seconds.
  const vector = values(channels, 1);
  const weights = values(kernelSize, 2);
  return Array.from({ length: layers }, (_, layer) => [
    ...['weight', 'bias', 'running_mean', 'running_var'].map((role): NamedTensor => [
      `blocks.${layer}.bn.${role}`,
      [channels],
      vector,
    ]),
    [`blocks.${layer}.conv.weight`, kernel, weights] satisfies NamedTensor,
  ]).flat();
}
