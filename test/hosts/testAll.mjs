// @ts-check
// `npm test`: sets everything up, runs every check and every test, and ends with `N passed, N failed`.
// Stages run on after a failure, so that one run says everything that is wrong. Node built-ins only until packages are installed.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { browserMissing, ensureBrowser } from './browser.mjs';
import { runChild } from './children.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { installServer } from './install.mjs';
import { out, root } from './places.mjs';
import { failedFiles, notRun, readMocha, readVitest, summary } from './results.mjs';
import { testFiles } from './testFiles.mjs';

/** @typedef {import('./results.mjs').Counts} Counts */

const results = path.join(out, 'results');
const suiteResults = path.join(results, 'suite.json');

/**
 * Runs one of the project's own programs; nested scripts get time to end their children.
 * @param {string[]} args
 */
function node(args) {
  return runChild(process.execPath, args, { cwd: root, grace: 1_000 });
}

/** @param {string} title */
function heading(title) {
  console.log(`\n── ${title}`);
}

/**
 * A stage that either holds or does not.
 * @param {string} title
 * @param {string[]} args
 * @returns {Promise<Counts>}
 */
async function check(title, args) {
  heading(title);
  const ok = (await node(args)) === 0;
  console.log(ok ? `${title}: ok` : `${title}: FAILED`);
  return ok ? { passed: 1, failed: 0, skipped: 0, files: [], failures: [] } : failure(title);
}

/**
 * One failure that no runner counts.
 * @param {string} name
 * @returns {Counts}
 */
function failure(name) {
  return { passed: 0, failed: 1, skipped: 0, files: [], failures: [name] };
}

/**
 * Tests that drive a window wait for programs that are not ours, so a file of them that failed is tried once more, in fresh
 * windows and aloud. Nothing else is: a test of ours alone that fails once has found something.
 * @param {string} file absolute
 */
function drivesWindow(file) {
  return ['webview', 'vscode'].some(folder => file.startsWith(path.join(root, 'test', folder)));
}

/**
 * @param {string} title
 * @param {string[]} extra arguments of vitest
 * @param {string} name of its results
 */
async function vitest(title, extra, name) {
  heading(title);
  const first = path.join(results, `${name}.json`);
  const status = await runVitest(extra, first);
  const failed = failedFiles(first);
  if (failed.length === 0 || !failed.every(({ name: file }) => drivesWindow(file))) {
    return readVitest([first], status);
  }
  heading(`${title}: tried again`);
  for (const { name: file, tests } of failed) {
    console.log([`failed at first: ${path.relative(root, file)}`, ...tests].join('\n  '));
  }
  const second = path.join(results, `${name}-again.json`);
  const files = failed.map(({ name: file }) => file);
  return readVitest([first, second], await runVitest([...extra, ...files], second));
}

/**
 * @param {string[]} extra
 * @param {string} json
 */
function runVitest(extra, json) {
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${json}`];
  return node(['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...extra]);
}

async function apiSuite() {
  heading('API suite in VS Code');
  const first = readMocha(suiteResults, await node(['test/hosts/runSuite.mjs']));
  if (first.failed === 0) return first;
  heading('API suite in VS Code: tried again');
  rmSync(suiteResults, { force: true });
  return readMocha(suiteResults, await node(['test/hosts/runSuite.mjs']));
}

/**
 * Everything that needs dist/ and a real VS Code.
 * @param {Counts[]} counts
 * @param {string | undefined} browser
 */
async function hostStages(counts, browser) {
  if (browser === undefined) {
    console.error(browserMissing);
    counts.push(failure('the browser'));
    return;
  }
  await installServer();
  counts.push(await apiSuite());
  counts.push(await check('package', ['scripts/package.mjs', '--no-build']));
  const config = ['--config', 'test/vscode/e2e/vitest.config.mts'];
  counts.push(await vitest('end to end in VS Code', config, 'e2e'));
}

/**
 * The test that no test file was forgotten.
 * @param {readonly Counts[]} counts of every runner
 * @returns {Counts}
 */
function everyFileRan(counts) {
  const missing = notRun(testFiles(path.join(root, 'test')), counts);
  return {
    passed: missing.length === 0 ? 1 : 0,
    failed: missing.length,
    skipped: 0,
    files: [],
    failures: missing.map(file => `not run: ${path.relative(root, file)}`),
  };
}

/**
 * Prints the last line whatever ends the run: a signal or a time limit counts as one more failure.
 * @param {readonly Counts[]} counts as far as they go
 */
function summariseAtExit(counts) {
  process.once('exit', status => {
    const all = status > 1 ? [...counts, failure('the run was cut short')] : counts;
    // Names stand beside the counts, where whoever reads the end of a long report finds them.
    for (const name of all.flatMap(count => count.failures)) console.log(`failed: ${name}`);
    console.log(summary(all));
  });
}

async function testAll() {
  const start = Date.now();
  /** @type {Counts[]} */
  const counts = [];
  summariseAtExit(counts);
  await ensureDependencies();
  const browser = await ensureBrowser();
  rmSync(out, { recursive: true, force: true });
  counts.push(await check('types', ['scripts/types.mjs']));
  counts.push(
    await check('lint', ['node_modules/eslint/bin/eslint.js', '.', '--max-warnings', '0']),
  );
  const format = ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'];
  counts.push(await check('format', format));
  counts.push(await vitest('unit, golden, property and webview tests', [], 'unit'));
  const build = await check('build', ['esbuild.js']);
  counts.push(build);
  if (build.failed === 0) await hostStages(counts, browser);
  counts.push(everyFileRan(counts));
  console.log(`\n${Math.round((Date.now() - start) / 1000)} s`);
  process.exit(counts.some(count => count.failed > 0) ? 1 : 0);
}

testAll().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(2);
});
