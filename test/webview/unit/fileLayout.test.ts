import { expect, it } from 'vitest';
import {
  freshLayout,
  parseLayout,
  saveLayout,
  type FileLayout,
} from '../../../webview/files/layout';

it('survives a reload', () => {
  const layout: FileLayout = {
    arrangement: 'layers',
    filter: 'bn',
    active: 'layer net.0.bn',
    top: 280,
    toggled: new Map([['group net.', false]]),
  };
  expect(parseLayout(JSON.parse(JSON.stringify(saveLayout(layout))))).toEqual(layout);
});

it.each([null, 3, 'x', [], { top: NaN, toggled: 5, arrangement: 'other', filter: 1, active: {} }])(
  'replaces %j by the fresh layout',
  value => expect(parseLayout(value)).toEqual(freshLayout),
);
