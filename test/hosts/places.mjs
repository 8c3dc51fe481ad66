// @ts-check
// Where things live on disk. Everything made by these scripts is under .hosts/ or out/, both ignored by git.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const hosts = path.join(root, '.hosts');
export const out = path.join(root, 'out');
export const samples = path.join(root, 'media/samples');

/**
 * A fresh folder under .hosts/run that is removed when this process ends.
 * @param {string} name what it is for
 * @returns {string} its absolute path
 */
export function temporaryFolder(name) {
  const parent = path.join(hosts, 'run');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, `${name}-`));
  process.once('exit', () => removeFolder(folder));
  return folder;
}

/**
 * Removes a folder that a dying process may still write to; what is left is only disk space.
 * @param {string} folder
 */
export function removeFolder(folder) {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  } catch {
    // A file appeared between listing and removing.
  }
}
