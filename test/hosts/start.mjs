// @ts-check
// `npm start`: installs what is missing, builds, and opens VS Code with the extension on the samples, the panel showing.
// `npm start -- --server` takes the VS Code server even where there is a desktop;
// `--no-build` what dist/ holds. Imports nothing but Node built-ins until
// the packages are installed.
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import path from 'node:path';
import { runChild } from './children.mjs';
import { ensureDependencies } from './dependencies.mjs';
import { findDesktop, hasDisplay } from './desktop.mjs';
import { installExtension } from './extensionFolder.mjs';
import { hosts, root, samples } from './places.mjs';
import { extensionsFolder, startServer } from './server.mjs';

const opener = path.join(root, 'test/hosts/opener');

/** @returns {string} the samples' copy that people may edit; it is kept between runs */
function workspace() {
  const folder = path.join(hosts, 'samples');
  cpSync(samples, folder, { recursive: true, force: false });
  return folder;
}

/** @param {string} executable */
async function startDesktop(executable) {
  console.log('Opening VS Code on the samples. Close its window to end.');
  const profile = path.join(hosts, 'desktop');
  const status = await runChild(executable, [
    workspace(),
    `--extensionDevelopmentPath=${root}`,
    `--extensionDevelopmentPath=${opener}`,
    `--user-data-dir=${path.join(profile, 'data')}`,
    `--extensions-dir=${path.join(profile, 'extensions')}`,
    ...['--new-window', '--wait', '--skip-welcome', '--skip-release-notes', '--disable-telemetry'],
  ]);
  process.exit(status);
}

async function startInBrowser() {
  const dataFolder = path.join(hosts, 'start');
  installExtension(root, extensionsFolder(dataFolder));
  installExtension(opener, extensionsFolder(dataFolder));
  const token = randomBytes(24).toString('hex');
  const server = await startServer({ token, trust: true, dataFolder });
  console.log(`
Normscope is running in VS Code, on this machine only. Open:

  ${server.address({ folder: workspace() })}

Ctrl+C stops it.`);
}

async function build() {
  const status = await runChild(process.execPath, ['esbuild.js'], { cwd: root });
  if (status !== 0) process.exit(status);
}

async function start() {
  await ensureDependencies();
  if (!process.argv.includes('--no-build')) await build();
  const server = process.argv.includes('--server') || !hasDisplay();
  const desktop = server ? undefined : await findDesktop();
  if (desktop !== undefined && existsSync(desktop)) await startDesktop(desktop);
  else await startInBrowser();
}

start().catch(error => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
