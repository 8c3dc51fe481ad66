import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { ensureBrowser, browserMissing } from '../hosts/browser.mjs';
import { installServer } from '../hosts/install.mjs';
import { out, root } from '../hosts/places.mjs';
import { copySamples } from '../hosts/workspace.mjs';
import { measureTable, tableOf } from './engine/measureTable';
import { printTable } from './engine/rows';
import { measureFiles } from './files';
import { measureEngine } from './insideWorker';
import { measurePanel } from './insidePanel';
import { measureSlices } from './insideSlices';
import { measureLiterals } from './literals';
import { measureParsing } from './parsing';
import { Measurements, quantile, type Series } from './measure';

const results = join(out, 'bench');
const bundles = ['extension.js', 'engine.js', 'cli.js', 'webview/panel.js'];

/** One round of a script in the extension host, started as the API suite is. */
async function measureInHost(measured: Measurements, script: string): Promise<void> {
  const file = join(results, `${script}.json`);
  await runTests({
    vscodeExecutablePath: join(root, 'test/hosts/launcher.mjs'),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(results, `${script}.js`),
    launchArgs: [copySamples('bench')],
    extensionTestsEnv: { NORMSCOPE_BENCH_RESULTS: file },
  });
  const series = JSON.parse(readFileSync(file, 'utf8')) as Series[];
  for (const { name, milliseconds } of series) measured.add(name, ...milliseconds);
}

function print(series: readonly Series[]): void {
  const width = Math.max(...series.map(({ name }) => name.length));
  const number = (value: number): string => value.toFixed(value < 10 ? 2 : 0).padStart(9);
  console.log(`\n${'milliseconds'.padEnd(width)}   median      p95      max    count`);
  for (const { name, milliseconds } of series) {
    const cells = [0.5, 0.95, 1].map(share => number(quantile(milliseconds, share)));
    console.log(`${name.padEnd(width)}${cells.join('')}${String(milliseconds.length).padStart(9)}`);
  }
}

function bundleSizes(): { name: string; bytes: number }[] {
  return bundles.map(name => ({ name, bytes: statSync(join(root, 'dist', name)).size }));
}

interface Part {
  /** Whether it opens VS Code in a browser. */
  readonly browser: boolean;
  readonly measure: (measured: Measurements) => void | Promise<void>;
}

/** What rounds consist of. Beside them there is `engine`, which has rounds of its own. */
const parts: Readonly<Record<string, Part>> = {
  host: { browser: true, measure: measured => measureInHost(measured, 'insideHost') },
  debugger: { browser: true, measure: measured => measureInHost(measured, 'insideDebugger') },
  panel: { browser: true, measure: measurePanel },
  slices: { browser: true, measure: measureSlices },
  worker: { browser: false, measure: measureEngine },
  literals: { browser: false, measure: measureLiterals },
  parsing: { browser: false, measure: measureParsing },
  files: { browser: false, measure: measureFiles },
};

function chosenParts(only: string | undefined): readonly string[] {
  const known = [...Object.keys(parts), 'engine'];
  const chosen = only === undefined ? known : only.split(',');
  const unknown = chosen.find(name => !known.includes(name));
  if (unknown !== undefined) throw new Error(`--only takes ${known.join(', ')}; not ${unknown}`);
  return chosen;
}

/** Rounds of everything in turn, so that a slow moment of the machine hits all alike. */
async function measureRounds(chosen: readonly Part[], rounds: number): Promise<Measurements> {
  const measured = new Measurements();
  if (chosen.some(({ browser }) => browser)) {
    if ((await ensureBrowser()) === undefined) throw new Error(browserMissing);
    await installServer();
  }
  for (let round = 1; round <= rounds && chosen.length > 0; round++) {
    console.log(`round ${round} of ${rounds}`);
    for (const { measure } of chosen) await measure(measured);
  }
  return measured;
}

async function bench(): Promise<void> {
  const { values } = parseArgs({
    options: { rounds: { type: 'string', default: '5' }, only: { type: 'string' } },
  });
  const rounds = Number(values.rounds);
  const names = chosenParts(values.only);
  const chosen = names.flatMap(name => parts[name] ?? []);
  const measured = await measureRounds(chosen, rounds);
  const table = names.includes('engine') ? await measureTable(measured) : tableOf(measured);
  if (chosen.length > 0) print(measured.all());
  printTable(table);
  const sizes = bundleSizes();
  for (const { name, bytes } of sizes) console.log(`dist/${name}: ${(bytes / 1000).toFixed(0)} kB`);
  const machine = { processors: cpus().map(cpu => cpu.model), node: process.version };
  const summary = measured.all().map(one => ({
    ...one,
    median: quantile(one.milliseconds, 0.5),
    p95: quantile(one.milliseconds, 0.95),
  }));
  mkdirSync(results, { recursive: true });
  const file = join(results, 'bench.json');
  const all = { machine, rounds, table, measured: summary, sizes };
  writeFileSync(file, JSON.stringify(all, null, 2));
  console.log(`All figures: ${file}`);
}

bench().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
