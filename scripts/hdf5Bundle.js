// The HDF5 library is 4 MB of WebAssembly in a script: a bundle of its own, dist/hdf5.mjs, that the engine and the
// command line import when the first HDF5 file is opened. An ES module, because the library asks for its own URL.

/** Leaves `import('./hdf5/library')` in a bundle as an import of the file beside it. */
const hdf5Beside = {
  name: 'hdf5-beside',
  setup(build) {
    build.onResolve({ filter: /\/hdf5\/library$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './hdf5.mjs', external: true } : undefined,
    );
  },
};

const hdf5Bundle = {
  entryPoints: ['src/engine/hdf5/library.ts'],
  outfile: 'dist/hdf5.mjs',
  format: 'esm',
  // The library holds its binary as a string of characters: escaped, it would be a fifth longer.
  charset: 'utf8',
};

module.exports = { hdf5Beside, hdf5Bundle };
