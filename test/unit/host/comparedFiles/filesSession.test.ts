import { afterEach, describe, expect, it } from 'vitest';
import type { Statement } from '../../../../src/core/batchnorm/statement';
import { fail, ok } from '../../../../src/core/problem';
import { defaultTolerance } from '../../../../src/core/statistics/compare';
import { filesReport } from '../../../../src/host/comparedFiles/filesReport';
import { FilesSession, type FilesServices } from '../../../../src/host/comparedFiles/filesSession';
import { parseFilesSpec } from '../../../../src/host/comparedFiles/filesSpec';
import type { FilesState, FilesView } from '../../../../src/protocol/comparedFiles';

/** Layers of a file by name; a string is why one cannot be made or read. */
type MemoryFile = Readonly<Record<string, Statement | { readonly incomplete: string } | string>>;

const opened: FilesSession[] = [];
afterEach(() => {
  for (const session of opened.splice(0)) session.dispose();
});

function statement(seed: number, more: Partial<Statement> = {}): Statement {
  const mean = Float64Array.from({ length: 4 }, (_, c) => Math.sin(seed * 7 + c));
  const variance = mean.map(x => 0.5 + x * x);
  return { parameters: { movingMean: mean, movingVariance: variance }, ...more };
}

function servicesOf(files: Record<string, MemoryFile>): FilesServices {
  return {
    place: uri => `/here/${uri}`,
    engine: () => {
      throw new Error('nothing is asked of it');
    },
    files: {
      list: uri => {
        const file = files[uri];
        if (!file) return Promise.resolve(fail('no-file', `There is no file ${uri}.`));
        const layers = Object.entries(file).map(([name, layer]) => ({
          name,
          channels: 4,
          convention: '',
          parameters: {},
          stated: [],
          notes: [],
          ...(typeof layer === 'object' &&
            'incomplete' in layer && { incomplete: { reason: layer.incomplete, evidence: {} } }),
        }));
        const rest = { format: '', bytes: 1, tensors: [], notes: [], beside: [] };
        return Promise.resolve(ok({ ...rest, layers }));
      },
      tensor: () => Promise.resolve(fail('no-tensor', 'There is none.')),
      layer: (uri, name) => {
        const layer = files[uri]?.[name];
        if (typeof layer === 'string') return Promise.resolve(fail('unreadable', layer));
        if (!layer || 'incomplete' in layer) throw new Error('it is not asked for');
        return Promise.resolve(ok({ statement: layer, channels: 4, notes: [], beside: [] }));
      },
    },
  };
}

async function compare(files: Record<string, MemoryFile>): Promise<FilesSession> {
  const session = new FilesSession(servicesOf(files), {
    a: 'a.pt',
    b: 'b.pt',
    tolerance: defaultTolerance,
  });
  opened.push(session);
  await session.refresh();
  return session;
}

function viewOf({ state }: FilesSession): FilesView {
  if (state.kind !== 'ready') throw new Error(`it is ${state.kind}`);
  return state.view;
}

describe('two checkpoints', () => {
  it('have their layers paired, and say how it was done', async () => {
    const view = viewOf(
      await compare({
        'a.pt': { bn1: statement(1), p: statement(2), q: statement(3) },
        'b.pt': { y: statement(3), bn1: statement(1), x: statement(9) },
      }),
    );
    expect(view.rows.map(({ a, b, pairedBy, closeness }) => [a, b, pairedBy, closeness])).toEqual([
      ['bn1', 'bn1', 'name', 'equal'],
      ['p', 'x', 'structure', 'out'],
      ['q', 'y', 'value', 'equal'],
    ]);
    expect(view.rows[1]?.doubt).toMatch(/^They are the only two of 4 channels, but no number/);
    expect(view.closeness).toBe('out');
    expect(view.verdict).toMatch(
      /^Of 3 pairs of layers 2 have equal parameters, 1 has parameters out of tolerance\. Outputs differ most in channel \d of p, by up to \d/,
    );
    expect(view.a).toEqual({ name: 'a.pt', place: '/here/a.pt', layers: 3 });
  });

  it('that are the same say so', async () => {
    const file = { bn1: statement(1), bn2: statement(2) };
    const { verdict, closeness, findings } = viewOf(await compare({ 'a.pt': file, 'b.pt': file }));
    expect(verdict).toBe(
      'Of 2 pairs of layers 2 have equal parameters. Their outputs are the same.',
    );
    expect([closeness, findings]).toEqual(['equal', []]);
  });

  it('go on beside layers that cannot be read, are incomplete, or have no partner', async () => {
    const view = viewOf(
      await compare({
        'a.pt': {
          bn1: statement(1),
          cut: 'Its numbers are cut short.',
          half: { incomplete: 'It has no moving variance' },
        },
        'b.pt': { bn1: statement(1), more: statement(2) },
      }),
    );
    expect(view.findings.map(({ id, layers }) => [id, layers])).toEqual([
      ['unreadable', ['cut']],
      ['layer-incomplete', ['half']],
      ['layer-unpaired', ['more']],
    ]);
    expect(view.verdict).toMatch(/ 1 layer of B has no partner in A\. 2 layers cannot be read\.$/);
    expect(view.rows.at(-1)).toMatchObject({ a: null, b: 'more', closeness: null });
    expect(view.closeness).toBe('out');
  });

  it('of which one is not there say which', async () => {
    const { state } = await compare({ 'a.pt': {} });
    expect(state).toMatchObject({
      kind: 'failed',
      title: 'Compare: a.pt ↔ b.pt',
      problem: { message: 'There is no file b.pt.' },
    });
  });
});

