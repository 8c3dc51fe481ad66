// @ts-check
// `npm run package`: the .vsix, with the notices of what it contains, checked for size and content. Works offline.
// `--no-build` packages the dist/ that is there.
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { thirdPartyNotices } from './notices.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const limit = 6_000_000;

/** What a .vsix must hold to work, and all that it may hold. */
const required = [
  'package.json',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'dist/extension.js',
  'dist/debugging.js',
  'dist/codeReading.js',
  'dist/codeChecker.js',
  'dist/doctor.js',
  'dist/seriesPanels.js',
  'dist/tools.js',
  'dist/engine.js',
  'dist/helper.js',
  'dist/cli.js',
  'dist/hdf5.mjs',
  'dist/hdf5.wasm',
  'dist/webview/panel.js',
  'dist/THIRD_PARTY_NOTICES.txt',
  'media/icon.png',
  'media/samples/seed.bn.json',
];
const allowed = [
  /^dist\//,
  /^media\//,
  /^docs\/images\/(panel|tensorFile)\.png$/,
  /^docs\/rules\/[\w-]+\.md$/,
  /^package(\.nls)?\.json$/,
];

function build() {
  const { status } = spawnSync(process.execPath, ['esbuild.js'], { cwd: root, stdio: 'inherit' });
  if (status !== 0) throw new Error('the build failed');
}

function writeNotices() {
  const report = path.join(root, 'out/bundled.json');
  /** @type {string[]} */
  const inputs = JSON.parse(readFileSync(report, 'utf8'));
  const file = path.join(root, 'dist/THIRD_PARTY_NOTICES.txt');
  writeFileSync(file, thirdPartyNotices(root, inputs));
}

/** @param {readonly string[]} files */
function checkContent(files) {
  const missing = required.filter(file => !files.includes(file));
  if (missing.length > 0) throw new Error(`the package would lack ${missing.join(', ')}`);
  const extra = files.filter(
    file => !required.includes(file) && !allowed.some(pattern => pattern.test(file)),
  );
  if (extra.length > 0) throw new Error(`.vscodeignore lets through ${extra.join(', ')}`);
  const maps = files.filter(file => file.endsWith('.map'));
  if (maps.length > 0) throw new Error('dist/ holds a development build: run npm run build');
}

async function packageExtension() {
  if (!process.argv.includes('--no-build')) build();
  writeNotices();
  checkContent(await listFiles({ cwd: root, packageManager: PackageManager.None }));
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const packagePath = path.join(root, `${name}-${version}.vsix`);
  await createVSIX({
    cwd: root,
    packagePath,
    dependencies: false,
    rewriteRelativeLinks: false,
    allowMissingRepository: true,
  });
  const bytes = statSync(packagePath).size;
  const size = `${(bytes / 1e6).toFixed(2)} MB of ${limit / 1e6}`;
  if (bytes > limit) throw new Error(`${path.basename(packagePath)} is too large: ${size}`);
  console.log(`${path.basename(packagePath)}: ${size}`);
}

packageExtension().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
