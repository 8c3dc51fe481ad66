// Every bundle, and a size report that fails over budget. `--watch` rebuilds; `--dev` keeps source maps.
const esbuild = require('esbuild');
const fs = require('node:fs');
const path = require('node:path');
const { engineParts } = require('./scripts/engineParts.js');
const { hdf5Beside, hdf5Bundle } = require('./scripts/hdf5Bundle.js');

/** Leaves `import('./debugging')` and the like in the extension's bundle as one of the file beside it. */
const loadedBeside = {
  name: 'loaded-beside',
  setup(build) {
    build.onResolve(
      { filter: /\/(codeReading|debugging|doctor|filesPanels|seriesPanels|tools)$/ },
      ({ kind, path: from }) =>
        kind === 'dynamic-import'
          ? { path: `./${path.basename(from)}.js`, external: true }
          : undefined,
    );
  },
};

const watch = process.argv.includes('--watch');
const dev = watch || process.argv.includes('--dev');

/** Minified bytes allowed, all files of a bundle together. */
const budgets = {
  // Read whole at activation: what can wait for a first use belongs in the engine.
  'dist/extension.js': 400_000,
  // Loaded when a paused program is first looked into.
  'dist/debugging.js': 90_000,
  // Loaded when a document with a batch-norm word is first met: it has the conventions once more.
  'dist/codeReading.js': 150_000,
  // The thread that checks code by the rules, started for the first document with a batch-norm word.
  'dist/codeChecker.js': 140_000,
  // Loaded when a layer is first examined: the findings with all that they say.
  // With what examines and mends run files in the editor: a reader of JSON, and inspections.
  // And what pairs and compares the layers of two files, and finds them folded.
  'dist/doctor.js': 155_000,
  // Loaded when several checkpoints are first shown as a series: it has the conventions once more.
  'dist/seriesPanels.js': 100_000,
  // Loaded when two checkpoints are first compared as a whole.
  'dist/filesPanels.js': 60_000,
  // Loaded when a language model first calls a tool; what it asks for is done by dist/cli.js in a thread.
  'dist/tools.js': 20_000,
  // tfjs's core is 150 kB of it, the compiled kernels and scanners (in base64) some 40.
  'dist/engine.js': 450_000,
  // Each helper thread of the engine loads it.
  'dist/helper.js': 10_000,
  'dist/cli.js': 1_100_000,
  // Its binary, hdf5.wasm, is 3.5 MB beside it.
  'dist/hdf5.mjs': 200_000,
  'dist/webview': 400_000,
};

const shared = {
  bundle: true,
  minify: !dev,
  sourcemap: dev ? 'linked' : false,
  logLevel: 'info',
  legalComments: 'none',
  metafile: true,
};
const node = {
  ...shared,
  platform: 'node',
  target: 'node18',
  format: 'cjs',
};
const engine = {
  ...node,
  ...engineParts,
  plugins: [...(engineParts.plugins ?? []), hdf5Beside],
};

const bundles = [
  {
    ...node,
    entryPoints: ['src/extension.ts'],
    outfile: 'dist/extension.js',
    external: ['vscode'],
    plugins: [loadedBeside],
  },
  {
    ...node,
    entryPoints: ['src/host/debug/debugging.ts'],
    outfile: 'dist/debugging.js',
    external: ['vscode'],
  },
  { ...node, entryPoints: ['src/host/code/codeReading.ts'], outfile: 'dist/codeReading.js' },
  { ...node, entryPoints: ['src/host/code/rules/codeChecker.ts'], outfile: 'dist/codeChecker.js' },
  { ...node, entryPoints: ['src/host/findings/doctor.ts'], outfile: 'dist/doctor.js' },
  {
    ...node,
    entryPoints: ['src/host/series/seriesPanels.ts'],
    outfile: 'dist/seriesPanels.js',
    external: ['vscode'],
    plugins: [loadedBeside],
  },
  {
    ...node,
    entryPoints: ['src/host/comparedFiles/filesPanels.ts'],
    outfile: 'dist/filesPanels.js',
    external: ['vscode'],
    plugins: [loadedBeside],
  },
  {
    ...node,
    entryPoints: ['src/host/tools/tools.ts'],
    outfile: 'dist/tools.js',
    external: ['vscode'],
  },
  { ...engine, entryPoints: ['src/engine/worker.ts'], outfile: 'dist/engine.js' },
  { ...node, entryPoints: ['src/engine/threads/helper.ts'], outfile: 'dist/helper.js' },
  {
    ...engine,
    entryPoints: ['src/cli.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
  { ...node, ...hdf5Bundle },
  {
    ...shared,
    platform: 'browser',
    // What the oldest supported VS Code (engines.vscode) renders with.
    target: ['es2022', 'chrome114'],
    format: 'esm',
    splitting: true,
    entryPoints: {
      panel: 'webview/panel.ts',
      tensorFile: 'webview/files/tensorFile.ts',
      compare: 'webview/compare/compare.ts',
      comparedFiles: 'webview/comparedFiles/comparedFiles.ts',
      recording: 'webview/recording/recording.ts',
      series: 'webview/series/series.ts',
    },
    outdir: 'dist/webview',
    // lit's development build warns on every page.
    conditions: dev ? ['development'] : ['production'],
  },
];

function javascriptBytes(target) {
  if (!fs.existsSync(target)) return 0;
  if (fs.statSync(target).isFile()) return fs.statSync(target).size;
  return fs
    .readdirSync(target)
    .filter(name => name.endsWith('.js'))
    .reduce((sum, name) => sum + fs.statSync(path.join(target, name)).size, 0);
}

function report() {
  let over = false;
  for (const [target, budget] of Object.entries(budgets)) {
    const bytes = javascriptBytes(target);
    const tooLarge = !dev && bytes > budget;
    over ||= tooLarge;
    const kilobytes = (bytes / 1000).toFixed(0).padStart(6);
    console.log(
      `${target.padEnd(20)} ${kilobytes} kB of ${budget / 1000}${tooLarge ? '  OVER BUDGET' : ''}`,
    );
  }
  if (over) process.exitCode = 1;
}

async function main() {
  if (!watch) fs.rmSync('dist', { recursive: true, force: true });
  if (watch) {
    const contexts = await Promise.all(bundles.map(bundle => esbuild.context(bundle)));
    await Promise.all(contexts.map(context => context.watch()));
    return;
  }
  const builds = await Promise.all(bundles.map(bundle => esbuild.build(bundle)));
  // Which files went in, for the licence notices of the package (scripts/notices.mjs).
  const inputs = new Set(builds.flatMap(build => Object.keys(build.metafile.inputs)));
  fs.mkdirSync('out', { recursive: true });
  fs.writeFileSync('out/bundled.json', JSON.stringify([...inputs].sort()));
  report();
}

main().catch(error => {
  console.error(error.message);
  process.exit(1);
});
