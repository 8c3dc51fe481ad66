// @ts-check
// What the runners report, in one shape, and the test that no test file was forgotten.
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './places.mjs';

/**
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {number} skipped
 * @property {string[]} files test files that ran at least one test, absolute
 */

/** @returns {Counts} */
function broken() {
  return { passed: 0, failed: 1, skipped: 0, files: [] };
}

/**
 * @param {string} file vitest's JSON report
 * @param {number} status vitest's exit status
 * @returns {Counts} at least one failure where the status is not 0
 */
export function readVitest(file, status) {
  if (!existsSync(file)) return broken();
  const report = JSON.parse(readFileSync(file, 'utf8'));
  /** @type {{ name: string, status: string, assertionResults: { status: string }[] }[]} */
  const files = report.testResults;
  // A file that cannot be loaded has no tests to fail.
  const unloaded = files.filter(
    entry =>
      entry.status === 'failed' && !entry.assertionResults.some(test => test.status === 'failed'),
  );
  const failed = report.numFailedTests + unloaded.length;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    files: files.filter(entry => entry.assertionResults.length > 0).map(entry => entry.name),
  };
}

/**
 * @param {string} file what test/vscode/index.ts wrote
 * @param {number} status
 * @returns {Counts}
 */
export function readMocha(file, status) {
  if (!existsSync(file)) return broken();
  const { passed, failed, skipped, files } = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed,
    failed: failed === 0 && status !== 0 ? 1 : failed,
    skipped,
    files: files.map((/** @type {string} */ name) => path.join(root, 'test/vscode', name)),
  };
}

/**
 * @param {readonly string[]} all test files on disk
 * @param {readonly Counts[]} counts of every runner
 * @returns {string[]} the files that no runner ran
 */
export function notRun(all, counts) {
  const ran = new Set(counts.flatMap(count => count.files));
  return all.filter(file => !ran.has(file));
}

/**
 * @param {readonly Counts[]} counts
 * @returns {string} `N passed, N failed`, and the skipped where there are any
 */
export function summary(counts) {
  const total = (/** @type {'passed' | 'failed' | 'skipped'} */ key) =>
    counts.reduce((sum, count) => sum + count[key], 0);
  const skipped = total('skipped');
  const tail = skipped > 0 ? `, ${skipped} skipped` : '';
  return `${total('passed')} passed, ${total('failed')} failed${tail}`;
}
