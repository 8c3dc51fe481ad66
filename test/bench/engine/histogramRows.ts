import { join } from 'node:path';
import { out, root } from '../../hosts/places.mjs';
import { quantile } from '../measure';
import { LineChild } from './lineChild';
import { atLeast, atMost, type Row, type Table } from './rows';

const shape = '64,112,112,64';

const asked = [
  'moments large',
  'statistics large',
  'bins large channels',
  'bins large whole',
  'slice large',
] as const;

/** Histograms and slices of a tensor of 205 MB, beside the pass that finds its moments. */
export async function measureHistograms(rounds: number): Promise<Table> {
  const script = join(out, 'bench/engineChild.js');
  const rows: Row[] = [];
  for (const [threads, args] of [
    ['one thread', []],
    ['two threads', [join(root, 'dist/helper.js'), '1']],
  ] as const) {
    const engine = LineChild.start('the engine', process.execPath, [script, ...args]);
    try {
      await engine.ask('prepare', 'large', shape, 3);
      const series = Object.fromEntries(asked.map(line => [line, [] as number[]]));
      for (let round = 0; round <= rounds; round++) {
        for (const line of asked) {
          const took = await engine.ask<number>(line);
          // The first finds code that is not compiled yet.
          if (round > 0) series[line]?.push(took);
        }
      }
      const of = (line: (typeof asked)[number]): readonly number[] => series[line] ?? [];
      const row = (work: string, times: readonly number[], than: readonly number[]): Row => ({
        work: `${work}, ${threads}`,
        against:
          than === of('moments large') ? 'the pass for moments alone' : 'all statistics of a trace',
        ...(than === of('moments large') ? {} : { asked: atLeast(0.5) }),
        reached: quantile(
          times.map((time, i) => (than[i] as number) / time),
          0.5,
        ),
        ours: quantile(times, 0.5),
        theirs: quantile(than, 0.5),
      });
      for (const than of [of('statistics large'), of('moments large')]) {
        rows.push(
          row('histogram of 5.1e7 values, 64 channels: speed', of('bins large channels'), than),
        );
        rows.push(row('histogram of 5.1e7 values, as one: speed', of('bins large whole'), than));
      }
      rows.push({
        work: `cells of a new slice of 205 MB, ${threads}`,
        against: '',
        asked: atMost(50),
        reached: quantile(of('slice large'), 0.5),
        unit: 'ms',
      });
    } finally {
      await engine.stop();
    }
  }
  return {
    rows,
    notes: [
      'Histograms: 64 bins, one pass for all channels. All statistics of a trace are moments, extremes, small histograms and the first NaN.',
    ],
  };
}
