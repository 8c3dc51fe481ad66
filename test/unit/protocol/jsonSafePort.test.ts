import { describe, expect, test } from 'vitest';
import { fromJsonSafe, jsonSafePort, toJsonSafe } from '../../../src/protocol/jsonSafePort';
import type { Port } from '../../../src/protocol/rpc';

/** What VS Code does with a message that holds no buffers. */
function throughJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value)) as unknown;
}

describe('jsonSafePort', () => {
  test('non-finite numbers survive JSON at any depth', () => {
    const message = { id: 1, value: [NaN, { after: Infinity }, -Infinity, 0.5, null, 'NaN'] };
    expect(fromJsonSafe(throughJson(toJsonSafe(message)))).toEqual(message);
  });

  test('a bare JSON message would lose them', () => {
    expect(throughJson({ value: NaN })).toEqual({ value: null });
  });

  test('finite messages and typed arrays are not copied', () => {
    const message = { rows: new Float64Array([NaN]), buffer: new ArrayBuffer(4), n: [1, 2] };
    expect(toJsonSafe(message)).toBe(message);
    expect(fromJsonSafe(message)).toBe(message);
  });

  test('both directions of a port are wrapped', () => {
    const posted: unknown[] = [];
    let deliver: (message: unknown) => void = () => undefined;
    const bare: Port = {
      post: message => posted.push(throughJson(message)),
      listen: listener => {
        deliver = listener;
        return () => undefined;
      },
    };
    const port = jsonSafePort(bare);
    const received: unknown[] = [];
    port.listen(message => received.push(message));
    port.post({ value: -Infinity });
    deliver(posted[0]);
    expect(received).toEqual([{ value: -Infinity }]);
  });
});
