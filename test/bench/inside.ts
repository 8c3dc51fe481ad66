import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { Measurements } from './measure';

/** Measures one round inside of an extension host; the figures go to the file that `NORMSCOPE_BENCH_RESULTS` names. */
export async function measureInside(
  measure: (measured: Measurements) => Promise<void>,
): Promise<void> {
  try {
    const measured = new Measurements();
    await measure(measured);
    const file = process.env.NORMSCOPE_BENCH_RESULTS;
    if (file === undefined) throw new Error('NORMSCOPE_BENCH_RESULTS is not set');
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(measured.all()));
  } catch (error) {
    // The launcher passes on what carries this mark.
    console.log(
      `[suite] ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
    );
    throw error;
  }
}
