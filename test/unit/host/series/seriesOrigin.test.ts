import { describe, expect, it } from 'vitest';
import { parseOrigin } from '../../../../src/host/series/seriesOrigin';

describe('parseOrigin', () => {
  it.each([
    { kind: 'folder', uri: 'file:///run' },
    { kind: 'glob', pattern: 'runs/*.pt' },
    { kind: 'files', uris: ['file:///a.pt', 'file:///b.pt'] },
  ])('reads back %j', origin => {
    expect(parseOrigin(origin)).toEqual(origin);
  });

  it.each([
    null,
    'x',
    {},
    { kind: 'folder' },
    { kind: 'files', uris: [] },
    { kind: 'files', uris: [1] },
  ])('takes %j for nothing', value => {
    expect(parseOrigin(value)).toBeUndefined();
  });
});
