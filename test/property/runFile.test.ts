import { describe, expect, it } from 'vitest';
import { readJsonDocument } from '../../src/core/text/readJsonDocument';
import { JsonScanner } from '../../src/core/text/jsonScanner';
import { parseRunFile } from '../../src/core/text/parseRunFile';
import { windowOver } from '../../src/core/text/textWindow';
import { below, jsonValue, mutate, nestedArray, numberText } from './jsonTexts';
import { must } from './must';
import { printedSeed, Random } from './random';

const random = new Random(printedSeed('runFile'));

function parsesAsJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What run files allow and JSON does not. */
const extension = /NaN|Infinity|\/\/|\/\*|^\ufeff/;

describe(`against JSON.parse (${random.seed})`, () => {
  it('reads any number to the same bits, in float64 and in float32', () => {
    for (let round = 0; round < 40_000; round++) {
      const text = numberText(random);
      const exact = JSON.parse(text) as number;
      const scanner = new JsonScanner(windowOver(text));
      must(scanner.number(false) && Object.is(scanner.value, exact), text);
      scanner.at = 0;
      must(scanner.number(true), text);
      must(Object.is(Math.fround(scanner.value), Math.fround(exact)), text);
    }
  });

  it('reads any nested array to the same numbers and shape', () => {
    for (let round = 0; round < 400; round++) {
      const shape = Array.from({ length: 1 + below(random, 5) }, () => 1 + below(random, 4));
      const text = nestedArray(random, shape);
      const parsed = parseRunFile(text);
      expect(parsed.ok, text).toBe(true);
      if (!parsed.ok) continue;
      const flat = (JSON.parse(text) as number[][]).flat(8);
      expect(parsed.value.input.shape).toEqual(shape);
      expect(parsed.value.input.data, text).toEqual(Float32Array.from(flat));
    }
  });

  it('accepts the same texts', () => {
    let accepted = 0;
    for (let round = 0; round < 20_000; round++) {
      let text = jsonValue(random, 0);
      for (let times = below(random, 3); times > 0; times--) text = mutate(text, random);
      if (extension.test(text)) continue;
      const good = parsesAsJson(text);
      const document = readJsonDocument(text);
      must(!document.problems.hasErrors === good, text);
      if (good) accepted++;
    }
    expect(accepted).toBeGreaterThan(2000);
  });
});

describe(`mutated run files (${random.seed})`, () => {
  const whole = `{ "convention": "tf1", "input": [[[[4, 5.5], [-7e0, 8]]]], "axis": -1, "gamma": [2, 2],
  "running_var": [1, 1], "epsilon": 0.001, "momentum": 0.99, "training": true, "shape": [1, 1, 2, 2] }`;

  it('only ever give problems inside the text', () => {
    for (let round = 0; round < 6000; round++) {
      let text = whole;
      for (let times = 1 + below(random, 6); times > 0; times--) text = mutate(text, random);
      const parsed = parseRunFile(text);
      const problems = parsed.ok ? parsed.value.problems : parsed.problems;
      must(parsed.ok || problems[0]?.severity === 'error', text);
      for (const { message, range, code } of problems) {
        must(/[.?]$/.test(message), message);
        must(/^[a-z0-9]+(-[a-z0-9]+)*$/.test(code), code);
        must(range && range.start >= 0 && range.start <= range.end, text);
        must(range && range.end <= text.length, text);
      }
    }
  });
});
