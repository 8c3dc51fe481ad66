import { join } from 'node:path';
import { out } from '../../hosts/places.mjs';
import { quantile } from '../measure';
import { LineChild } from './lineChild';
import { atMost, type Table } from './rows';

/** Calls that one figure is the average of. */
const calls = 2000;

/** A training step over a tensor of 16 elements with its result read back, against stock tfjs. */
export async function measureSmall(rounds: number): Promise<Table> {
  const folder = join(out, 'bench');
  const engine = LineChild.start('the engine', process.execPath, [join(folder, 'engineChild.js')]);
  const stock = LineChild.start('tfjs', process.execPath, [join(folder, 'stockChild.js')]);
  const ours: number[] = [];
  const theirs: number[] = [];
  try {
    await engine.ask('prepare', 'small', '1,2,2,4', 3);
    // Both are compiled by then.
    await engine.ask('small', 'small', 10 * calls);
    await stock.ask('small', 10 * calls);
    for (let round = 0; round < rounds; round++) {
      theirs.push(await stock.ask('small', calls));
      ours.push(await engine.ask('small', 'small', calls));
    }
  } finally {
    await Promise.all([engine.stop(), stock.stop()]);
  }
  const median = (values: readonly number[]): number => quantile(values, 0.5);
  return {
    rows: [
      {
        work: '[1,2,2,4], training, result read back',
        against: 'tfjs cpu: moments, batchNorm',
        asked: atMost(0.1),
        reached: median(ours.map((time, round) => time / (theirs[round] as number))),
        ours: median(ours),
        theirs: median(theirs),
      },
    ],
    notes: [
      `[1,2,2,4]: in the engine's thread, without the message there and back; both in the average of ${calls} calls, with the output as an array at the end of each. Ours moves the moving statistics too.`,
    ],
  };
}
