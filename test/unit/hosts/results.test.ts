import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from '../../hosts/places.mjs';
import { failedFiles, notRun, readMocha, readVitest, summary } from '../../hosts/results.mjs';

const folder = mkdtempSync(join(tmpdir(), 'normscope-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function file(name: string, ...statuses: string[]): object {
  const assertionResults = statuses.map((status, i) => ({ status, fullName: `test ${i}` }));
  return { name, status: statuses.includes('failed') ? 'failed' : 'passed', assertionResults };
}

const unloadable = { name: '/broken.test.ts', status: 'failed', assertionResults: [] };

describe('readVitest', () => {
  it('counts tests by how they ended', () => {
    const testResults = [
      file('/a.test.ts', 'passed', 'passed', 'skipped'),
      file('/b.test.ts', 'failed'),
    ];
    const counts = readVitest([report('ok.json', { testResults })], 1);
    expect(counts).toEqual({
      passed: 2,
      failed: 1,
      skipped: 1,
      files: ['/a.test.ts', '/b.test.ts'],
      failures: [`${relative(root, '/b.test.ts')}: test 0`],
    });
  });

  it('counts a file that could not be loaded as a failure, and as not run', () => {
    const counts = readVitest([report('load.json', { testResults: [unloadable] })], 1);
    expect(counts).toMatchObject({
      failed: 1,
      files: [],
      failures: [`${relative(root, '/broken.test.ts')}: could not be loaded`],
    });
  });

  it('fails where vitest failed without a failing test, or left no report', () => {
    const passed = report('status.json', { testResults: [file('/a.test.ts', 'passed')] });
    expect(readVitest([passed], 1)).toMatchObject({
      failed: 1,
      failures: ['no test, but the runner ended with status 1'],
    });
    expect(readVitest([passed], 0).failed).toBe(0);
    expect(readVitest([join(folder, 'absent.json')], 0).failed).toBe(1);
    expect(readVitest([passed, join(folder, 'absent.json')], 0).failed).toBe(1);
  });

  it('takes the last word on each file', () => {
    const first = report('first.json', {
      testResults: [file('/a.test.ts', 'passed'), file('/b.test.ts', 'passed', 'failed')],
    });
    const mended = report('mended.json', { testResults: [file('/b.test.ts', 'passed', 'passed')] });
    expect(readVitest([first, mended], 0)).toMatchObject({ passed: 3, failures: [] });
    const still = report('still.json', { testResults: [file('/b.test.ts', 'failed', 'failed')] });
    expect(readVitest([first, still], 1)).toMatchObject({ passed: 1, failed: 2 });
  });
});

describe('failedFiles', () => {
  it('names the files with failures, and the tests', () => {
    const testResults = [
      file('/a.test.ts', 'passed'),
      file('/b.test.ts', 'passed', 'failed'),
      unloadable,
    ];
    expect(failedFiles(report('failed.json', { testResults }))).toEqual([
      { name: '/b.test.ts', tests: ['test 1'] },
      { name: '/broken.test.ts', tests: [] },
    ]);
    expect(failedFiles(join(folder, 'absent.json'))).toEqual([]);
  });
});

describe('readMocha', () => {
  it('fails where the run was cut short', () => {
    const results = {
      passed: 5,
      failed: 0,
      skipped: 0,
      files: ['suite/a.test.ts'],
      failures: ['a'],
    };
    expect(readMocha(report('mocha.json', results), 1).failed).toBe(1);
    expect(readMocha(report('mocha.json', results), 0)).toMatchObject({
      failed: 0,
      failures: ['a'],
    });
    expect(readMocha(join(folder, 'absent.json'), 0).failed).toBe(1);
  });
});

describe('notRun', () => {
  it('names the files that no runner ran', () => {
    const files = ['/a.test.ts', '/b.test.ts'];
    const counts = [{ passed: 1, failed: 0, skipped: 0, files, failures: [] }];
    expect(notRun(['/a.test.ts', '/c.test.ts'], counts)).toEqual(['/c.test.ts']);
    expect(notRun(['/b.test.ts'], counts)).toEqual([]);
  });
});

describe('summary', () => {
  it('is one line that adds everything up', () => {
    const one = { passed: 2, failed: 1, skipped: 0, files: [], failures: [] };
    expect(summary([one, one])).toBe('4 passed, 2 failed');
    expect(summary([one, { ...one, skipped: 1 }])).toBe('4 passed, 2 failed, 1 skipped');
  });
});
