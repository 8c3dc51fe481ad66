import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keras2 } from '../../../../../src/core/batchnorm/conventions/keras2';
import { findBatchNormCalls } from '../../../../../src/core/code/batchNormCalls/findCalls';
import { codeFile } from '../../../../../src/core/code/codeFile';
import { pythonCode } from '../../../../../src/core/code/codeLanguage';
import { checkCode } from '../../../../../src/core/code/rules/checkCode';
import { longestChecked } from '../../../../../src/core/code/rules/limits';
import { findingsIn, namesOf, places, textOf } from './ruleFixtures';

const bad = textOf('momentum-convention.bad.py');
const torch = '/usr/lib/python3/dist-packages/torch';

/** Milliseconds for all of python3-torch's sources: some 3,000 where nothing else runs. */
const longest = 60_000;

describe('checkCode', () => {
  it.each(namesOf('official'))('finds no fault with %s', name => {
    const text = textOf(`official/${name}`);
    expect(places(text, findingsIn(name, text))).toEqual([]);
  });

  it('is given calls to look at by most of the official examples', () => {
    const withCalls = namesOf('official').filter(name => {
      if (!name.endsWith('.py')) return false;
      return (
        findBatchNormCalls(codeFile(textOf(`official/${name}`), pythonCode), keras2).length > 0
      );
    });
    expect(withCalls.length).toBeGreaterThanOrEqual(12);
  });

  it('finds faults in the order of the text, and asks only the rules that are on', () => {
    const starts = findingsIn('a.py', bad).map(({ range }) => range.start);
    expect(starts.length).toBeGreaterThan(5);
    expect(starts).toEqual([...starts].sort((a, b) => a - b));
    expect(
      checkCode(codeFile(bad, pythonCode), keras2, id => id !== 'momentum-convention'),
    ).toEqual([]);
  });

  it('says nothing of tests, which set extremes on purpose', () => {
    expect(findingsIn('a.py', `import unittest\n${bad}`)).toEqual([]);
    expect(findingsIn('a.py', `from torch.testing._internal import common\n${bad}`)).toEqual([]);
  });

  it('says nothing of what is not code, is damaged, or is too long', () => {
    for (const text of [
      '',
      'batch_norm',
      'nn.BatchNorm2d(',
      'nn.BatchNorm2d(momentum=',
      '(((batchnorm',
    ]) {
      expect(findingsIn('a.py', text)).toEqual([]);
    }
    expect(findingsIn('a.py', bad + '#'.repeat(longestChecked))).toEqual([]);
  });

  it('takes any part of a file for a file', () => {
    for (const name of namesOf().filter(own => own.includes('.bad.'))) {
      const text = textOf(name);
      for (let end = 0; end < text.length; end += 37) findingsIn(name, text.slice(0, end));
    }
  });

  const skips = existsSync(join(torch, 'nn/modules/batchnorm.py'))
    ? ''
    : ' (skipped: python3-torch is not installed)';
  it.skipIf(skips !== '')(`finds no fault with the sources of python3-torch${skips}`, () => {
    const files = execFileSync('find', [torch, '-name', '*.py'], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(files.length).toBeGreaterThan(500);
    const start = performance.now();
    const found = files.flatMap(file => {
      const text = readFileSync(file, 'utf8');
      return places(text, findingsIn(file, text)).map(place => `${file}:${place}`);
    });
    expect(found).toEqual([]);
    expect(performance.now() - start).toBeLessThan(longest);
  });
});