describe('what a page asks for', () => {
  const files = {
    'a.pt': { bn1: statement(1, { epsilon: 1e-3 }) },
    'b.pt': { bn1: statement(1, { epsilon: 1e-5 }) },
  };

  it('swaps the sides without reading them again', async () => {
    const session = await compare(files);
    expect(viewOf(session).findings[0]?.evidence).toMatchObject({ epsilonA: 1e-3, epsilonB: 1e-5 });
    session.act({ kind: 'swap' });
    expect(viewOf(session).busy).toBe(true);
    await session.settled();
    expect(viewOf(session).a.name).toBe('b.pt');
    expect(viewOf(session).findings[0]?.evidence).toMatchObject({ epsilonA: 1e-5, epsilonB: 1e-3 });
    expect(session.state.restore).toMatchObject({ a: 'b.pt', b: 'a.pt' });
  });

  it('sets the tolerance', async () => {
    const session = await compare({
      'a.pt': { bn1: statement(1) },
      'b.pt': { bn1: { parameters: { movingMean: Float64Array.of(1, 2, 3, 4) } } },
    });
    expect(viewOf(session).rows[0]?.closeness).toBe('out');
    session.act({ kind: 'setTolerance', tolerance: { rtol: 0, atol: 100, equalNan: false } });
    await session.settled();
    expect(viewOf(session).rows[0]?.closeness).toBe('within');
    expect(parseFilesSpec(session.state.restore)).toEqual(session.spec);
  });

  it('keeps what is shown where a file has gone, and says so', async () => {
    const disk: Record<string, MemoryFile> = { ...files };
    const session = await compare(disk);
    delete disk['b.pt'];
    session.act({ kind: 'readAgain' });
    await session.settled();
    const { rows, problem, busy } = viewOf(session);
    expect([rows.length, problem?.message, busy]).toEqual([1, 'There is no file b.pt.', false]);
    disk['b.pt'] = files['b.pt'];
    session.act({ kind: 'readAgain' });
    await session.settled();
    expect(viewOf(session).problem).toBeNull();
  });

  it('tells how far reading is, and keeps what is shown when it reads again', async () => {
    const session = await compare(files);
    const states: FilesState['kind'][] = [];
    session.onState(({ kind }) => states.push(kind));
    session.act({ kind: 'readAgain' });
    await session.settled();
    expect(new Set(states)).toEqual(new Set(['ready']));
    expect(viewOf(session).busy).toBe(false);
  });
});

it('a report says what differs, and lists the pairs', async () => {
  const view = viewOf(
    await compare({
      'a.pt': { bn1: statement(1, { epsilon: 1e-3 }), 'odd|name': statement(2) },
      'b.pt': { bn1: statement(1, { epsilon: 1e-5 }) },
    }),
  );
  const report = filesReport(view);
  expect(report).toMatch(/^### Comparison of two checkpoints \(Normscope\)\n/);
  expect(report).toContain('| A | `a.pt` | 2 |');
  expect(report).toContain('#### error: layer-unpaired');
  expect(report).toContain(
    '#### warning: epsilon-differs\n\nEpsilon is 0.001 in A, and 1e-5 in B.',
  );
  expect(report).toMatch(/^\| `bn1` \| `bn1` \| name \| – \| – \| 0 \| 0 \| 0\.00\d+ \| \d \|$/m);
  expect(report).toContain('| `odd\\|name` | – |');
  expect(report).not.toContain('/here/');
});

it.each([undefined, {}, { a: 1, b: 'x' }, { a: 'x' }])('%j is no pair of files', value => {
  expect(parseFilesSpec(value)).toBeUndefined();
});
