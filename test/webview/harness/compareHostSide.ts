import { defaultConvention } from '../../../src/core/batchnorm/conventions/registry';
import { ok } from '../../../src/core/problem';
import { defaultTolerance } from '../../../src/core/statistics/compare';
import { ComparePanel } from '../../../src/host/compare/comparePanel';
import { parseCompareSpec, type CompareSide } from '../../../src/host/compare/compareSpec';
import { CompareSession } from '../../../src/host/compare/compareSession';
import type { SourceReader } from '../../../src/host/inspection/sessionServices';
import { coreEngine } from './coreEngine';
import { openWebview } from './webviewSide';

/** What the tests reach into. */
export interface CompareHarness {
  /** Messages from the page, as they were carried. */
  readonly posted: unknown[];
}

declare global {
  interface Window {
    compare: CompareHarness;
  }
}

/** Values with one that stands out, at [1, 2, 5, 6] of [2, 3, 8, 8]. */
function images(change: (x: number, i: number) => number): number[] {
  return Array.from({ length: 384 }, (_, i) => change(Math.fround(Math.sin(i)), i));
}

const outlier = 192 + 2 * 64 + 5 * 8 + 6;
const close = images((x, i) => (i === outlier ? x + 3 : x + 1e-6 * Math.cos(i)));
const shape = [2, 3, 8, 8];

function layer(channels: number, moved: number, more: object): string {
  const each = (make: (c: number) => number): number[] =>
    Array.from({ length: channels }, (_, c) => make(c));
  return JSON.stringify({
    input: [each(c => c / channels), each(c => -c / channels)],
    gamma: each(() => 1),
    moving_mean: each(c => (c === 700 ? moved : 0)),
    moving_variance: each(() => 1),
    ...more,
  });
}

/** The texts of A and of B. */
const scenarios: Readonly<Record<string, readonly [string, string]>> = {
  images: [
    JSON.stringify({ input: images(x => x), shape }),
    JSON.stringify({ input: close, shape }),
  ],
  shapes: ['[[1, 2]]', '[1, 2]'],
  nan: ['[[NaN, 1], [2, Infinity]]', '[[NaN, 1], [2, -Infinity]]'],
  layers: [
    layer(1000, 0, { convention: 'keras3', momentum: 0.99 }),
    layer(1000, 5, { convention: 'pytorch', momentum: 0.1 }),
  ],
};

const parameters = new URLSearchParams(location.search);
const texts = scenarios[parameters.get('scenario') ?? 'images'] ?? ['', ''];

const reader: SourceReader = {
  read: ({ uri }) => {
    const text = texts[uri.endsWith('a.json') ? 0 : 1];
    const body = ok({ kind: 'runFile', source: { kind: 'text', text } } as const);
    return Promise.resolve(ok({ body, locate: () => Promise.resolve('') }));
  },
  describe: ({ uri }) => uri,
};
const side = (name: string): CompareSide => ({
  source: { kind: 'resource', uri: `file:///workspace/${name}.json` },
  show: 'output',
});

const engine = coreEngine();
const kept: unknown = JSON.parse(sessionStorage.getItem('state') ?? 'null');
const restore =
  typeof kept === 'object' && kept !== null && 'restore' in kept ? kept.restore : null;
const spec = parseCompareSpec(restore) ?? {
  a: side('a'),
  b: side('b'),
  tolerance: defaultTolerance,
};
const session = new CompareSession(
  { engine: () => engine, reader, fallback: () => defaultConvention },
  spec,
);
const { panel, posted } = openWebview();
new ComparePanel(panel, session, error => console.error(error));
void session.refresh();

window.compare = { posted };
