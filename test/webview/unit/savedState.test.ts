import { expect, test } from 'vitest';
import { freshLayout, parseSavedState } from '../../../webview/savedState';

test('what was saved is read back, what the host needs unread', () => {
  const state = { restore: { any: ['thing'] }, layout: { ...freshLayout, gridTop: 280 } };
  expect(parseSavedState(JSON.parse(JSON.stringify(state)))).toEqual(state);
});

test.each([undefined, null, 7, 'x', [], { layout: 'x' }, { layout: { gridTop: 'far' } }])(
  'from %o comes a fresh layout',
  value => {
    expect(parseSavedState(value).layout).toEqual(freshLayout);
  },
);
