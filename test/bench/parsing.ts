import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { out, root } from '../hosts/places.mjs';
import { seededRandom, type Measurements } from './measure';

const folder = join(out, 'bench');
const file = join(folder, 'parsing.json');
const megabytes = 100;

/** A program that is measured from outside: in a process of its own, for its memory. */
interface Contender {
  readonly name: string;
  readonly run: () => Measured | undefined;
}

interface Measured {
  readonly milliseconds: number;
  /** Over what the process had before. */
  readonly peakBytes?: number;
}

const parsers: readonly Contender[] = [
  { name: 'parsing: JSON.parse, then flattened', run: () => child('jsonParse') },
  { name: 'parsing: from the file to a float32 tensor', run: () => child('normscope') },
];

const processes: readonly Contender[] = [
  { name: 'file to trace: Python, json.load, torch.tensor, F.batch_norm', run: python },
  { name: 'file to trace: normscope run', run: commandLine },
];

/**
 * One round of each program in turn over one file of 100 MB, with the ratios of that round: the second of
 * a pair against the first. Of `JSON.parse` the time to read the file does not count; of ours it does.
 */
export function measureParsing(measured: Measurements): void {
  if (!existsSync(file)) writeTensor();
  for (const [reference, own] of [parsers, processes] as const) {
    if (!reference || !own) continue;
    const against = reference.run();
    const ours = own.run();
    if (ours) add(measured, own.name, ours);
    if (!against || !ours) continue;
    add(measured, reference.name, against);
    measured.add(`${own.name}: share of its time`, ours.milliseconds / against.milliseconds);
    if (ours.peakBytes !== undefined && against.peakBytes !== undefined) {
      measured.add(`${own.name}: share of its memory`, ours.peakBytes / against.peakBytes);
    }
  }
}

function add(measured: Measurements, name: string, { milliseconds, peakBytes }: Measured): void {
  measured.add(name, milliseconds);
  if (peakBytes !== undefined) measured.add(`${name}: peak MB`, peakBytes / 1e6);
}

/** NHWC activations, as Python prints float32: 8 to 9 digits, rows of 64 channels. */
function writeTensor(): void {
  mkdirSync(folder, { recursive: true });
  const random = seededRandom(17);
  const normal = (): number => random() + random() + random() + random() - 2;
  const value = (): string => String(Math.fround(normal())).slice(0, 11);
  const list = (length: number, item: () => string): string =>
    `[${Array.from({ length }, item).join(', ')}]`;
  const descriptor = openSync(file, 'w');
  const image = (): string => list(28, () => list(28, () => list(64, value)));
  writeSync(descriptor, '[');
  for (let size = 0; size < megabytes * 1e6;) {
    size += writeSync(descriptor, `${size === 0 ? '' : ',\n'}${image()}`);
  }
  writeSync(descriptor, ']\n');
  closeSync(descriptor);
}

function child(kind: 'jsonParse' | 'normscope'): Measured {
  const script = join(folder, 'parsingChild.js');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--expose-gc', script, kind, file],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${kind} failed: ${stderr}`);
  return JSON.parse(stdout) as Measured;
}

function commandLine(): Measured {
  return wholeProcess(process.execPath, [
    join(root, 'dist/cli.js'),
    'run',
    file,
    '--training',
    '--json',
  ]);
}

const program = `
import json, sys, torch
import torch.nn.functional as F
x = torch.tensor(json.load(open(sys.argv[1])))
c = x.shape[-1]
y = F.batch_norm(x.movedim(-1, 1), torch.zeros(c), torch.ones(c), training=True)
print(y.mean().item(), y.std().item())
`;

/** Debian's, which python3-torch is for. */
const debianPython = '/usr/bin/python3';
let torch: boolean | undefined;

function python(): Measured | undefined {
  torch ??= spawnSync(debianPython, ['-c', 'import torch']).status === 0;
  if (torch) return wholeProcess(debianPython, ['-c', program, file]);
  console.log(
    `not measured against Python: ${debianPython} cannot import torch (Debian: apt install python3-torch)`,
  );
  return undefined;
}

function wholeProcess(command: string, args: readonly string[]): Measured {
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  const milliseconds = performance.now() - start;
  if (status !== 0) throw new Error(`${command} failed: ${stderr}`);
  return { milliseconds };
}
