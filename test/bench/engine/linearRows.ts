import { join } from 'node:path';
import { out } from '../../hosts/places.mjs';
import { quantile } from '../measure';
import { modes } from './cases';
import { LineChild } from './lineChild';
import type { Row, Table } from './rows';

const channels = 40;
const sizes = [1e3, 1e4, 1e5, 1e6, 1e7, 5e7];

/** What an element costs as the work grows. */
export async function measureLinear(rounds: number): Promise<Table> {
  const script = join(out, 'bench/engineChild.js');
  const engine = LineChild.start('the engine', process.execPath, [script]);
  const rows: Row[] = [];
  try {
    for (const size of sizes) {
      await engine.ask('prepare', 'grown', `${size / channels},${channels}`, 1);
      const runs = Math.max(1, Math.floor(1e5 / size));
      for (const mode of modes) {
        // Compiled, and at its full speed.
        await engine.ask('forward', 'grown', mode, Math.min(200, 20 * runs));
        const times: number[] = [];
        for (let round = 0; round < rounds; round++) {
          times.push(await engine.ask('forward', 'grown', mode, runs));
        }
        const ours = quantile(times, 0.5);
        const work = `${size.toExponential(0).replace('+', '')} elements, ${mode}`;
        rows.push({ work, against: '', reached: (ours / size) * 1e6, unit: 'ns an element', ours });
      }
      await engine.ask('forget', 'grown');
    }
  } finally {
    await engine.stop();
  }
  return {
    rows,
    notes: [
      `Growing work: [n,${channels}], as above. What a call costs whatever its size shows up to some 1e5 elements; from about 1e6 the tensors no longer fit the caches.`,
    ],
  };
}
