// @ts-check
// Lays an extension into a server's extensions folder, as far as running it needs.
import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const parts = [
  'package.json',
  'package.nls.json',
  'extension.js',
  'dist',
  'media',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];

/**
 * Copies the built extension at `source`, replacing an earlier copy.
 * @param {string} source
 * @param {string} extensionsFolder
 */
export function installExtension(source, extensionsFolder) {
  const manifest = JSON.parse(readFileSync(path.join(source, 'package.json'), 'utf8'));
  const target = path.join(
    extensionsFolder,
    `${manifest.publisher}.${manifest.name}-${manifest.version}`,
  );
  rmSync(target, { recursive: true, force: true });
  for (const part of parts) {
    const from = path.join(source, part);
    if (existsSync(from)) cpSync(from, path.join(target, part), { recursive: true });
  }
  // The server remembers what it found; without this file it looks again.
  rmSync(path.join(extensionsFolder, 'extensions.json'), { force: true });
}
