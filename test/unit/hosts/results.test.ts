import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { notRun, readMocha, readVitest, summary } from '../../hosts/results.mjs';

const folder = mkdtempSync(join(tmpdir(), 'normscope-results-'));
afterAll(() => rmSync(folder, { recursive: true }));

function report(name: string, content: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(content));
  return file;
}

function vitestReport(over: object): object {
  return {
    numPassedTests: 2,
    numFailedTests: 0,
    numPendingTests: 0,
    numTodoTests: 0,
    testResults: [
      { name: '/a.test.ts', status: 'passed', assertionResults: [{ status: 'passed' }] },
    ],
    ...over,
  };
}

describe('readVitest', () => {
  it('counts what vitest counted', () => {
    const counts = readVitest(report('ok.json', vitestReport({ numPendingTests: 3 })), 0);
    expect(counts).toEqual({ passed: 2, failed: 0, skipped: 3, files: ['/a.test.ts'] });
  });

  it('counts a file that could not be loaded as a failure, and as not run', () => {
    const testResults = [{ name: '/b.test.ts', status: 'failed', assertionResults: [] }];
    const counts = readVitest(report('load.json', vitestReport({ testResults })), 1);
    expect(counts).toMatchObject({ failed: 1, files: [] });
  });

  it('fails where vitest failed without a failing test, or left no report', () => {
    expect(readVitest(report('status.json', vitestReport({})), 1).failed).toBe(1);
    expect(readVitest(join(folder, 'absent.json'), 0).failed).toBe(1);
  });
});

describe('readMocha', () => {
  it('fails where the run was cut short', () => {
    const results = { passed: 5, failed: 0, skipped: 0, files: ['suite/a.test.ts'] };
    expect(readMocha(report('mocha.json', results), 1).failed).toBe(1);
    expect(readMocha(report('mocha.json', results), 0).failed).toBe(0);
    expect(readMocha(join(folder, 'absent.json'), 0).failed).toBe(1);
  });
});

describe('notRun', () => {
  it('names the files that no runner ran', () => {
    const counts = [{ passed: 1, failed: 0, skipped: 0, files: ['/a.test.ts', '/b.test.ts'] }];
    expect(notRun(['/a.test.ts', '/c.test.ts'], counts)).toEqual(['/c.test.ts']);
    expect(notRun(['/b.test.ts'], counts)).toEqual([]);
  });
});

describe('summary', () => {
  it('is one line that adds everything up', () => {
    const one = { passed: 2, failed: 1, skipped: 0, files: [] };
    expect(summary([one, one])).toBe('4 passed, 2 failed');
    expect(summary([one, { ...one, skipped: 1 }])).toBe('4 passed, 2 failed, 1 skipped');
  });
});
