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
 * @property {string[]} failures what failed, by name, where the runner tells
 */

/** @returns {Counts} */
function broken() {
  return {
    passed: 0,
    failed: 1,
    skipped: 0,
    files: [],
    failures: ['a runner that left no report'],
  };
}

/**
 * One test file in vitest's JSON report.
 * @typedef {object} FileReport
 * @property {string} name its absolute path
 * @property {string} status
 * @property {{ status: string, fullName?: string }[]} assertionResults
 */

/**
 * @param {string} file vitest's JSON report
 * @returns {FileReport[]} nothing where there is none
 */
function reportsIn(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).testResults : [];
}

/** @param {FileReport} entry */
function failedIn({ status, assertionResults }) {
  const tests = assertionResults.filter(test => test.status === 'failed').length;
  // A file that cannot be loaded has no tests to fail.
  return tests === 0 && status === 'failed' ? 1 : tests;
}

/** @param {FileReport} entry with failures */
function namesOfFailures({ name, assertionResults }) {
  const file = path.relative(root, name);
  const tests = assertionResults.filter(test => test.status === 'failed');
  return tests.length === 0
    ? [`${file}: could not be loaded`]
    : tests.map(test => `${file}: ${test.fullName ?? ''}`);
}

/**
 * @param {string} file vitest's JSON report
 * @returns {{ name: string, tests: string[] }[]} the files with failures, and the names of the tests that failed
 */
export function failedFiles(file) {
  return reportsIn(file)
    .filter(entry => failedIn(entry) > 0)
    .map(({ name, assertionResults }) => ({
      name,
      tests: assertionResults
        .filter(test => test.status === 'failed')
        .map(test => test.fullName ?? ''),
    }));
}

/**
 * @param {readonly string[]} reports vitest's JSON reports: what a later one says of a file takes the place of an earlier's
 * @param {number} status vitest's exit status, the last one
 * @returns {Counts} at least one failure where the status is not 0, or where there is no report
 */
export function readVitest(reports, status) {
  if (!reports.every(file => existsSync(file))) return broken();
  const last = new Map(reports.flatMap(reportsIn).map(entry => [entry.name, entry]));
  const entries = [...last.values()];
  const tests = entries.flatMap(entry => entry.assertionResults);
  const passed = tests.filter(test => test.status === 'passed').length;
  const failed = entries.reduce((sum, entry) => sum + failedIn(entry), 0);
  const failedTests = tests.filter(test => test.status === 'failed').length;
  return {
    passed,
    ...withStatus(
      failed,
      entries.filter(entry => failedIn(entry) > 0).flatMap(namesOfFailures),
      status,
    ),
    skipped: tests.length - passed - failedTests,
    files: entries.filter(entry => entry.assertionResults.length > 0).map(entry => entry.name),
  };
}

/**
 * @param {string} file what test/vscode/index.ts wrote
 * @param {number} status
 * @returns {Counts}
 */
export function readMocha(file, status) {
  if (!existsSync(file)) return broken();
  const { passed, failed, skipped, files, failures } = JSON.parse(readFileSync(file, 'utf8'));
  return {
    passed,
    ...withStatus(failed, failures, status),
    skipped,
    files: files.map((/** @type {string} */ name) => path.join(root, 'test/vscode', name)),
  };
}

/**
 * A runner that fails although none of its tests did has met an error outside of them: its report says which.
 * @param {number} failed
 * @param {string[]} failures
 * @param {number} status
 * @returns {Pick<Counts, 'failed' | 'failures'>}
 */
function withStatus(failed, failures, status) {
  if (failed > 0 || status === 0) return { failed, failures };
  return { failed: 1, failures: [`no test, but the runner ended with status ${status}`] };
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
