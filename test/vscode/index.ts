import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

/** What one run of the suites did, for `npm test` to count. */
interface SuiteResults {
  passed: number;
  failed: number;
  skipped: number;
  /** Test files, relative to test/vscode, that ran at least one test. */
  files: string[];
  /** What failed, by name. */
  failures: string[];
}

/**
 * Runs inside the extension host: every suite beside this file, found by glob.
 * `NORMSCOPE_TEST_GREP` narrows the run; `NORMSCOPE_TEST_RESULTS` is where the counts go.
 *
 * @throws where a test failed, which is how VS Code learns it
 */
export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  const grep = process.env.NORMSCOPE_TEST_GREP;
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 20_000,
    // The events below are the report.
    reporter: Mocha.reporters.Base,
    forbidOnly: true,
    ...(grep === undefined || grep === '' ? {} : { grep }),
  });
  const folder = join(__dirname, 'suite');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.test.js'))
    .sort();
  for (const file of files) mocha.addFile(join(folder, file));
  await mocha.loadFilesAsync();
  const results: SuiteResults = { passed: 0, failed: 0, skipped: 0, files: [], failures: [] };
  const ran = new Set<string>();
  await new Promise<void>(resolve => {
    const runner = mocha.run(() => resolve());
    runner.on('suite', suite => say(suite.title));
    runner.on('pass', test => {
      results.passed++;
      ran.add(sourceOf(test.file));
      say(`  ✓ ${test.title} (${test.duration ?? 0} ms)`);
    });
    runner.on('fail', (test, error: unknown) => {
      results.failed++;
      results.failures.push(`${sourceOf(test.file)}: ${test.fullTitle()}`);
      ran.add(sourceOf(test.file));
      say(`  ✗ ${test.title}`);
      say(error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
    runner.on('pending', test => {
      results.skipped++;
      ran.add(sourceOf(test.file));
      say(`  - ${test.title} (skipped)`);
    });
  });
  results.files = [...ran].sort();
  report(results);
  if (results.failed > 0) throw new Error(`${results.failed} failed`);
}

/** A line for the terminal: the launcher keeps what carries this mark and files away the rest. */
function say(text: string): void {
  for (const line of text.split('\n')) if (line !== '') console.log(`[suite] ${line}`);
}

function sourceOf(compiled: string | undefined): string {
  return relative(__dirname, compiled ?? '').replace(/\.js$/, '.ts');
}

function report(results: SuiteResults): void {
  const file = process.env.NORMSCOPE_TEST_RESULTS;
  if (file === undefined) return;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(results));
}
