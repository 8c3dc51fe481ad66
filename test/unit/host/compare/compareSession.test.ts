import { afterEach, describe, expect, it } from 'vitest';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import { fail, ok } from '../../../../src/core/problem';
import { defaultTolerance } from '../../../../src/core/statistics/compare';
import { freshView, saveInspection } from '../../../../src/host/inspection/saved';
import { CompareSession } from '../../../../src/host/compare/compareSession';
import { parseCompareSpec, type CompareSide } from '../../../../src/host/compare/compareSpec';
import type { SourceReader } from '../../../../src/host/inspection/sessionServices';
import type { CompareView } from '../../../../src/protocol/compare';
import { InProcessEngine } from '../inspection/inProcessEngine';
import { openSession, seedText } from '../inspection/openSession';

const never = new AbortController().signal;

/** Sources by their name. */
type Texts = Readonly<Record<string, string>>;

const opened: CompareSession[] = [];
const closed = (): Promise<void> => new Promise(resolve => setTimeout(resolve, 20));
afterEach(async () => {
  for (const session of opened.splice(0)) session.dispose();
  await closed();
});

const file = (name: string, more: Partial<CompareSide> = {}): CompareSide => ({
  source: { kind: 'resource', uri: name },
  show: 'output',
  ...more,
});

async function compare(
  texts: Texts,
  a: CompareSide,
  b: CompareSide,
): Promise<{ session: CompareSession; engine: InProcessEngine; held: () => Promise<number> }> {
  const engine = new InProcessEngine();
  // The tests share one tfjs, of which an engine knows from its first tensor on.
  const probe = await engine.client.load({
    shape: [1],
    dtype: 'float32',
    data: Float32Array.of(1),
  });
  if (probe.ok) await engine.client.close(probe.value.id);
  const before = await engine.tensors();
  const reader: SourceReader = {
    read: ({ uri }) => {
      const text = texts[uri];
      if (text === undefined) return Promise.resolve(fail('file-missing', `There is no ${uri}.`));
      const body = ok({ kind: 'runFile', source: { kind: 'text', text } } as const);
      return Promise.resolve(ok({ body, locate: undefined }));
    },
    describe: ({ uri }) => uri,
  };
  const services = { engine: () => engine.client, reader, fallback: () => tf1 };
  const session = new CompareSession(services, { a, b, tolerance: defaultTolerance });
  opened.push(session);
  await session.refresh();
  return { session, engine, held: async () => (await engine.tensors()) - before };
}

function viewOf({ state }: CompareSession): CompareView {
  if (state.kind !== 'ready') throw new Error(JSON.stringify(state));
  return state.view;
}

/** The seed in an inspection, as a side of a comparison. */
async function seedSide(more: Partial<CompareSide>): Promise<CompareSide> {
  const { session } = await openSession();
  const { inspection } = session;
  const saved = saveInspection(session.source, freshView, inspection);
  return file('seed', { saved, ...more });
}

describe('two arrays', () => {
  const texts = { a: '[[1, 2], [3, 4]]', b: '[[1, 2], [3, 4.5]]' };

  it('are compared, and with another tolerance without reading them again', async () => {
    const { session, engine } = await compare(texts, file('a'), file('b'));
    expect(viewOf(session).tensors).toMatchObject({
      closeness: 'out',
      worst: [{ index: [1, 1], a: 4, b: 4.5 }],
    });
    expect(viewOf(session).layers).toBeNull();
    const reads = engine.requests.filter(name => name === 'open').length;
    session.act({ kind: 'setTolerance', tolerance: { ...defaultTolerance, atol: 1 } });
    await session.settled();
    expect(viewOf(session).tensors?.closeness).toBe('within');
    expect(engine.requests.filter(name => name === 'open')).toHaveLength(reads);
    session.act({ kind: 'swap' });
    await session.settled();
    expect(viewOf(session).tensors?.worst[0]).toMatchObject({ a: 4.5, b: 4 });
  });

  it('survive the loss of the engine', async () => {
    const { session, engine } = await compare(texts, file('a'), file('b'));
    engine.restart();
    const grid = {
      offset: 0,
      rows: { count: 2, stride: 2 },
      columns: { count: 2, stride: 1 },
      facets: { count: 1, stride: 0 },
    };
    const spread = await session.spread({ subject: 'difference', grid }, never);
    expect(spread).toMatchObject({ ok: true, value: { n: 4, min: -0.5, max: 0 } });
    engine.restart();
    session.act({ kind: 'setTolerance', tolerance: { ...defaultTolerance, atol: 1 } });
    await session.settled();
    expect(viewOf(session).tensors?.closeness).toBe('within');
  });

  it('stand under their own names where the tolerance changes before the sides have', async () => {
    const { session } = await compare(texts, file('a'), file('b'));
    session.act({ kind: 'swap' });
    session.act({ kind: 'setTolerance', tolerance: { ...defaultTolerance, atol: 0.25 } });
    await session.settled();
    const view = viewOf(session);
    expect(view.a.title).toContain('b');
    expect(view.tolerance.atol).toBe(0.25);
    expect(view.tensors?.worst[0]).toMatchObject({ a: 4.5, b: 4 });
  });

  it('are let go where the engine loses them as soon as they are there', async () => {
    const { session, engine, held } = await compare(texts, file('a'), file('b'));
    const { compare: comparing } = engine.client;
    const lost = fail('engine-restarted', 'The engine was started anew.');
    Object.assign(engine.client, { compare: () => Promise.resolve(lost) });
    await session.refresh();
    expect(session.state).toMatchObject({ kind: 'failed', problem: { code: 'engine-restarted' } });
    await closed();
    expect(await held()).toBe(0);
    Object.assign(engine.client, { compare: comparing });
    session.act({ kind: 'readAgain' });
    await session.settled();
    expect(viewOf(session).tensors?.closeness).toBe('out');
  });

  it('leave nothing in the engine', async () => {
    const { session, held } = await compare(texts, file('a'), file('b'));
    await session.refresh();
    await closed();
    expect(await held()).toBe(2);
    session.dispose();
    await closed();
    expect(await held()).toBe(0);
  });

  it('of which one is missing are a failure that says which', async () => {
    const { session, held } = await compare(texts, file('a'), file('c'));
    expect(session.state).toMatchObject({
      kind: 'failed',
      problem: { message: 'There is no c.' },
    });
    await closed();
    expect(await held()).toBe(0);
  });
});

