import { describe, expect, it } from 'vitest';
import { parseSavedInspection } from '../../../../src/host/inspection/saved';
import { act, flags, openSession, viewOf } from './openSession';

describe('flags that the source is refused with', () => {
  it('opens one value a channel with training off where the convention refuses it on', async () => {
    const text = '{"convention": "pytorch", "input": [[1, 2]], "training": true}';
    const opened = await openSession(text);
    const { flags: shown, banner } = viewOf(opened);
    expect(shown.flags.training).toBe(false);
    expect(banner).toMatchObject({
      problem: { code: 'single-value' },
      place: `offset ${text.indexOf('true')}`,
      instead: 'shown below with training off',
    });
    const again = await opened.session.act(flags(true, true));
    expect(again.ok).toBe(false);
  });

  it('keeps the result where an edit leaves one value a channel, and says what asks for more', async () => {
    const text = (rows: string): string =>
      `{"convention": "pytorch", "input": [${rows}], "training": true}`;
    const opened = await openSession(text('[1, 2], [3, 5]'));
    opened.source.text = text('[1, 2]');
    await opened.session.refresh();
    await opened.session.settled();
    const { banner, identity } = viewOf(opened);
    expect(identity.shape).toEqual([2, 2]);
    expect(banner).toMatchObject({
      problem: { code: 'single-value' },
      place: `offset ${opened.source.text.indexOf('true')}`,
      instead: 'the last good result stays below',
      again: true,
    });
    // With training off it can be run, and is.
    await act(opened, flags(false, true));
    await opened.session.settled();
    expect(viewOf(opened)).toMatchObject({ banner: null, identity: { shape: [1, 2] } });
  });

  it('opens with training off where the source now refuses it on, and says so', async () => {
    const text = (rows: string): string => `{"convention": "pytorch", "input": [${rows}]}`;
    const before = await openSession(text('[1, 2], [3, 5]'));
    await act(before, flags(true, false));
    const saved = parseSavedInspection(JSON.parse(JSON.stringify(before.session.save())));
    if (!saved) throw new Error('nothing was saved');
    const after = await openSession(text('[1, 2]'), { id: 'kept', saved });
    expect(viewOf(after)).toMatchObject({
      flags: { flags: { training: false, trainable: false } },
      banner: { problem: { code: 'single-value' }, instead: 'shown below with training off' },
    });
  });
});
