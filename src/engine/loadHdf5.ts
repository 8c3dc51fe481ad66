import type { Hdf5Library } from '../core/formats/hdf5/library';

let loading: Promise<Hdf5Library> | undefined;

/**
 * The HDF5 library, which is loaded when it is first asked for (40 MB), and anew after a file made it run
 * without end.
 */
export function loadHdf5(): Promise<Hdf5Library> {
  // Cut out of this bundle by scripts/hdf5Bundle.js.
  loading ??= import('./hdf5/library').then(library =>
    library.createHdf5Library(() => {
      loading = undefined;
    }),
  );
  return loading;
}
