// @ts-check
// Finds a desktop VS Code, or downloads one.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { hosts } from './places.mjs';

const onPath = ['code', 'code-insiders', 'codium'];
const elsewhere = [
  '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code',
  path.join(process.env['LOCALAPPDATA'] ?? '', 'Programs/Microsoft VS Code/bin/code.cmd'),
];

/** @returns {boolean} whether a window can be opened on this machine */
export function hasDisplay() {
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].some(value => value);
}

/**
 * @returns {Promise<string | undefined>} an executable: the installed VS Code, else a downloaded one; undefined where neither is to be had
 */
export async function findDesktop() {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const candidates = onPath.flatMap(name => folders.map(folder => path.join(folder, name)));
  const installed = [...candidates, ...elsewhere].find(candidate => existsSync(candidate));
  return installed ?? download();
}

/** @returns {Promise<string | undefined>} */
async function download() {
  const { downloadAndUnzipVSCode } = await import('@vscode/test-electron');
  try {
    return await downloadAndUnzipVSCode({ cachePath: path.join(hosts, 'vscode'), timeout: 30_000 });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.log(`No desktop VS Code is installed and none could be downloaded (${why}).`);
    return undefined;
  }
}
