import { describe, expect, it } from 'vitest';
import {
  maximumRows,
  parsePanelAction,
  parseReady,
  parseRowsRequest,
} from '../../../../src/host/panel/parsePanelAction';
import type { PanelAction } from '../../../../src/protocol/panel';

const good: readonly PanelAction[] = [
  { kind: 'setFlags', flags: { training: true, trainable: false } },
  { kind: 'setConvention', id: 'keras3' },
  { kind: 'setChannelAxis', axis: 0 },
  { kind: 'setEpsilon', value: 1e-5 },
  { kind: 'setMomentum', value: null },
  { kind: 'setMomentum', value: 0.9 },
  { kind: 'setParameter', parameter: 'gamma', channel: null, value: NaN },
  { kind: 'setParameter', parameter: 'movingVariance', channel: 7, value: -1 },
  { kind: 'step', count: 10 },
  { kind: 'undo' },
  { kind: 'reset' },
  { kind: 'selectChannel', channel: 3 },
  { kind: 'selectElement', index: [0, 1, 2] },
  { kind: 'showAllConventions', on: true },
  { kind: 'query', query: { sort: 'drift', descending: true, filter: 'drift>1' } },
  { kind: 'revealSource' },
  { kind: 'command', command: 'openSample' },
];

const bad: readonly unknown[] = [
  undefined,
  null,
  'step',
  [],
  {},
  { kind: 'toString' },
  { kind: '__proto__' },
  { kind: 'setFlags' },
  { kind: 'setFlags', flags: { training: 1, trainable: true } },
  { kind: 'setConvention', id: 3 },
  { kind: 'setChannelAxis', axis: -1 },
  { kind: 'setChannelAxis', axis: 1.5 },
  { kind: 'setEpsilon', value: '0.001' },
  { kind: 'setMomentum' },
  { kind: 'setParameter', parameter: 'constructor', channel: 0, value: 1 },
  { kind: 'setParameter', parameter: 'gamma', value: 1 },
  { kind: 'setParameter', parameter: 'gamma', channel: -1, value: 1 },
  { kind: 'step', count: 0 },
  { kind: 'step', count: 2 ** 60 },
  { kind: 'selectElement', index: [0, '1'] },
  { kind: 'query', query: { sort: 'size', descending: true, filter: '' } },
  { kind: 'query', query: { sort: 'drift', descending: true } },
  { kind: 'command', command: 'workbench.action.terminal.new' },
];

describe('what the page sends', () => {
  it.each(good)('passes $kind as it is', action => {
    expect(parsePanelAction(action)).toEqual({ ok: true, value: action });
  });

  it.each(bad.map(value => [JSON.stringify(value), value]))('refuses %s', (_, value) => {
    const parsed = parsePanelAction(value);
    expect(parsed).toMatchObject({ ok: false, problem: { code: 'bad-message' } });
  });

  it('drops fields that nobody asked for', () => {
    const parsed = parsePanelAction({ kind: 'undo', extra: 'x' });
    expect(parsed).toEqual({ ok: true, value: { kind: 'undo' } });
  });
});

describe('rows and greetings', () => {
  it('caps a window of rows', () => {
    expect(parseRowsRequest({ start: 5, count: 1e9 })).toEqual({
      ok: true,
      value: { start: 5, count: maximumRows },
    });
    expect(parseRowsRequest({ start: -1, count: 5 }).ok).toBe(false);
    expect(parseRowsRequest(null).ok).toBe(false);
  });

  it('wants a version', () => {
    expect(parseReady({ version: 1 }).ok).toBe(true);
    expect(parseReady({}).ok).toBe(false);
  });
});
