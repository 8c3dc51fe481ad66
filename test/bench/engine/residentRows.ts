import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { out, root } from '../../hosts/places.mjs';
import { atMost, type Table } from './rows';

interface Resident {
  /** Bytes over the start. */
  readonly open: number;
  readonly after: readonly number[];
  readonly idle: number;
}

/** What stays resident of a tensor of 200 MB that is opened and closed ten times. */
export function measureResident(): Table {
  const folder = join(out, 'bench');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      '--expose-gc',
      join(folder, 'residentChild.js'),
      join(root, 'dist/engine.js'),
      join(folder, 'resident.npy'),
    ],
    { encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`the resident child failed: ${stderr}`);
  const { open, after, idle } = JSON.parse(stdout) as Resident;
  const [first = 0] = after;
  const last = after.at(-1) ?? 0;
  return {
    rows: [
      {
        work: 'resident after opening and closing 200 MB ten times',
        against: 'after the first time',
        asked: atMost(20),
        reached: (last - first) / 1e6,
        unit: 'MB more',
      },
      {
        work: 'resident once the idle engine has ended',
        against: 'before it started',
        asked: atMost(40),
        reached: idle / 1e6,
        unit: 'MB more',
      },
    ],
    notes: [
      `Resident: a .npy file of 205 MB, one training step, closed; ${megabytes(open)} MB over the start while it is open with its output, ${after.map(megabytes).join(', ')} MB after each close.`,
    ],
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
