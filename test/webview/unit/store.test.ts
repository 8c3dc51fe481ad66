import { describe, expect, test } from 'vitest';
import type { PanelState } from '../../../src/protocol/panel';
import { freshLayout } from '../../../webview/savedState';
import { afterShow, freshModel, Store } from '../../../webview/store';

/** A shown state, of which only what `afterShow` reads is filled in. */
function shown(training: boolean, selected = 0, filter = ''): PanelState {
  const view = {
    flags: { flags: { training, trainable: true } },
    channels: { selected, query: { sort: 'channel', descending: false, filter } },
  };
  return { kind: 'ready', view, restore: {} } as unknown as PanelState;
}

describe('afterShow', () => {
  const model = freshModel(freshLayout);

  test('flags that were clicked stay until the host shows them', () => {
    const clicked = { ...model, pendingFlags: { training: true, trainable: true } };
    expect(afterShow(clicked, shown(false)).pendingFlags).toEqual(clicked.pendingFlags);
    expect(afterShow(clicked, shown(true)).pendingFlags).toBeNull();
  });

  test('the same holds for a channel and for the filter', () => {
    const asked = { ...model, pendingChannel: 3, filterText: 'nan' };
    expect(afterShow(asked, shown(true))).toMatchObject({ pendingChannel: 3, filterText: 'nan' });
    expect(afterShow(asked, shown(true, 3, 'nan'))).toMatchObject({
      pendingChannel: null,
      filterText: null,
    });
  });

  test('a panel that shows no inspection waits for nothing', () => {
    const asked = {
      ...model,
      pendingChannel: 3,
      pendingFlags: { training: true, trainable: true },
    };
    expect(afterShow(asked, { kind: 'empty' })).toMatchObject({
      pendingChannel: null,
      pendingFlags: null,
    });
  });
});

test('the store tells its listener once a turn', async () => {
  const store = new Store(freshModel(freshLayout));
  const heard: string[] = [];
  store.listen(model => heard.push(model.layout.runCount));
  store.updateLayout({ runCount: '1' });
  store.updateLayout({ runCount: '2' });
  expect(heard).toEqual([]);
  await Promise.resolve();
  expect(heard).toEqual(['2']);
});
