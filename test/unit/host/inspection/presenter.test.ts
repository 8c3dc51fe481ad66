import { describe, expect, it } from 'vitest';
import { conventions } from '../../../../src/core/batchnorm/conventions/registry';
import { pytorch } from '../../../../src/core/batchnorm/conventions/pytorch';
import { tf1 } from '../../../../src/core/batchnorm/conventions/tf1';
import { elementOf, momentumElsewhere } from '../../../../src/host/inspection/presenter';
import { freshView } from '../../../../src/host/inspection/saved';
import { openSession, viewOf } from './openSession';

async function identityOf(text: string): Promise<ReturnType<typeof viewOf>['identity']> {
  return viewOf(await openSession(text)).identity;
}

describe('what the panel is told', () => {
  it('names the axes, the dtype and n', async () => {
    const identity = await identityOf(
      '{"convention": "pytorch", "input": [[[1, 2], [3, 4], [5, 6]]]}',
    );
    expect(identity).toMatchObject({
      shape: [1, 3, 2],
      axisNames: ['N', 'C', 'L'],
      channelAxis: 1,
      dtype: 'float32',
      n: 2,
      mostN: 2,
      source: 'a test',
    });
    expect(identity.conventions.map(({ id }) => id)).toEqual(conventions.map(({ id }) => id));
  });

  it('has the fewest and the most n where a mask leaves channels unequal', async () => {
    const input = '[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]';
    const identity = await identityOf(
      `{"convention": "keras3", "axis": 1, "training": true, "input": ${input}, "mask": [[1, 1], [1, 0]]}`,
    );
    expect(identity).toMatchObject({ n: 2, mostN: 4 });
  });

  it('says what nobody stated', async () => {
    const { notes } = await identityOf('[[1, 2], [3, 4]]');
    expect(notes).toEqual([
      "Not stated, so a fresh layer's: gamma 1, beta 0, moving mean 0, moving variance 1.",
      `Not stated, so ${tf1.name}'s default: epsilon 0.001, momentum 0.99.`,
      `No convention stated: ${tf1.name} is the setting normscope.defaultConvention.`,
    ]);
    const running = await identityOf('{"input": [[1, 2], [3, 4]], "running_mean": [0, 0]}');
    expect(running.notes.join(' ')).toContain('a name such as running_mean means PyTorch');
  });

  it('says nothing where everything is stated', async () => {
    const { notes } = await identityOf(
      '{"convention": "tf1", "input": [[1, 2], [3, 4]], "gamma": 1, "beta": 0, "moving_mean": 0, "moving_var": 1, "eps": 1e-3, "momentum": 0.9}',
    );
    expect(notes).toEqual([]);
  });

  it('warns where another axis fits the parameters as well', async () => {
    const square = '{"input": [[[1, 2], [3, 4]], [[5, 6], [7, 8]]], "gamma": [1, 2]';
    expect((await identityOf(`${square}}`)).ambiguous).toContain('Axis 1 fits');
    expect((await identityOf(`${square}, "axis": -1}`)).ambiguous).toBe('');
    const clear = '{"input": [[[1, 2], [3, 4], [5, 6]]], "gamma": [1, 2]}';
    expect((await identityOf(clear)).ambiguous).toBe('');
  });

  it('marks the axes that fit', async () => {
    const { axes } = await identityOf('{"input": [[[1, 2], [3, 4], [5, 6]]], "gamma": [1, 2]}');
    expect(axes.map(({ size, fits }) => [size, fits])).toEqual([
      [1, false],
      [3, false],
      [2, true],
    ]);
  });

  it('takes out keys that an author wrote a remark under', async () => {
    const { notes } = await identityOf(
      '{"note": "seen at noon", "colour": 3, "input": [[1], [2]]}',
    );
    expect(notes[0]).toBe('seen at noon');
    expect(notes[1]).toContain('"colour" means nothing');
    expect(notes.join(' ')).not.toContain('"note"');
  });

  it('says a momentum in the other meaning', () => {
    expect(momentumElsewhere(0.99, tf1)).toBe('0.99 here is 0.01 in PyTorch');
    expect(momentumElsewhere(0.1, pytorch)).toBe(`0.1 here is 0.9 in ${tf1.name}`);
    expect(momentumElsewhere(null, pytorch)).toContain('cumulative');
  });

  it('says which kernel is taken where it is the other one', async () => {
    expect((await identityOf('{"convention": "tf1", "input": [[1, 2], [3, 4]]}')).path).toBe(
      'not fused',
    );
    expect((await identityOf('{"convention": "tf1", "input": [[[[1, 2]]]]}')).path).toBe('');
  });

  it('shows the rows that the filter leaves, and where the selected one is', async () => {
    const opened = await openSession();
    await opened.session.act({
      kind: 'query',
      query: { sort: 'batchMean', descending: true, filter: '1-3' },
    });
    const { channels } = viewOf(opened);
    expect([...channels.rows.channel]).toEqual([2, 1, 3]);
    expect(channels).toMatchObject({ total: 4, matching: 3, selected: 0, selectedRow: -1 });
  });

  it('works under every convention for every rank it takes', async () => {
    for (const { id, ranks } of conventions) {
      for (let rank = Math.max(ranks[0], 2); rank <= Math.min(ranks[1], 5); rank++) {
        const nested = Array.from({ length: rank - 2 }).reduce<unknown>(
          inner => [inner, inner],
          [
            [1, 2],
            [3, 5],
          ],
        );
        const opened = await openSession(JSON.stringify({ convention: id, input: nested }));
        expect(viewOf(opened).identity.convention.id, `${id}, rank ${rank}`).toBe(id);
        opened.session.dispose();
      }
    }
  });
});

describe('the selected element', () => {
  it('is the first of its channel until one is picked', () => {
    expect(elementOf({ ...freshView, channel: 2 }, [1, 2, 2, 4], 3)).toEqual([0, 0, 0, 2]);
    expect(elementOf({ ...freshView, channel: 1 }, [1, 2, 2, 4], 1)).toEqual([0, 1, 0, 0]);
  });

  it('is dropped where it no longer fits', () => {
    const view = { ...freshView, channel: 2, element: [0, 1, 1, 2] };
    expect(elementOf(view, [1, 2, 2, 4], 3)).toEqual([0, 1, 1, 2]);
    expect(elementOf(view, [1, 1, 2, 4], 3)).toEqual([0, 0, 0, 2]);
    expect(elementOf(view, [2, 4], 1)).toEqual([0, 2]);
  });
});
