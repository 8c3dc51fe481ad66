import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { out, root } from '../../hosts/places.mjs';
import { usefulHelpers } from '../../../src/engine/threads/usefulHelpers';
import { quantile } from '../measure';
import { cases, elementsOf, modes, type Case, type Mode } from './cases';
import { LineChild } from './lineChild';
import { atLeast, atMost, type Row, type Table } from './rows';

const here = join(root, 'test/bench/engine');
const folder = join(out, 'bench');

/** Debian's, which python3-torch is for. */
const python = '/usr/bin/python3';

/** The contenders of a round, each a process; all but one are of one thread. */
interface Contenders {
  readonly engine: LineChild;
  /** The engine with its helpers, where the machine has processors for them. */
  readonly team: LineChild | undefined;
  readonly torch: LineChild | undefined;
  /** A C program, where there is a compiler; else the engine, in WebAssembly. */
  readonly memory: LineChild;
  readonly notes: readonly string[];
}

/** Milliseconds of one piece of work, round by round. */
interface Rounds {
  readonly ours: number[];
  readonly team: number[];
  readonly torch: number[];
  readonly memory: number[];
}

/** Batch norm forward against PyTorch and against the memory: everything in turn within each round. */
export async function measureForward(rounds: number): Promise<Table> {
  const { engine, team, torch, memory, notes } = startContenders();
  const rows: Row[] = [];
  try {
    for (const one of cases) {
      const prepare = ['prepare', one.key, one.shape.join(','), one.axis] as const;
      await engine.ask(...prepare);
      await team?.ask(...prepare);
      await torch?.ask(...prepare);
      const found = new Map<Mode, Rounds>(
        modes.map(mode => [mode, { ours: [], team: [], torch: [], memory: [] }]),
      );
      for (let round = 0; round < rounds; round++) {
        for (const [mode, { ours, team: several, torch: theirs, memory: bare }] of found) {
          const bytes = elementsOf(one.shape) * 4;
          if (torch) theirs.push(await torch.ask('forward', one.key, mode));
          ours.push(await engine.ask('forward', one.key, mode));
          if (team) several.push(await team.ask('forward', one.key, mode));
          bare.push(await memory.ask(mode === 'training' ? 'read' : 'copy', bytes));
        }
      }
      for (const [mode, times] of found) rows.push(...rowsOf(one, mode, times));
      await engine.ask('forget', one.key);
      await team?.ask('forget', one.key);
    }
  } finally {
    await Promise.all([engine.stop(), team?.stop(), torch?.stop(), memory.stop()]);
  }
  return { rows, notes };
}

function rowsOf({ name, asked }: Case, mode: Mode, times: Rounds): Row[] {
  const { ours, team, torch, memory } = times;
  const work = `${name}, ${mode}`;
  const against = mode === 'training' ? 'memory: read and copy' : 'memory: copy';
  const figure = asked[mode];
  const rows: Row[] = [];
  if (torch.length > 0) {
    const one = { work, against: 'PyTorch, one thread, warm' };
    rows.push({
      ...one,
      ...shareOf(torch, ours),
      ...(figure !== undefined && { asked: atMost(figure) }),
    });
  }
  rows.push({ work, against, ...speedOf(memory, ours), asked: atLeast(0.7) });
  if (team.length > 0) {
    const shared = `${work}, ${usefulHelpers() + 1} threads`;
    rows.push({ work: shared, against: 'one thread', ...shareOf(ours, team) });
    rows.push({ work: shared, against, ...speedOf(memory, team) });
  }
  return rows;
}

type Figures = Pick<Row, 'reached' | 'ours' | 'theirs'>;

/** Our time as a share of theirs. */
function shareOf(theirs: readonly number[], ours: readonly number[]): Figures {
  const ratios = ours.map((time, round) => time / (theirs[round] as number));
  return { reached: median(ratios), ours: median(ours), theirs: median(theirs) };
}

/** Our speed as a share of theirs. */
function speedOf(theirs: readonly number[], ours: readonly number[]): Figures {
  const ratios = ours.map((time, round) => (theirs[round] as number) / time);
  return { reached: median(ratios), ours: median(ours), theirs: median(theirs) };
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function startContenders(): Contenders {
  const notes = [
    'Forward: runForward of the engine, through tfjs. Training takes the moments anew, writes the output and moves the moving statistics; inference writes the output, the statistics that the panel shows beside it being known. Each has run once before it is timed, and the medians are of the ratios within a round.',
  ];
  const engine = LineChild.start('the engine', process.execPath, [join(folder, 'engineChild.js')]);
  const team = startTeam(notes);
  return { engine, team, torch: startTorch(notes), memory: startMemory(notes) ?? engine, notes };
}

function startTeam(notes: string[]): LineChild | undefined {
  const helpers = usefulHelpers();
  if (helpers < 1) {
    notes.push('Threads: not measured, because there is one processor.');
    return undefined;
  }
  notes.push(
    `Threads: the same engine with ${helpers} helper(s), which are there before the first round. Beside other work on the same processors they gain less, down to nothing.`,
  );
  const args = [join(folder, 'engineChild.js'), join(root, 'dist/helper.js'), String(helpers)];
  return LineChild.start('the engine with helpers', process.execPath, args);
}

function startTorch(notes: string[]): LineChild | undefined {
  const found = spawnSync(python, ['-c', 'import torch; print(torch.__version__)'], {
    encoding: 'utf8',
  });
  if (found.status !== 0) {
    notes.push(
      `Not measured against PyTorch: ${python} cannot import torch (Debian: apt install python3-torch).`,
    );
    return undefined;
  }
  notes.push(
    `PyTorch ${found.stdout.trim()}: its native_batch_norm has no out= on the CPU (1.13), so malloc is told to keep what is freed (MALLOC_MMAP_THRESHOLD_, MALLOC_TRIM_THRESHOLD_, MALLOC_TOP_PAD_): its output is warm, and costs it no page faults.`,
  );
  const keep = String(2 ** 31);
  return LineChild.start('PyTorch', python, [join(here, 'torchChild.py')], {
    OMP_NUM_THREADS: '1',
    MALLOC_MMAP_THRESHOLD_: keep,
    MALLOC_TRIM_THRESHOLD_: keep,
    MALLOC_TOP_PAD_: String(2 ** 29),
  });
}

function startMemory(notes: string[]): LineChild | undefined {
  const program = join(folder, 'memory');
  const built = spawnSync('cc', ['-O3', '-march=native', '-o', program, join(here, 'memory.c')]);
  if (built.status !== 0 || !existsSync(program)) {
    notes.push('Memory: passes in WebAssembly, because there is no C compiler (cc).');
    return undefined;
  }
  notes.push(
    'Memory: one copy (memcpy), or a read pass and a copy, of the same bytes in C; the reached figure is its time as a share of ours. Of large arrays memcpy writes past the caches, which neither WebAssembly nor PyTorch does: ordinary stores move a third more bytes.',
  );
  return LineChild.start('the memory', program, []);
}
