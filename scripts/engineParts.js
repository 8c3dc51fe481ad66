const { kernelsForBundle } = require('./webAssembly.js');

/**
 * esbuild options for every bundle with the engine in it: its kernels, and of tfjs what it uses and no
 * more: its core and its cpu backend (150 kB and 15 ms, where the whole is 1.5 MB and 55 ms).
 */
module.exports.engineParts = {
  plugins: [kernelsForBundle],
  // tfjs marks its CommonJS builds free of side effects, so importing its backend would import nothing.
  mainFields: ['module', 'main'],
  // The backend without its 150 kernels: ours are registered by src/engine/tensorflow.ts.
  alias: { '@tensorflow/tfjs-backend-cpu': '@tensorflow/tfjs-backend-cpu/dist/base' },
  // tfjs fetches models with it where there is no global fetch. The engine uses no network at all.
  external: ['node-fetch'],
};
