import { describe, expect, it } from 'vitest';
import { fail, ok } from '../../../../src/core/problem';
import { readLink, writeLink } from '../../../../src/host/takeAway/link';
import { act, flags, openSession, viewOf } from '../inspection/openSession';

const same = (uri: string): string => uri;
const known = (address: string): ReturnType<typeof ok<string>> => ok(address);

describe('a link to a view', () => {
  it('leads to the same view of the same file', async () => {
    const before = await openSession();
    await act(before, { kind: 'setConvention', id: 'pytorch' });
    await act(before, { kind: 'setEpsilon', value: 0.25 });
    await act(before, flags(false, true));
    await act(before, { kind: 'selectElement', index: [0, 1, 0, 2] });
    const slice = { ...viewOf(before).pictures.settings.slice, scale: 'robust', subject: 'output' };
    await act(before, { kind: 'setPicture', picture: 'slice', settings: slice as never });
    await act(before, { kind: 'showPicture', picture: 'distribution' });
    const query = writeLink(before.session, same);
    if (!query.ok) throw new Error(query.problem.message);
    const link = readLink(query.value, known);
    if (!link.ok) throw new Error(link.problem.message);
    expect(link.value.source).toEqual(before.session.source);
    const after = await openSession();
    for (const action of link.value.actions) await act(after, action);
    const { revision: _, ...pictures } = viewOf(before).pictures;
    expect(viewOf(after).pictures).toMatchObject(pictures);
    expect(viewOf(after).matrix).toEqual(viewOf(before).matrix);
    expect(viewOf(after).flags.flags).toEqual({ training: false, trainable: true });
  });

  it('cannot carry steps, and says what can', async () => {
    const opened = await openSession();
    await act(opened, { kind: 'step', count: 2 });
    const query = writeLink(opened.session, same);
    expect(query.ok ? '' : query.problem.message).toContain('save it and link to that file');
  });

  it('is written and read with addresses that others have too', async () => {
    const { session } = await openSession();
    const query = writeLink(session, uri => `folder:${uri.split('/').at(-1) ?? ''}`);
    if (!query.ok) throw new Error(query.problem.message);
    const link = readLink(query.value, address => ok(address.replace('folder:', 'file:///there/')));
    expect(link.ok && link.value.source.uri).toBe('file:///there/seed.bn.json');
    const gone = readLink(query.value, () => fail('link-folder', 'Open that folder first.'));
    expect(gone.ok ? '' : gone.problem.message).toBe('Open that folder first.');
  });

  const state = (change: object): string =>
    `view=${encodeURIComponent(
      JSON.stringify({
        version: 1,
        source: { kind: 'resource', uri: 'file:///a.bn.json' },
        actions: [],
        ...change,
      }),
    )}`;

  it.each([
    ['nothing', ''],
    ['no JSON', 'view=%7B'],
    ['another version', state({ version: 2 })],
    ['no source', state({ source: { kind: 'resource' } })],
    ['an action that there is not', state({ actions: [{ kind: 'explode' }] })],
    ['a step', state({ actions: [{ kind: 'step', count: 99999 }] })],
    ['a command', state({ actions: [{ kind: 'command', command: 'saveInspection' }] })],
    ['a file that is dropped', state({ actions: [{ kind: 'drop', addresses: ['file:///b'] }] })],
    ['megabytes', state({ actions: [], more: 'x'.repeat(20_000) })],
  ])('with %s is refused whole', (_what, query) => {
    const link = readLink(query, known);
    expect(link.ok ? '' : link.problem.code).toBe('link-invalid');
  });

  it.each([
    ['decoded', (query: string) => decodeURIComponent(query)],
    ['as it was written', (query: string) => query],
    ['encoded once more', (query: string) => query.replaceAll('%', '%25')],
  ])('is read from a host that hands it on %s', (_how, change) => {
    const source = { kind: 'resource', uri: 'file:///a%20b/c+d&e.bn.json' };
    const link = readLink(change(state({ source })), known);
    expect(link.ok && link.value.source).toEqual(source);
  });

  it('that is harmless is read', () => {
    expect(readLink(state({}), known)).toEqual(
      ok({
        source: { kind: 'resource', uri: 'file:///a.bn.json' },
        actions: [],
        files: ['file:///a.bn.json'],
      }),
    );
  });

  const steps = (uri: string): object => ({
    kind: 'setPicture',
    picture: 'steps',
    settings: { momenta: [0.9], recordings: [{ uri, layer: 'bn1' }] },
  });

  it('names every file that is read for it, and finds those of its recordings as that of its source', () => {
    const query = state({
      source: { kind: 'resource', uri: 'folder:a.bn.json' },
      actions: [steps('folder:train.jsonl'), steps('file:///elsewhere/secret.jsonl')],
    });
    const link = readLink(query, address => ok(address.replace('folder:', 'file:///here/')));
    if (!link.ok) throw new Error(link.problem.message);
    expect(link.value.actions[0]).toEqual(steps('file:///here/train.jsonl'));
    expect(link.value.files).toEqual([
      'file:///here/a.bn.json',
      'file:///here/train.jsonl',
      'file:///elsewhere/secret.jsonl',
    ]);
  });

  it('is refused for a recording whose address is none, as it is for its source', () => {
    const link = readLink(state({ actions: [steps('nowhere')] }), address =>
      address === 'nowhere' ? fail('link-address', 'No address.') : ok(address),
    );
    expect(link.ok ? '' : link.problem.code).toBe('link-address');
  });

  it('is written with short addresses of recordings', async () => {
    const opened = await openSession();
    await act(opened, steps('file:///here/train.jsonl') as never);
    const query = writeLink(opened.session, uri => uri.replace('file:///here/', 'folder:'));
    if (!query.ok) throw new Error(query.problem.message);
    expect(decodeURIComponent(query.value)).toContain('"uri":"folder:train.jsonl"');
  });
});
