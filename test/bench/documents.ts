import { seededRandom } from './measure';

/** A run file over an input of this NHWC shape, one pixel a line. */
export function runFileText(shape: readonly [number, number, number, number]): string {
  const random = seededRandom(7);
  const [n, height, width, channels] = shape;
  const pixel = (): string =>
    `[${Array.from({ length: channels }, () => Math.floor(random() * 100) / 10).join(',')}]`;
  const list = (length: number, item: () => string): string =>
    `[${Array.from({ length }, item).join(',\n')}]`;
  const input = list(n, () => list(height, () => list(width, pixel)));
  return `{ "convention": "tf1", "training": true, "trainable": true, "input":\n${input}\n}\n`;
}

/** A Python file of about this many bytes: arrays of 8 by 8 between other statements. */
export function pythonText(bytes: number): string {
  const random = seededRandom(11);
  const row = (): string =>
    `    [${Array.from({ length: 8 }, () => (random() * 20 - 10).toFixed(4)).join(', ')}],`;
  const parts = ['import numpy as np\n'];
  let size = 0;
  for (let block = 0; size < bytes; block++) {
    const rows = Array.from({ length: 8 }, row).join('\n');
    const text = `layer_${block} = np.array([\n${rows}\n])\nprint(layer_${block}.shape)\n\n`;
    parts.push(text);
    size += text.length;
  }
  return parts.join('');
}

/** A JSON document of about this many bytes: layers of small matrices by name. */
export function jsonText(bytes: number): string {
  const random = seededRandom(13);
  const row = (): string =>
    `    [${Array.from({ length: 8 }, () => (random() * 20 - 10).toFixed(4)).join(', ')}]`;
  const parts: string[] = [];
  let size = 0;
  for (let layer = 0; size < bytes; layer++) {
    const text = `  "layer_${layer}": [\n${Array.from({ length: 8 }, row).join(',\n')}\n  ]`;
    parts.push(text);
    size += text.length + 2;
  }
  return `{\n${parts.join(',\n')}\n}\n`;
}

/** A log of about this many bytes in which this many tensors were printed, as PyTorch does. */
export function logText(bytes: number, tensors: number): string {
  const random = seededRandom(17);
  const row = (indent: string): string =>
    `${indent}[${Array.from({ length: 4 }, () => (random() * 2 - 1).toFixed(4).padStart(7)).join(', ')}]`;
  const each = Math.floor(bytes / tensors);
  const parts: string[] = [];
  for (let step = 0; step < tensors; step++) {
    const tensor = `activation = tensor([${row('').trim()},\n${row('        ')}])`;
    const line = `2026-11-27 05:00:00 INFO step ${step} loss=${random().toFixed(6)} `;
    parts.push(
      `${line}${'.'.repeat(Math.max(0, each - line.length - tensor.length - 2))}\n${tensor}\n`,
    );
  }
  return parts.join('');
}
