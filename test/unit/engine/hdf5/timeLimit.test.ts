import { describe, expect, it } from 'vitest';
import { libraryOver } from '../../../../src/engine/hdf5/library';
import type { NativeHdf5 } from '../../../../src/engine/hdf5/native';
import { TimedCalls } from '../../../../src/engine/hdf5/timeLimit';
import { fakeSource } from '../../core/formats/fakeSource';

/** Runs without end, as WebAssembly does, which cannot be asked to stop. */
const endless = new WebAssembly.Instance(
  new WebAssembly.Module(
    Uint8Array.from([
      ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
      ...[1, 4, 1, 0x60, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 0x66, 0, 0],
      ...[0x0a, 9, 1, 7, 0, 3, 0x40, 0x0c, 0, 0x0b, 0x0b],
    ]),
  ),
).exports.f as () => never;

describe('calls into the library', () => {
  it('return what they return, and throw what they throw', () => {
    const calls = new TimedCalls(() => expect.fail('it was not lost'));
    expect(calls.run(() => 7)).toBe(7);
    const error = new Error('its own');
    expect(() =>
      calls.run(() => {
        throw error;
      }),
    ).toThrow(error);
  });

  it('are stopped where they do not end, and after that refused', () => {
    let lost = 0;
    const calls = new TimedCalls(() => lost++, 50);
    expect(() => calls.run(endless)).toThrow(/did not come to an end/);
    expect(() => calls.run(() => 7)).toThrow(/was stopped over a damaged file/);
    expect(lost).toBe(1);
  });
});

it('a library that a file made run without end is let go, with one message', () => {
  let lost = false;
  const unlinked: string[] = [];
  const native = {
    activate_throwing_error_handler: () => 0,
    FS: {
      mkdir: () => undefined,
      rmdir: () => undefined,
      unlink: (path: string) => unlinked.push(path),
      createFile: () => ({ stream_ops: {} }),
    },
    open: () => 1n,
    get_names: endless,
  } as unknown as NativeHdf5;
  const library = libraryOver(native, () => (lost = true), 50);
  const file = library.open(fakeSource('m.h5', new Uint8Array(100)));
  expect(() => file.links(['/'], 10)).toThrow(
    /the HDF5 library did not come to an end with it in 0\.05 s/,
  );
  expect(lost).toBe(true);
  expect(() => file.datasets(['/a'])).toThrow(/open it again/);
});
