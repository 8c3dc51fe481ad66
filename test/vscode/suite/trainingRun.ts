import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { safetensorsFile, type NamedTensor } from './safetensors';

/** Layers of the run in the order of the network, with their channels. */
const layers: readonly (readonly [string, number])[] = [
  ['bn1', 8],
  ['layer1.0.bn1', 8],
  ['layer1.0.bn2', 8],
  ['layer2.0.bn1', 16],
  ['layer2.0.bn2', 16],
];

/**
 * A checkpoint of a run in which channel 5 of `layer2.0.bn1` has NaN as its moving variance from step 400 on, and
 * every channel of the layer after it from step 500 on; a gamma of `bn1` is dead until step 200.
 * @param width times as many channels as usual
 */
export function checkpointAt(step: number, width = 1): Buffer {
  const tensors: NamedTensor[] = [['conv1.weight', [8, 3, 3, 3], []]];
  for (const [name, usual] of layers) {
    const channels = usual * width;
    const each = (make: (channel: number) => number): number[] =>
      Array.from({ length: channels }, (_, c) => make(c));
    const settled = 1 - 0.9 ** (step / 100);
    const isSick = (c: number): boolean =>
      (name === 'layer2.0.bn1' && c === 5 && step >= 400) ||
      (name === 'layer2.0.bn2' && step >= 500);
    const isDead = (c: number): boolean => name === 'bn1' && c === 2 && step < 200;
    tensors.push(
      [`${name}.weight`, [channels], each(c => (isDead(c) ? 0 : 1 + Math.sin(c + step / 300) / 4))],
      [`${name}.bias`, [channels], each(c => Math.cos(c + step / 500) / 10)],
      [`${name}.running_mean`, [channels], each(c => settled * Math.sin(3 * c))],
      [
        `${name}.running_var`,
        [channels],
        each(c => (isSick(c) ? NaN : 1 + settled * (0.5 + Math.cos(2 * c) / 2))),
      ],
    );
  }
  return safetensorsFile(tensors);
}

/**
 * Writes a run's folder: eight checkpoints, one that was cut while it was written, one of a wider model, and one
 * without a step in its name.
 */
export function writeRun(folder: string): void {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, bytes: Buffer): void => writeFileSync(join(folder, name), bytes);
  for (let step = 100; step <= 800; step += 100) {
    write(`step-${step}.safetensors`, checkpointAt(step));
  }
  write('step-450.safetensors', checkpointAt(450).subarray(0, 300));
  write('step-650.safetensors', checkpointAt(650, 2));
  write('best.safetensors', checkpointAt(300));
}

/** Writes checkpoints without a step in their names, the later in the list the later in time. */
export function writeDated(folder: string, names: readonly string[]): void {
  mkdirSync(folder, { recursive: true });
  for (const [i, name] of names.entries()) {
    const file = join(folder, name);
    writeFileSync(file, checkpointAt(100 * (i + 1)));
    const time = 1_700_000_000 + 3600 * i;
    utimesSync(file, time, time);
  }
}
