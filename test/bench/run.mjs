// @ts-check
// `npm run bench [-- --rounds N] [--only engine,panel,…]`: builds, bundles the benchmark, and runs it, in real VS Codes
// where that is what it measures. It measures and asserts nothing.
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies } from '../hosts/dependencies.mjs';
import { out, root } from '../hosts/places.mjs';
import { runChild } from '../hosts/children.mjs';
import { engineParts } from '../../scripts/engineParts.js';
import { hdf5Beside } from '../../scripts/hdf5Bundle.js';

await ensureDependencies();
const built = spawnSync(process.execPath, ['esbuild.js'], { cwd: root, stdio: 'inherit' });
if (built.status !== 0) process.exit(built.status ?? 1);

const { build } = await import('esbuild');
const outdir = path.join(out, 'bench');
const shared = /** @type {const} */ ({ bundle: true, platform: 'node', target: 'node20', outdir });
const here = path.join(root, 'test/bench');
await build({
  ...shared,
  entryPoints: [`${here}/insideHost.ts`, `${here}/insideDebugger.ts`],
  external: ['vscode'],
  format: 'cjs',
});
await build({
  ...shared,
  entryPoints: [`${here}/main.ts`],
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  packages: 'external',
  plugins: [
    {
      // These find the project by their own place, so they are imported where they stand.
      name: 'hosts',
      setup: ({ onResolve }) =>
        onResolve({ filter: /\/hosts\/[^/]+\.mjs$/ }, ({ path: name, resolveDir }) => ({
          path: pathToFileURL(path.resolve(resolveDir, name)).href,
          external: true,
        })),
    },
  ],
});
await build({
  ...shared,
  ...engineParts,
  plugins: [...engineParts.plugins, hdf5Beside],
  entryPoints: ['parsingChild', 'filesChild', 'engine/engineChild', 'engine/residentChild'].map(
    name => `${here}/${name}.ts`,
  ),
  entryNames: '[name]',
  format: 'cjs',
});
// tfjs as it comes: the baseline.
await build({
  ...shared,
  mainFields: ['module', 'main'],
  external: ['node-fetch'],
  entryPoints: ['stockChild', 'stockLoad', 'activationChild'].map(
    name => `${here}/engine/${name}.ts`,
  ),
  minify: true,
  format: 'cjs',
});
for (const name of ['hdf5.mjs', 'hdf5.wasm']) {
  copyFileSync(path.join(root, 'dist', name), path.join(outdir, name));
}
const status = await runChild(
  process.execPath,
  [path.join(outdir, 'main.mjs'), ...process.argv.slice(2)],
  {
    cwd: root,
    grace: 1_000,
  },
);
process.exit(status);
