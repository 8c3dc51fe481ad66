// Compiles the kernels (src/engine/kernels/assembly, AssemblyScript) and gives them to a bundle as an
// import: `import { bytes } from './assembly/kernels.wasm'`. No such file is ever written there.
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const sources = 'src/engine/kernels/assembly';
const cache = path.join(root, 'node_modules/.cache/normscope');

/** 64 KiB pages: the memory is the engine's (src/engine/memory), so these only have to agree with it. */
const pages = { initial: 16, maximum: 65_536 };

const flags = [
  ...['--outFile', 'kernels.wasm', '--runtime', 'stub', '-O3', '--noAssert', '--converge'],
  ...['simd', 'threads', 'nontrapping-f2i'].flatMap(feature => ['--enable', feature]),
  ...['--importMemory', '--sharedMemory'],
  ...['--initialMemory', String(pages.initial), '--maximumMemory', String(pages.maximum)],
];

/** Every source file, by its path from the root. */
function sourceFiles() {
  const names = fs.readdirSync(path.join(root, sources)).filter(name => /(?<!\.d)\.ts$/.test(name));
  return names.sort().map(name => path.join(root, sources, name));
}

/** The module, compiled once for each content of its sources, and kept under node_modules/.cache. */
async function compileKernels() {
  const files = sourceFiles();
  const { version } = require('assemblyscript/package.json');
  const hash = createHash('sha256').update(JSON.stringify([version, flags]));
  for (const file of files) hash.update(`${path.basename(file)}\0`).update(fs.readFileSync(file));
  const kept = path.join(cache, `kernels-${hash.digest('hex').slice(0, 16)}.wasm`);
  if (fs.existsSync(kept)) return fs.readFileSync(kept);
  const asc = await import('assemblyscript/asc');
  let binary;
  const { error, stderr } = await asc.main([`${sources}/index.ts`, '--baseDir', root, ...flags], {
    writeFile: (name, contents) => {
      if (name.endsWith('.wasm')) binary = Buffer.from(contents);
    },
    readFile: (name, base) => {
      const file = path.resolve(base, name);
      return fs.existsSync(file) ? fs.readFileSync(file, 'utf8') : null;
    },
  });
  if (error !== null || binary === undefined) {
    throw new Error(`the kernels do not compile: ${stderr.toString()}${error?.message ?? ''}`);
  }
  fs.mkdirSync(cache, { recursive: true });
  // Two test runs may compile at once: each writes its own file, and the last rename stays.
  const own = `${kept}.${process.pid}`;
  fs.writeFileSync(own, binary);
  fs.renameSync(own, kept);
  return binary;
}

/** The JavaScript that a bundle has in place of the import. */
async function kernelSource() {
  const base64 = (await compileKernels()).toString('base64');
  return `export const bytes = Uint8Array.from(atob('${base64}'), c => c.charCodeAt(0));`;
}

const kernelsFile = /\/kernels\.wasm$/;

/** For esbuild. */
const kernelsForBundle = {
  name: 'kernels',
  setup(build) {
    build.onResolve({ filter: kernelsFile }, () => ({
      path: 'kernels.wasm',
      namespace: 'kernels',
      sideEffects: false,
    }));
    build.onLoad({ filter: /.*/, namespace: 'kernels' }, async () => ({
      contents: await kernelSource(),
      loader: 'js',
      watchFiles: sourceFiles(),
    }));
  },
};

/** For vitest: unit tests run the real kernels, compiled from their sources. */
const kernelsForTests = {
  name: 'kernels',
  enforce: 'pre',
  resolveId: id => (kernelsFile.test(id) ? '\0kernels.wasm.js' : undefined),
  load(id) {
    if (id !== '\0kernels.wasm.js') return undefined;
    for (const file of sourceFiles()) this.addWatchFile(file);
    return kernelSource();
  },
};

module.exports = { compileKernels, kernelsForBundle, kernelsForTests };
