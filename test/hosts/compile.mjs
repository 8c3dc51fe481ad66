// @ts-check
// Bundles the suites that run inside the extension host, one output a file, so that results can be told apart by file.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { out, root } from './places.mjs';
import { testFiles } from './testFiles.mjs';

const source = path.join(root, 'test/vscode');

/**
 * @returns {Promise<string>} the module to give to VS Code as `extensionTestsPath`
 */
export async function compileSuites() {
  const outdir = path.join(out, 'vscode');
  rmSync(outdir, { recursive: true, force: true });
  await build({
    entryPoints: [path.join(source, 'index.ts'), ...testFiles(path.join(source, 'suite'))],
    outdir,
    outbase: source,
    bundle: true,
    platform: 'node',
    target: 'node18',
    format: 'cjs',
    sourcemap: 'inline',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
  return path.join(outdir, 'index.js');
}
