// The package exports one instance of the library; another is needed where the first was stopped.
// @ts-expect-error -- it has types for that export alone
import createModule from '../../../node_modules/h5wasm/dist/esm/hdf5_util.js';
import type { ByteSource } from '../../core/formats/byteSource';
import type { Hdf5File, Hdf5Library } from '../../core/formats/hdf5/library';
import { openFile } from './file';
import { guarded } from './guarded';
import { mountSource } from './mount';
import type { NativeHdf5 } from './native';
import { TimedCalls } from './timeLimit';

const devices = ['null', 'random', 'stderr', 'stdin', 'stdout', 'tty', 'tty1', 'urandom'];

/**
 * The HDF5 library. Its build for browsers is taken on purpose: its file system is in memory and holds
 * only what is mounted here, so that no link or external storage in a file reaches another file.
 * This module is a bundle of its own (dist/hdf5.mjs), because the library is 4 MB.
 * @param lost told when a file made it run without end, and a new one is needed
 */
export async function createHdf5Library(lost: () => void): Promise<Hdf5Library> {
  const create = createModule as (options: object) => Promise<NativeHdf5>;
  return libraryOver(await create({ noInitialRun: true }), lost);
}

/** The library over an instance of it that has been started. @param most ms that a call may take */
export function libraryOver(native: NativeHdf5, lost: () => void, most?: number): Hdf5Library {
  // Without this, a read that fails returns whatever was in memory as data.
  native.activate_throwing_error_handler();
  // A file may name a device as the place of its data.
  for (const device of devices) native.FS.unlink(`/dev/${device}`);
  const calls = new TimedCalls(lost, most);
  return {
    open(source: ByteSource): Hdf5File {
      const mounted = mountSource(native, source);
      try {
        return openFile(native, mounted, work => guarded(() => calls.run(work)));
      } catch (error) {
        mounted.unmount();
        throw error;
      }
    },
  };
}
