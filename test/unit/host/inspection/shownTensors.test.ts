import { describe, expect, it } from 'vitest';
import type { Result } from '../../../../src/core/problem';
import type { CellSpread } from '../../../../src/core/statistics/cellSpread';
import type { TensorData } from '../../../../src/core/tensor/tensor';
import { toWireLayer } from '../../../../src/protocol/wireLayer';
import { openSession } from './openSession';

describe('an engine that stops', () => {
  it('reads and computes once for all pictures that miss their tensors', async () => {
    const opened = await openSession();
    const before = await opened.engine.tensors();
    opened.engine.restart();
    opened.engine.requests.length = 0;
    const { signal } = new AbortController();
    const spread = (): Promise<Result<CellSpread>> =>
      opened.session.tensors.over(signal, ({ engine, output }) =>
        engine.spread({ of: { tensor: output }, grid: wholeGrid }, { signal }),
      );
    const answers = await Promise.all([spread(), spread(), spread(), spread()]);
    expect(answers.map(answer => answer.ok && answer.value.n)).toEqual([16, 16, 16, 16]);
    const { requests } = opened.engine;
    expect(requests.filter(name => name === 'open')).toHaveLength(1);
    // Those that find the input and the output gone, and the one that computes.
    expect(requests.filter(name => name === 'step')).toHaveLength(2);
    opened.session.dispose();
    expect(await opened.engine.tensors()).toBe(before);
  });

  it('is asked again by the next one where the first to miss a tensor gives up', async () => {
    const opened = await openSession();
    opened.engine.restart();
    const giveUp = new AbortController();
    const { signal } = new AbortController();
    const read = (own: AbortSignal): Promise<Result<TensorData>> =>
      opened.session.tensors.over(own, ({ engine, output }) =>
        engine.read({ tensor: output, start: 0, count: 1 }, { signal: own }),
      );
    const [first, second] = [read(giveUp.signal), read(signal)];
    giveUp.abort();
    await first;
    expect(await second).toMatchObject({ ok: true });
  });
});

describe('an output that was written over for a result that never came', () => {
  it('is computed again for whoever asks', async () => {
    const opened = await openSession();
    const { shown } = opened.session;
    const { inspection } = opened.session;
    if (!shown || !inspection) throw new Error('nothing is shown');
    // As a step does that was cancelled after it had begun to write.
    const layer = toWireLayer(inspection.present.layer);
    const request = { input: shown.input.handle.id, layer, flags: inspection.flags, steps: 3 };
    expect(await opened.engine.client.step(request)).toMatchObject({ ok: true });
    const { signal } = new AbortController();
    const read = await opened.session.tensors.over(signal, ({ engine, output }) =>
      engine.read({ tensor: output, start: 0, count: 1 }, { signal }),
    );
    expect(read).toMatchObject({ ok: true });
  });

  it('is not superseded by copying all results', async () => {
    const opened = await openSession();
    const { signal } = new AbortController();
    const requests = [
      opened.session.tensors.all(),
      opened.session.tensors.over(signal, ({ engine, output }) =>
        engine.read({ tensor: output, start: 0, count: 1 }, { signal }),
      ),
    ];
    for (const answer of await Promise.all(requests)) expect(answer).toMatchObject({ ok: true });
    expect(opened.engine.requests.filter(name => name === 'step')).toHaveLength(1);
  });
});

/** Sixteen elements, as they lie. */
const wholeGrid = {
  offset: 0,
  rows: { count: 4, stride: 4 },
  columns: { count: 4, stride: 1 },
  facets: { count: 1, stride: 0 },
};