describe('two run files', () => {
  const layer = (mean: number, channels = 2): string =>
    JSON.stringify({
      input: [Array.from({ length: channels }, (_, c) => c)],
      moving_mean: Array.from({ length: channels }, () => mean),
      moving_variance: Array.from({ length: channels }, () => 1),
      training: false,
    });

  it('have their parameters and their outputs compared, the worst channel first', async () => {
    const { session } = await compare({ a: layer(0), b: layer(1) }, file('a'), file('b'));
    const { tensors, layers } = viewOf(session);
    const worst = tensors?.worst[0] ?? { a: NaN, b: NaN };
    expect(worst.a - worst.b).toBeCloseTo(1 / Math.sqrt(1.001), 6);
    expect(layers?.parameters.map(({ label, closeness }) => [label, closeness])).toEqual([
      ['moving mean', 'out'],
      ['moving variance', 'equal'],
    ]);
    const rows = session.channels(0, 8);
    expect(rows).toMatchObject({ ok: true, value: { channels: Float64Array.of(0, 1) } });
    if (rows.ok) expect([...rows.value.values.subarray(0, 8)]).toEqual([1, 1, 0, 0, 0, 1, 1, 1]);
  });

  it('that are layers of files are both run over the input of A', async () => {
    const input = { kind: 'generated', seed: 1 } as const;
    const side = (uri: string): CompareSide => ({
      source: { kind: 'layer', uri, name: 'bn', input },
      show: 'output',
    });
    const { session, held } = await compare({ a: layer(0), b: layer(3) }, side('a'), side('b'));
    const { tensors, tensorProblem, b } = viewOf(session);
    expect(tensorProblem).toBeNull();
    const worst = tensors?.worst[0] ?? { a: NaN, b: NaN };
    expect(worst.a - worst.b).toBeCloseTo(3 / Math.sqrt(1.001), 5);
    expect(b.notes[0]).toMatch(/^It is run over the input of A/);
    // Both inputs, the output of B, and a copy of that of A.
    expect(await held()).toBe(4);
  });

  it('of other numbers of channels say so', async () => {
    const { session } = await compare({ a: layer(0), b: layer(0, 3) }, file('a'), file('b'));
    const { layerProblem, tensorProblem } = viewOf(session);
    expect(layerProblem?.code).toBe('channels-differ');
    expect(tensorProblem?.code).toBe('shapes-differ');
  });
});

describe('an inspection beside itself', () => {
  it('under two settings of its flags', async () => {
    const a = await seedSide({ flags: { training: true, trainable: true } });
    const b = await seedSide({ flags: { training: false, trainable: true } });
    const { session, held } = await compare({ seed: seedText }, a, b);
    const { tensors, layers, ...sides } = viewOf(session);
    expect(tensors?.closeness).toBe('out');
    expect(layers?.closeness).toBe('equal');
    expect(sides.a.detail).toBe('output, training on, trainable on, [1,2,2,4]');
    // The input, the output over it, and a copy of the output before that.
    expect(await held()).toBe(3);
  });

  it('under another convention', async () => {
    const { session } = await compare(
      { seed: seedText },
      await seedSide({ convention: 'pytorch' }),
      await seedSide({}),
    );
    expect(viewOf(session).layers?.findings.map(({ id }) => id)).toContain('convention-differs');
    expect(viewOf(session).a.detail).toContain('PyTorch');
  });

  it('as its input and its output', async () => {
    const input = await seedSide({ show: 'input' });
    const { session } = await compare({ seed: seedText }, input, await seedSide({}));
    expect(viewOf(session).a.detail).toBe('input, [1,2,2,4]');
    expect(viewOf(session).tensors?.closeness).toBe('out');
  });
});

it('what is compared can be kept as JSON, and nothing else is taken for it', async () => {
  const spec = {
    a: await seedSide({ flags: { training: true, trainable: false }, convention: 'pytorch' }),
    b: file('b'),
    tolerance: { rtol: 1e-3, atol: 0, equalNan: true },
  };
  const kept: unknown = JSON.parse(JSON.stringify(spec));
  expect(parseCompareSpec(kept)).toEqual(JSON.parse(JSON.stringify(spec)));
  expect(parseCompareSpec({ ...spec, tolerance: 'x' })?.tolerance).toEqual(defaultTolerance);
  for (const broken of [null, {}, { a: spec.a }, { ...spec, b: { ...spec.b, show: 'x' } }]) {
    expect(parseCompareSpec(broken)).toBeUndefined();
  }
});
