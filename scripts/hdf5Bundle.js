// The HDF5 library is a bundle of its own, dist/hdf5.mjs and dist/hdf5.wasm, that the engine and the command line import
// when the first HDF5 file is opened. An ES module, because the library asks for its own URL.
const fs = require('node:fs');
const path = require('node:path');

/** Leaves `import('./hdf5/library')` in a bundle as an import of the file beside it. */
const hdf5Beside = {
  name: 'hdf5-beside',
  setup(build) {
    build.onResolve({ filter: /\/hdf5\/library$/ }, ({ kind }) =>
      kind === 'dynamic-import' ? { path: './hdf5.mjs', external: true } : undefined,
    );
  },
};

const before = 'function findWasmBinary(){return binaryDecode(';
const after = ')}function getBinarySync';

/** The bytes that h5wasm's script holds as a text: one character a byte, and 256 more for a 0. */
function decodeBinary(literal) {
  const text = new Function(`return ${literal}`)();
  return Uint8Array.from(text, character => {
    const code = character.charCodeAt(0);
    return (~code >> 8) & code;
  });
}

/** Puts h5wasm's binary into a file: to parse and decode it as a text takes longer than all the rest of its start. */
const binaryBeside = {
  name: 'hdf5-binary-beside',
  setup(build) {
    build.onLoad({ filter: /[\\/]h5wasm[\\/].*[\\/]hdf5_util\.js$/ }, ({ path: script }) => {
      const code = fs.readFileSync(script, 'utf8');
      const start = code.indexOf(before) + before.length;
      const end = code.indexOf(after, start);
      if (start < before.length || end < 0) throw new Error(`${script} holds its binary otherwise`);
      const file = build.initialOptions.outfile.replace(/\.mjs$/, '.wasm');
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(file, decodeBinary(code.slice(start, end)));
      const read = `readBinaryBeside(new URL("./${path.basename(file)}",import.meta.url)`;
      return {
        contents: [
          'import { readFileSync as readBinaryBeside } from "node:fs";',
          `${code.slice(0, start - 'binaryDecode('.length)}${read}${code.slice(end)}`,
        ].join('\n'),
        loader: 'js',
      };
    });
  },
};

const hdf5Bundle = {
  entryPoints: ['src/engine/hdf5/library.ts'],
  outfile: 'dist/hdf5.mjs',
  format: 'esm',
  plugins: [binaryBeside],
};

module.exports = { hdf5Beside, hdf5Bundle };
