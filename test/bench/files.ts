import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { out } from '../hosts/places.mjs';
import type { Measurements } from './measure';
import { checkpoint } from './checkpoints';
import { hundred, hundredHalf, listed, sparseFile, two, type SparseFile } from './sparseFiles';

/** What a process of its own says of one thing that it did with a file. */
export interface FileMeasured {
  readonly milliseconds: number;
  readonly bytesRead?: number;
  /** Resident memory at most, over what there was before. */
  readonly peakBytes?: number;
  /** Of the time that reading the bytes alone takes. */
  readonly share?: number;
}

/** Files of gigabytes: to list each, to read one tensor, to summarise one. Each in a new process, which is cold. */
export function measureFiles(measured: Measurements): void {
  const folder = mkdtempSync(join(tmpdir(), 'normscope-bench-'));
  try {
    for (const file of listed) measure(measured, folder, file, 'list', `listing ${file.name}`);
    measure(measured, folder, hundred, 'read', 'reading a tensor of 100 MB');
    measure(measured, folder, hundredHalf, 'read', 'reading a bfloat16 tensor of 100 MB');
    measure(measured, folder, two, 'summarise', 'statistics of a tensor of 2 GB');
    measureComparisons(measured, folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Two checkpoints of 100 MB with 200 layers, which differ in every number. */
function measureComparisons(measured: Measurements, folder: string): void {
  const [before, after] = [checkpoint('before', 0), checkpoint('after', 1e-3)];
  if (sparseFile(folder, after) === undefined) return;
  measure(measured, folder, before, 'compare', 'comparing two checkpoints of 100 MB');
  measure(measured, folder, before, 'compareLayers', 'comparing their 200 layers alone');
  measure(measured, folder, before, 'doctor', 'doctor on one of them');
  measure(measured, folder, before, 'doctorBoth', 'doctor on both, in order');
}

function measure(
  measured: Measurements,
  folder: string,
  file: SparseFile,
  what: string,
  name: string,
): void {
  const path = sparseFile(folder, file);
  if (path === undefined) return;
  const script = join(out, 'bench/filesChild.js');
  const args = ['--expose-gc', script, what, path];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${what} ${path} failed: ${stderr}`);
  const { milliseconds, bytesRead, peakBytes, share } = JSON.parse(stdout) as FileMeasured;
  measured.add(`files: ${name}`, milliseconds);
  if (bytesRead !== undefined) measured.add(`files: ${name}: kB read`, bytesRead / 1000);
  if (peakBytes !== undefined) measured.add(`files: ${name}: memory MB`, peakBytes / 1e6);
  if (share !== undefined) measured.add(`files: ${name}: share of reading its bytes`, share);
}
